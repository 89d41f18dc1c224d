using System.Collections.Immutable;
using Rung.Core.Measurement;
using Rung.Core.Spans;
using Rung.Storage;
using Rung.Storage.Verdicts;

namespace Rung.Control.Rollouts;

/// <summary>Looks at the calls of some tags over the last two weeks.</summary>
internal static class TrafficSurvey
{
    /// <summary>How far back it looks.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(14);

    // The newest of each tag: enough for a 99th percentile and bounded in time and memory.
    private const int MostCalls = 20_000;

    /// <summary>Looks.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="tags">The tags; empty: every call.</param>
    /// <param name="now">The end of the two weeks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<TagTraffic> LookAsync(Ledger ledger, ImmutableArray<string> tags, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var traffic = new TagTraffic();
        foreach (var tag in tags.IsEmpty ? [null] : tags.Select(tag => (string?)tag))
        {
            await foreach (var call in ledger.ReadAsync(new CallQuery { Since = now - Window, Tag = tag, Limit = MostCalls, NewestFirst = true }, cancellationToken))
            {
                if (call.Tag is { } own && InternalTags.IsInternal(own)) continue;
                traffic.Add(call);
                foreach (var score in VerifierScores(call)) traffic.Add(QualitySignal.Verifier, score);
            }
            var read = 0;
            await foreach (var verdict in ledger.ReadVerdictsAsync(new VerdictQuery { Since = now - Window, Tag = tag, Imported = false }, cancellationToken))
            {
                if (verdict.CallId is null || verdict.Tag is { } own && InternalTags.IsInternal(own) || verdict.Weight <= 0 || ObservedCalls.SignalOf(verdict.Kind) is not { } signal) continue;
                traffic.Add(signal, verdict.Score);
                if (++read >= MostCalls) break;
            }
        }
        return traffic;
    }

    private static IEnumerable<double> VerifierScores(CallRecord call) =>
        call.Attempts.LastOrDefault(attempt => !attempt.Checks.IsEmpty) is { } judged ? judged.Checks.Where(check => check.Score is not null).Select(check => check.Score!.Value) : [];
}
