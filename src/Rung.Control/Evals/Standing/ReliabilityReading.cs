using Rung.Core.Measurement;
using Rung.Core.Spans;
using Rung.Storage;
using Rung.Storage.Verdicts;

namespace Rung.Control.Evals.Standing;

/// <summary>The scores of a tag's verifiers in the traffic of a period, held against what was said of the same answers later.</summary>
public sealed record ReliabilityReading
{
    /// <summary>Most judgements of a period that are looked at: the newest.</summary>
    public const int MostVerdicts = 5_000;

    private const int CallsPerRead = 1_000;

    /// <summary>The tag.</summary>
    public required string Tag { get; init; }
    /// <summary>Judgements of calls in the period, those that were not looked at among them.</summary>
    public required int Verdicts { get; init; }
    /// <summary>Of those looked at, judgements of answers that no verifier scored.</summary>
    public required int Unscored { get; init; }
    /// <summary>By who judged: judges and reviewers first.</summary>
    public required IReadOnlyList<Reliability> Signals { get; init; }

    /// <summary>Whether older judgements of the period were left out.</summary>
    public bool IsCut => Verdicts > MostVerdicts;

    /// <summary>Reads it: the verdicts of the period, and of their calls the checks.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="from">Judgements given then or later.</param>
    /// <param name="to">Judgements given before.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static async Task<ReliabilityReading> ReadAsync(Ledger ledger, string tag, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        // 1. The newest judgements of the period. They come oldest first.
        var (newest, verdicts) = (new Queue<VerdictRecord>(), 0);
        await foreach (var verdict in ledger.ReadVerdictsAsync(new VerdictQuery { Tag = tag, Since = from, Until = to, Imported = false }, cancellationToken))
        {
            if (verdict.CallId is null || verdict.Weight <= 0 || ObservedCalls.SignalOf(verdict.Kind) is null) continue;
            verdicts++;
            newest.Enqueue(verdict);
            if (newest.Count > MostVerdicts) newest.Dequeue();
        }

        // 2. What a verifier had said of the same answers.
        var pairs = new Dictionary<QualitySignal, List<ScoredOutcome>>();
        var unscored = 0;
        foreach (var chunk in newest.Chunk(CallsPerRead))
        {
            var calls = (await ledger.FindCallsAsync([.. chunk.Select(verdict => verdict.CallId!).Distinct(StringComparer.Ordinal)], cancellationToken)).ToDictionary(call => call.Id, StringComparer.Ordinal);
            foreach (var verdict in chunk)
            {
                var call = calls.TryGetValue(verdict.CallId!, out var found) ? ObservedCalls.Of(found) : (ObservedCall?)null;
                if (ObservedCalls.Of(verdict, call) is not { VerifierScore: { } score } observed)
                {
                    unscored++;
                    continue;
                }
                if (!pairs.TryGetValue(observed.Signal, out var ofSignal)) pairs.Add(observed.Signal, ofSignal = []);
                ofSignal.Add(new ScoredOutcome(score, observed.Score, 1 / (verdict.SampledAt ?? 1)));
            }
        }
        return new ReliabilityReading
        {
            Tag = tag, Verdicts = verdicts, Unscored = unscored, Signals = [.. pairs.OrderBy(entry => entry.Key).Select(entry => Reliability.Of(entry.Key, entry.Value))],
        };
    }
}
