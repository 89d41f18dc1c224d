using Rung.Core.Measurement;
using Rung.Core.Rollouts;

namespace Rung.Control.Laboratory;

/// <summary>Guards of simulated rollouts.</summary>
internal static class LabGuards
{
    /// <summary>What is judged for the sake of a guard; null for guards that need no verdict.</summary>
    public static QualitySignal? SignalOf(GuardMetric metric) => metric switch
    {
        GuardMetric.Judge => QualitySignal.Judge,
        GuardMetric.Verifier => QualitySignal.Verifier,
        GuardMetric.Feedback => QualitySignal.Feedback,
        GuardMetric.Override => QualitySignal.Override,
        _ => null,
    };

    /// <summary>The metrics that simulated traffic has data of: those that are guarded when nobody names any.</summary>
    public static bool IsSimulated(GuardMetric metric) => metric is not (GuardMetric.Verifier or GuardMetric.Feedback or GuardMetric.Override);
}
