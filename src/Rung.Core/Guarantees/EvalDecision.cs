namespace Rung.Core.Guarantees;

/// <summary>What an eval decided about a candidate. Only <see cref="Eligible"/> opens a gate. Stored in evidence: add at the end, never renumber.</summary>
public enum EvalDecision : byte
{
    /// <summary>It is not worse than the reference by more than the margin, as surely as asked.</summary>
    Eligible = 1,
    /// <summary>It is worse by the margin or more, as far as was seen.</summary>
    NotEligible = 2,
    /// <summary>Too few rows, too many that could not be graded, or the run is not at its end.</summary>
    CannotBeSaid = 3,
    /// <summary>It would be eligible, but the judge that says so is not trusted yet.</summary>
    JudgeNotTrusted = 4,
}
