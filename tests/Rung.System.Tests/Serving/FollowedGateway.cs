using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rung.Core.Prices;
using Rung.Core.Rollouts;
using Rung.Gateway;
using Rung.Gateway.Tests.Support;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Tests.Serving;

/// <summary>A policy file, a ledger and the watch over both, stepped by hand: a gateway without its port.</summary>
internal sealed class FollowedGateway : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly bool ownsFolder;

    private FollowedGateway(DirectoryInfo folder, bool ownsFolder, Ledger ledger, StartingPolicy starting)
    {
        (this.folder, this.ownsFolder, Ledger, Starting) = (folder, ownsFolder, ledger, starting);
        Policies = new PolicyHolder(starting.Snapshot, _ => null, TimeProvider.System);
        var rollouts = new RolloutWatcher(Policies, ledger, new StoredPolicies(ledger, PriceBook.Embedded, TimeProvider.System), TimeProvider.System, NullLogger<RolloutWatcher>.Instance);
        Watch = new PolicyWatcher(Path, Policies, ledger, rollouts, PriceBook.Embedded, TimeProvider.System, LoggerFactory.Create(log => log.AddProvider(Said)).CreateLogger<PolicyWatcher>());
    }

    public Ledger Ledger { get; }

    /// <summary>What the watch over the file has said.</summary>
    public KeptLog Said { get; } = new();

    public StartingPolicy Starting { get; }

    public PolicyHolder Policies { get; }

    public PolicyWatcher Watch { get; }

    public string Data => System.IO.Path.Combine(folder.FullName, ".rung");

    public string Path => System.IO.Path.Combine(folder.FullName, "rung.yaml");

    public long InForce => Policies.Snapshot.Revision;

    /// <summary>A policy whose tag <c>sums</c> stands on a tier.</summary>
    public static string SumsOn(string tier, string model = "mini") => $$"""
        version: 1
        tiers: { small: { models: [{{model}}] }, large: { models: [maxi] } }
        models:
          {{model}}: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: small, price: { input: 1, output: 2 } }
          maxi: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: large, price: { input: 3, output: 6 } }
        tags: { sums: { tier: {{tier}}, owner: team-a, why: "Sums." } }
        default: { tier: large, why: "Not yet understood." }
        """;

    public static async Task<FollowedGateway> StartAsync(string text)
    {
        var folder = Directory.CreateTempSubdirectory("rung-follow-");
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder.FullName, "rung.yaml"), text);
        return await OpenAsync(folder, ownsFolder: true);
    }

    /// <summary>Starts anew on the same file and ledger, which the first one goes on holding.</summary>
    public Task<FollowedGateway> RestartAsync() => OpenAsync(folder, ownsFolder: false);

    public Task StepAsync() => Watch.StepAsync(CancellationToken.None);

    public static PolicyFile Compile(string text)
    {
        var file = PolicyFile.Compile("rung.yaml", text, _ => null, PriceBook.Embedded, new DateOnly(2026, 11, 22));
        Assert.True(file.Compilation.Snapshot is not null, string.Join("\n", file.Compilation.Faults));
        return file;
    }

    public async Task<long> PublishAsync(string text, RevisionOrigin origin, string? fileHash = null, Ledger? by = null)
    {
        var file = Compile(text);
        return (await (by ?? Ledger).PublishRevisionAsync(file.Compilation.Snapshot!.Hash, text, file.Files, "rung", "a test", CancellationToken.None, origin, fileHash)).Number;
    }

    /// <summary>Hash of what the policy file holds.</summary>
    public string FileHash => PolicyFile.Read(Path, PriceBook.Embedded, new DateOnly(2026, 11, 22)).Compilation.Snapshot!.Hash;

    public async Task<long> StartRolloutAsync(string candidate, RolloutPlan? plan = null, int stage = 0)
    {
        var number = await PublishAsync(candidate, RevisionOrigin.Candidate);
        var start = await Ledger.StartRolloutAsync(number, InForce, plan ?? Plan(), Event(0, RolloutEventKind.Started, stage), CancellationToken.None);
        return start.Started!.Id;
    }

    public static RolloutPlan Plan(int holdback = 0, ShadowTerms? shadow = null) => new()
    {
        Salt = "pepper", Tags = ["sums"], Holdback = holdback, Shadow = shadow, Guards = [new Guard(GuardMetric.Error, 0.01)],
    };

    public async Task HappensAsync(long rollout, RolloutEventKind kind, int stage)
    {
        var known = await Ledger.FindRolloutAsync(rollout, CancellationToken.None);
        Assert.True(await Ledger.AppendRolloutEventAsync(rollout, Event(known!.Events.Length, kind, stage), CancellationToken.None));
    }

    public static RolloutEvent Event(int ordinal, RolloutEventKind kind, int stage) =>
        new() { Ordinal = ordinal, At = new DateTimeOffset(2026, 11, 22, 8, ordinal, 0, TimeSpan.Zero), Kind = kind, Stage = stage, By = "ana", Why = "a test" };

    public async ValueTask DisposeAsync()
    {
        Watch.Dispose();
        await Ledger.DisposeAsync();
        if (ownsFolder) folder.Delete(recursive: true);
    }

    private static async Task<FollowedGateway> OpenAsync(DirectoryInfo folder, bool ownsFolder)
    {
        var ledger = Ledger.Open(System.IO.Path.Combine(folder.FullName, ".rung"), TimeProvider.System);
        var file = PolicyFile.Read(System.IO.Path.Combine(folder.FullName, "rung.yaml"), PriceBook.Embedded, new DateOnly(2026, 11, 22));
        var starting = await StartingPolicy.ChooseAsync(ledger, file, file.Compilation.Snapshot!, "a start", PriceBook.Embedded, TimeProvider.System, CancellationToken.None);
        var gateway = new FollowedGateway(folder, ownsFolder, ledger, starting);
        await gateway.StepAsync();
        return gateway;
    }
}
