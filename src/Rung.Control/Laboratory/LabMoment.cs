namespace Rung.Control.Laboratory;

/// <summary>What the script makes of one arm at one time.</summary>
/// <param name="Quality">Added to the mean quality of the arm's answers.</param>
/// <param name="OwnQuality">Added to the mean quality of the model on the route's own rung alone.</param>
/// <param name="CheckRate">Share of first answers that fail a check.</param>
/// <param name="ErrorRate">Share of calls that fail.</param>
/// <param name="Latency">Times the usual latency.</param>
/// <param name="Tokens">Times the usual tokens.</param>
/// <param name="Price">Times the policy's price.</param>
internal readonly record struct LabMoment(double Quality, double OwnQuality, double CheckRate, double ErrorRate, double Latency, double Tokens, double Price)
{
    /// <summary>Nothing happens.</summary>
    public static readonly LabMoment Plain = new(0, 0, LabOutcomes.CheckFailureRate, LabOutcomes.ErrorRate, 1, 1, 1);
}
