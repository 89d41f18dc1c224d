using System.CommandLine;
using System.Text.Json;
using Rung.Commands;
using Rung.Commands.Policy;
using Rung.Core.Prices;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Revisions;

namespace Rung.Tests.Policy;

/// <summary>What a command printed and how it ended; paths of the test's folder are left out.</summary>
internal sealed record Printed(int Code, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>The output without line breaks, which depend on how long the path of the folder is.</summary>
    public string Unbroken => string.Join(' ', Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public IReadOnlyList<string> Lines => Output.TrimEnd('\n').Split('\n');
}

/// <summary>A folder with policies and a data directory, gone when the test ends.</summary>
internal sealed class PolicyFolder : IDisposable
{
    private static readonly PriceBook s_prices = PriceBook.Embedded;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rung-policy-");

    /// <summary>Two rungs, a checked tag on the lower one, local models with prices of their own.</summary>
    public const string Start = """
        version: 1
        tiers:
          small: { models: [mini] }
          large: { models: [maxi] }
        models:
          mini: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: small, price: { input: 1, output: 2 }, context: 1000, can: [tools] }
          maxi: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: large, price: { input: 3, output: 6 } }
        tags:
          label:
            tier: small
            owner: team-a
            why: "Three labels."
            checks: [ { schema: schemas/label.json } ]
            escalate: { to: large }
            evidence: evals/label
        default: { tier: large, why: "Not yet understood." }

        """;

    public const string LabelSchema = """{"type":"object","required":["label"]}""";

    public string Root => _folder.FullName;

    public string Data => At(".rung");

    public string At(string name) => Path.Combine(Root, name);

    public void Dispose() => _folder.Delete(recursive: true);

    public string Write(string name, string text)
    {
        var path = At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string Read(string name) => File.ReadAllText(At(name));

    /// <summary>Writes the policy and the schema that it names.</summary>
    public string WriteStart()
    {
        Write("schemas/label.json", LabelSchema);
        return Write("rung.yaml", Start);
    }

    /// <summary>Stores what is on disk as the next revision, as the gateway does.</summary>
    public async Task<PolicyRevision> PublishAsync(string reason = "a change")
    {
        var file = PolicyFile.Read(At("rung.yaml"), s_prices, new DateOnly(2026, 11, 22));
        return await PublishAsync(file.Compilation.Snapshot!.Hash, file.Text, file.Files, reason);
    }

    public async Task<PolicyRevision> PublishAsync(string hash, string text, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, string reason)
    {
        await using var ledger = Ledger.Open(Data, TimeProvider.System);
        return await ledger.PublishRevisionAsync(hash, text, files, "ana", reason, CancellationToken.None);
    }

    public async Task<IReadOnlyList<RevisionEntry>> RevisionsAsync()
    {
        await using var ledger = Ledger.OpenReadOnly(Data, TimeProvider.System);
        return await ledger.ListRevisionsAsync(CancellationToken.None);
    }

    /// <summary>Three revisions: the start; label moved up; label back down, with a schema that wants more.</summary>
    public async Task PublishThreeAsync()
    {
        WriteStart();
        await PublishAsync("the start");
        Write("rung.yaml", Start.Replace("tier: small\n", "tier: large\n", StringComparison.Ordinal).Replace("    escalate: { to: large }\n", "", StringComparison.Ordinal));
        await PublishAsync("complaints");
        Write("rung.yaml", Start);
        Write("schemas/label.json", """{"type":"object","required":["label","score"]}""");
        await PublishAsync("a stricter schema");
    }

    public Task<Printed> RunAsync(params string[] args) => RunAsync(terminal: null, args);

    public async Task<Printed> RunAsync(TextReader? terminal, params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var root = new RootCommand { PolicyCommand.Create(TimeProvider.System, terminal) };
        var code = await CommandLine.RunAsync(root, ["policy", .. args], new InvocationConfiguration { Output = output, Error = error });
        return new Printed(code, Plain(output), Plain(error));
    }

    private string Plain(StringWriter text) => text.ToString().Replace(Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Replace(Root, ".", StringComparison.Ordinal);
}
