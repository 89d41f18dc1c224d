namespace Rung.Replay;

/// <summary>What logged verdicts say about the quality of a policy that did not make the calls, and how well they can say it.</summary>
internal sealed record ReplayQuality
{
    /// <summary>Calls with a verdict on their first answer.</summary>
    public required int Judged { get; init; }
    /// <summary>Mean verdict of what was really done, 0 to 1, over the judged calls; null without one.</summary>
    public required double? Logged { get; init; }
    /// <summary>Judged calls for which the policy's choice could have been made when they were logged: only about these anything can be said.</summary>
    public required int Supported { get; init; }
    /// <summary>Judged calls without support: the policy's choice had no chance there.</summary>
    public required int WithoutSupport { get; init; }
    /// <summary>Inverse propensity weighting.</summary>
    public Figure? InversePropensity { get; init; }
    /// <summary>The same, divided by the sum of the weights.</summary>
    public Figure? SelfNormalised { get; init; }
    /// <summary>Doubly robust: predicted verdicts, corrected by weighted residuals.</summary>
    public Figure? DoublyRobust { get; init; }
    /// <summary>How many judged calls the estimate is worth: (Σw)² ÷ Σw².</summary>
    public double EffectiveSampleSize { get; init; }
    /// <summary>The doubly robust estimate against the other side, over the calls of which both can be said.</summary>
    public Figure? Difference { get; init; }
    /// <summary>Why there is no estimate; null when there is one.</summary>
    public string? CannotBeSaid { get; init; }

    /// <summary>The estimate that tables and gates use.</summary>
    public Figure? Value => CannotBeSaid is null ? DoublyRobust ?? SelfNormalised ?? InversePropensity : null;
}
