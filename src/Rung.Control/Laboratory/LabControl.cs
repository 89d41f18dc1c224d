namespace Rung.Control.Laboratory;

/// <summary>The script of the control loop's scenarios.</summary>
internal static class LabControl
{
    /// <summary>How long a model that has become worse stays so.</summary>
    public static readonly TimeSpan RepairAfter = TimeSpan.FromDays(5);
    /// <summary>How long after that the way back begins, as a rollout of the policy that was demoted.</summary>
    public static readonly TimeSpan ReturnAfter = TimeSpan.FromDays(1);
    /// <summary>How many times as wide as usual the margins of quality and of rates are on the way back.</summary>
    public const double ReturnMargins = 3;
    /// <summary>Part of a ceiling that the traffic costs while nothing happens.</summary>
    public const double PartOfCeiling = 0.8;
}
