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
        var since = clock.GetUtcNow() - Window;
        var proved = policy.Tags.Values.Where(route => route.Evidence is { } file && files.TryGetValue(file, out var bytes) && EvalEvidenceFile.IsOne(bytes)).ToList();
        var inputs = ImmutableDictionary.CreateBuilder<string, InputProfile>(StringComparer.Ordinal);
        if (proved.Count > 0 && ContentStore.Exists(data))
        {
            await using var store = EvalStore.Open(data, clock);
            foreach (var route in proved)
            {
                var requests = new Queue<ReadOnlyMemory<byte>>();
                await foreach (var call in store.ReadCapturesAsync(new CaptureQuery { Tag = route.Name, Since = since }, cancellationToken))
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
        }
        return new PolicyObservations { Inputs = inputs.ToImmutable(), Reported = proved.Count == 0 ? PolicyObservations.None.Reported : await ReportedAsync(data, since, clock, cancellationToken) };
    }

    /// <summary>How each model reported itself last.</summary>
    private static async Task<ImmutableDictionary<string, string>> ReportedAsync(string data, DateTimeOffset since, TimeProvider clock, CancellationToken cancellationToken)
    {
        var reported = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (!File.Exists(Path.Combine(data, Ledger.FileName))) return reported.ToImmutable();
        await using var ledger = Ledger.OpenReadOnly(data, clock);
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
