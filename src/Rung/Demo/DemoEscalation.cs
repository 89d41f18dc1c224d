using System.Text;
using System.Text.Json;
using Rung.Commands;
using Rung.Core.Spans;

namespace Rung.Demo;

/// <summary>One call that climbed, as the ledger has it.</summary>
internal sealed record DemoEscalation
{
    /// <summary>Its id in the ledger.</summary>
    public required string CallId { get; init; }
    /// <summary>Its tag.</summary>
    public required string? Tag { get; init; }
    /// <summary>Its session.</summary>
    public required string? Session { get; init; }
    /// <summary>Why it went where it went, as the gateway wrote it down.</summary>
    public required string? Reason { get; init; }
    /// <summary>Its attempts, in order.</summary>
    public required IReadOnlyList<DemoAttempt> Attempts { get; init; }
    /// <summary>What all attempts cost.</summary>
    public required decimal CostUsd { get; init; }
    /// <summary>What the ledger estimates for the same answer at the reference tier.</summary>
    public required decimal? BaselineEstimatedUsd { get; init; }
    /// <summary>All of it in words.</summary>
    public required string Words { get; init; }

    /// <summary>The call that shows best what climbing is: one climb from the lowest rung after a failed check, and an answer. The same for the same calls, whatever their timing.</summary>
    public static DemoEscalation? Choose(IEnumerable<CallRecord> calls) => calls
        .Where(call => call.Attempts.Any(attempt => attempt.Kind == AttemptKind.Escalation))
        .OrderByDescending(call => call.Status == CallStatus.Answered)
        .ThenByDescending(call => call.Attempts[0].Outcome == AttemptOutcome.CheckFailed)
        .ThenByDescending(call => call.Attempts[0].Tier == SimulatedModel.All[0].Tier)
        .ThenBy(call => call.Attempts.Count)
        .ThenBy(call => call.Session, StringComparer.Ordinal)
        .ThenBy(call => call.Tag, StringComparer.Ordinal)
        .ThenBy(call => call.CostNanoUsd)
        .Select(Of)
        .FirstOrDefault();

    private static DemoEscalation Of(CallRecord call) => new()
    {
        CallId = call.Id,
        Tag = call.Tag,
        Session = call.Session,
        Reason = call.Reason,
        Attempts = [.. call.Attempts.Select(DemoAttempt.Of)],
        CostUsd = Output.UsdNumber(call.CostNanoUsd),
        BaselineEstimatedUsd = call.BaselineNanoUsd is { } baseline ? Output.UsdNumber(baseline) : null,
        Words = Tell(call),
    };

    private static string Tell(CallRecord call)
    {
        var words = new StringBuilder($"A {call.Tag} call of session {call.Session} started on the rung {call.Attempts[0].Tier}. ");
        for (var i = 0; i < call.Attempts.Count; i++)
        {
            var attempt = call.Attempts[i];
            if (i > 0) words.Append($"The gateway asked again {(attempt.Kind == AttemptKind.Escalation ? "one rung up, on" : "on")} {attempt.Tier}. ");
            words.Append($"{attempt.Model} answered in {attempt.LatencyMicros / 1000.0:0} ms for {Output.Usd(attempt.CostNanoUsd ?? 0)}, ").Append(Verdict(attempt));
        }
        words.Append($"All attempts together cost {Output.Usd(call.CostNanoUsd)}");
        if (call.BaselineNanoUsd is { } baseline) words.Append($"; the same answer from {call.BaselineModel} would have cost {Output.Usd(baseline)}");
        return words.Append(call.Status == CallStatus.Answered
            ? ". The client waited for one answer, got the one that passed, and saw nothing of the other."
            : ". No rung gave an answer that passes, and the client was told so.").ToString();
    }

    private static string Verdict(AttemptRecord attempt)
    {
        if (attempt.Checks.FirstOrDefault(check => !check.Passed) is { } failed) return $"and the check \"{failed.Check}\" failed it: {failed.Detail} ";
        if (attempt.FinishReason == "length") return "and its token cap cut it off. ";
        return attempt.Checks.IsEmpty ? "and no check looks at that rung's answer. " : $"and passed {(attempt.Checks.Length == 1 ? "the check" : "every check")}. ";
    }
}

/// <summary>One attempt of that call.</summary>
internal sealed record DemoAttempt
{
    /// <summary>The model asked.</summary>
    public required string Model { get; init; }
    /// <summary>Its rung.</summary>
    public required string Tier { get; init; }
    /// <summary>Why it was asked: first, retry, failover or escalation.</summary>
    public required string Kind { get; init; }
    /// <summary>How it ended, in snake_case.</summary>
    public required string Outcome { get; init; }
    /// <summary>Finish reason of the answer.</summary>
    public required string? FinishReason { get; init; }
    /// <summary>How long it took, milliseconds of the demo's own time.</summary>
    public required double LatencyMs { get; init; }
    /// <summary>Input tokens.</summary>
    public required long TokensIn { get; init; }
    /// <summary>Output tokens.</summary>
    public required long TokensOut { get; init; }
    /// <summary>What it cost; null when the price is unknown.</summary>
    public required decimal? CostUsd { get; init; }
    /// <summary>What each check said.</summary>
    public required IReadOnlyList<CheckVerdict> Checks { get; init; }

    public static DemoAttempt Of(AttemptRecord attempt) => new()
    {
        Model = attempt.Model,
        Tier = attempt.Tier,
        Kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(attempt.Kind.ToString()),
        Outcome = JsonNamingPolicy.SnakeCaseLower.ConvertName(attempt.Outcome.ToString()),
        FinishReason = attempt.FinishReason,
        LatencyMs = Math.Round(attempt.LatencyMicros / 1000.0, 1),
        TokensIn = attempt.Usage.Input,
        TokensOut = attempt.Usage.Output,
        CostUsd = attempt.CostNanoUsd is { } cost ? Output.UsdNumber(cost) : null,
        Checks = attempt.Checks,
    };
}
