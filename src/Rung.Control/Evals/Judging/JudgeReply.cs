using Rung.Control.Evals.Scoring;

namespace Rung.Control.Evals.Judging;

/// <summary>What became of a question to a judge.</summary>
internal sealed record JudgeReply
{
    /// <summary>The verdict's score; null when there is none.</summary>
    public double? Score { get; init; }
    /// <summary>The judge's reason; null when it gave none.</summary>
    public string? Reason { get; init; }
    /// <summary>Without a verdict: the kind of the failure.</summary>
    public string? Kind { get; init; }
    /// <summary>Without a verdict: why, one sentence.</summary>
    public string? Why { get; init; }
    /// <summary>The policy's name of the model; null when none answered.</summary>
    public string? Model { get; init; }
    /// <summary>Its name and version as the upstream reported it; null when it reported none.</summary>
    public string? Version { get; init; }
    /// <summary>The last question in the ledger.</summary>
    public string? CallId { get; init; }
    /// <summary>Questions asked.</summary>
    public int Attempts { get; init; }
    /// <summary>Known cost of all of them, nano-USD.</summary>
    public long CostNanoUsd { get; init; }
    /// <summary>Attempts whose price is unknown.</summary>
    public int UnknownPriceAttempts { get; init; }

    /// <summary>The verdict as it is kept.</summary>
    public JudgeVerdict ToVerdict(double? score, bool? candidateFirst, int candidateChars, int referenceChars) => new()
    {
        Model = Model, Version = Version, CandidateFirst = candidateFirst, Score = score, Reason = Grading.Short(Reason), CandidateChars = candidateChars, ReferenceChars = referenceChars,
        Attempts = Math.Max(1, Attempts), CostNanoUsd = CostNanoUsd, CallId = CallId,
    };
}
