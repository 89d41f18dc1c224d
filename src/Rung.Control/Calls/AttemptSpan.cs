using Rung.Core.Spans;

namespace Rung.Control.Calls;

/// <summary>One attempt in its place within its call.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="OffsetMicros">When it began, in microseconds after its call; never below 0.</param>
/// <param name="Why">Why it was made, in a sentence.</param>
/// <param name="IsServed">Whether the client got its answer.</param>
/// <param name="Tokens">Its tokens by kind, those that are not 0. They add up to input plus output.</param>
public sealed record AttemptSpan(AttemptRecord Attempt, long OffsetMicros, string Why, bool IsServed, IReadOnlyList<TokenPart> Tokens)
{
    /// <summary>When it ended, in microseconds after the beginning of its call.</summary>
    public long EndMicros => OffsetMicros + Attempt.LatencyMicros;

    /// <summary>The attempts of a call, in order.</summary>
    internal static IReadOnlyList<AttemptSpan> Of(CallRecord call)
    {
        var served = ServedOf(call);
        var spans = new List<AttemptSpan>(call.Attempts.Count);
        for (var i = 0; i < call.Attempts.Count; i++)
        {
            var attempt = call.Attempts[i];
            var offset = Math.Max(0, (attempt.StartedAt - call.StartedAt).Ticks / TimeSpan.TicksPerMicrosecond);
            spans.Add(new AttemptSpan(attempt, offset, WhyOf(call.Attempts, i), attempt == served, TokenPart.Of(attempt.Usage)));
        }
        return spans;
    }

    // The ledger says whose answer the client got, not which attempt: it is the last one of that model on that rung that was asked for an answer.
    private static AttemptRecord? ServedOf(CallRecord call) => call.Model is null
        ? null
        : call.Attempts.LastOrDefault(attempt => IsAnswer(attempt.Kind) && attempt.Model == call.Model && attempt.Tier == call.Tier
            && attempt.Outcome is AttemptOutcome.Completed or AttemptOutcome.CheckFailed or AttemptOutcome.CutShort);

    private static bool IsAnswer(AttemptKind kind) => kind is not (AttemptKind.Sample or AttemptKind.Verifier);

    private static string WhyOf(List<AttemptRecord> attempts, int at)
    {
        var attempt = attempts[at];
        var before = attempts.Take(at).LastOrDefault(earlier => IsAnswer(earlier.Kind));
        return attempt.Kind switch
        {
            AttemptKind.First => "The first model of the rung that the route names.",
            AttemptKind.Retry => $"The same model again{Because(before)}.",
            AttemptKind.Failover => $"Another model of the same rung{Because(before)}.",
            AttemptKind.Escalation => $"One rung up{Because(before)}.",
            AttemptKind.Sample => "A further answer of the same model, to compare with the first.",
            AttemptKind.Verifier => "A verifier, asked how good the answer is.",
            AttemptKind.Shadow => "A copy of the call for the candidate of a rollout; nobody got this answer.",
            _ => "For a reason that this program does not know.",
        };
    }

    private static string Because(AttemptRecord? before)
    {
        if (before is null) return "";
        var failed = before.Checks.Where(check => !check.Passed).Select(check => check.Check).Distinct(StringComparer.Ordinal).ToList();
        return before.Outcome switch
        {
            AttemptOutcome.CheckFailed when failed.Count > 0 => $": {before.Model} gave an answer that failed {string.Join(" and ", failed)}",
            AttemptOutcome.CheckFailed => $": {before.Model} gave an answer that was not good enough",
            AttemptOutcome.Doomed => $": what {before.Model} had written so far could not pass any more{(failed.Count > 0 ? $" ({string.Join(", ", failed)})" : "")}",
            AttemptOutcome.Completed => $": {before.Model} ended its answer in a way that the route climbs on ({before.FinishReason ?? "no finish reason"})",
            var outcome => $": {before.Model} ended as {CallWords.Of(outcome)}{(before.HttpStatus > 0 ? $" (HTTP {before.HttpStatus})" : "")}",
        };
    }
}

/// <summary>Tokens of one kind.</summary>
/// <param name="Kind">The kind in words.</param>
/// <param name="Tokens">How many, above 0.</param>
/// <param name="IsInput">Whether they were sent; else they were written.</param>
public sealed record TokenPart(string Kind, long Tokens, bool IsInput)
{
    /// <summary>The parts of a usage: disjoint, so that they add up to input plus output. Audio is named where there is any, and may be cached too: then it is within the other parts.</summary>
    public static IReadOnlyList<TokenPart> Of(in TokenUsage usage)
    {
        var cached = usage.CacheRead + usage.CacheWrite + usage.CacheWriteLong;
        var audioInput = Math.Min(usage.AudioInput, Math.Max(0, usage.Input - cached));
        var audioOutput = Math.Min(usage.AudioOutput, Math.Max(0, usage.Output - usage.Reasoning));
        var parts = new List<TokenPart>(8);
        Add("input, not cached", usage.Input - cached - audioInput, isInput: true);
        Add("input, audio", audioInput, isInput: true);
        Add("input, read from a cache", usage.CacheRead, isInput: true);
        Add("input, written to a cache (5 minutes)", usage.CacheWrite, isInput: true);
        Add("input, written to a cache (1 hour)", usage.CacheWriteLong, isInput: true);
        Add("output", usage.Output - usage.Reasoning - audioOutput, isInput: false);
        Add("output, audio", audioOutput, isInput: false);
        Add("output, hidden reasoning", usage.Reasoning, isInput: false);
        return parts;

        void Add(string kind, long tokens, bool isInput)
        {
            if (tokens > 0) parts.Add(new TokenPart(kind, tokens, isInput));
        }
    }
}
