using System.Collections.Immutable;
using System.Text.Json;
using Rung.Commands.Eval;
using Rung.Control.Evals.Sets;
using Rung.Core.Guarantees;
using Rung.Core.Policies;
using Rung.Core.Statistics;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Evals;

/// <summary>Looks at what lately came in, for the lints that need it: what the inputs of tags with evidence look like, and how models report themselves.</summary>
internal static class TrafficObserver
{
    /// <summary>How far back it looks.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(30);

    // Of each tag, and of the ledger's newest calls: enough to compare, and bounded.
    private const int MostCaptures = 5_000;
    private const int MostCalls = 20_000;

    /// <summary>Looks.</summary>
    /// <param name="data">The data directory. What is not there was not seen.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="files">The files that it includes, by their path as written.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LedgerException">What is there cannot be read.</exception>
    public static async Task<PolicyObservations> LookAsync(
        string data, PolicySnapshot policy, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> files, TimeProvider clock, CancellationToken cancellationToken)
    {
        var proved = Proved(policy, files);
        if (proved.Count == 0) return PolicyObservations.None;
        await using var store = ContentStore.Exists(data) ? EvalStore.Open(data, clock) : null;
        await using var ledger = File.Exists(Path.Combine(data, Ledger.FileName)) ? Ledger.OpenReadOnly(data, clock) : null;
        return await LookAsync(ledger, store, proved, clock.GetUtcNow() - Window, cancellationToken);
    }

    /// <summary>Looks at a ledger and a store that are open already.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="store">The store of content; null: none is kept.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="files">The files that it includes, by their path as written.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LedgerException">What is there cannot be read.</exception>
    public static async Task<PolicyObservations> LookAsync(
        Ledger ledger, ContentStore? store, PolicySnapshot policy, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> files, DateTimeOffset now, CancellationToken cancellationToken) =>
        Proved(policy, files) is { Count: > 0 } proved ? await LookAsync(ledger, store, proved, now - Window, cancellationToken) : PolicyObservations.None;

    /// <summary>The routes that an eval proved: of no other is the traffic looked at.</summary>
    private static List<Route> Proved(PolicySnapshot policy, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> files) =>
        [.. policy.Tags.Values.Where(route => route.Evidence is { } file && files.TryGetValue(file, out var bytes) && EvalEvidenceFile.IsOne(bytes))];

    private static async Task<PolicyObservations> LookAsync(Ledger? ledger, ContentStore? store, List<Route> proved, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var inputs = ImmutableDictionary.CreateBuilder<string, InputProfile>(StringComparer.Ordinal);
        foreach (var route in store is null ? [] : proved)
        {
            var requests = new Queue<ReadOnlyMemory<byte>>();
            await foreach (var call in store!.ReadCapturesAsync(new CaptureQuery { Tag = route.Name, Since = since }, cancellationToken))
            {
                if (requests.Count == MostCaptures) requests.Dequeue(); // They come oldest first, and the newest tell what comes next.
                requests.Enqueue(call.Request);
            }
            try
            {
                inputs[route.Name] = EvalInputs.ProfileOf(requests);
            }
            catch (JsonException)
            {
                // What is captured was JSON when it was captured; what is not any more says nothing of the inputs.
            }
        }
        return new PolicyObservations { Inputs = inputs.ToImmutable(), Reported = ledger is null ? PolicyObservations.None.Reported : await ReportedAsync(ledger, since, cancellationToken) };
    }

    /// <summary>How each model reported itself last.</summary>
    private static async Task<ImmutableDictionary<string, string>> ReportedAsync(Ledger ledger, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var reported = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        await foreach (var call in ledger.ReadAsync(new CallQuery { Since = since, Limit = MostCalls, NewestFirst = true }, cancellationToken))
        {
            foreach (var attempt in call.Attempts)
            {
                if (attempt.UpstreamModel is { } name) reported.TryAdd(attempt.Model, name);
            }
        }
        return reported.ToImmutable();
    }
}
