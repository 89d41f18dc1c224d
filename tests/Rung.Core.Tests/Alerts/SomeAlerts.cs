using Rung.Core.Alerts;

namespace Rung.Core.Tests.Alerts;

/// <summary>Conditions for tests.</summary>
internal static class SomeAlerts
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static readonly AlertTimes Times = new() { KeepFiring = TimeSpan.FromMinutes(10), RemindEvery = TimeSpan.FromHours(4) };

    public static AlertCondition Floor(string tag = "intent", AlertSeverity severity = AlertSeverity.Critical, int forMinutes = 0) => new()
    {
        Key = $"floor:{tag}", Kind = AlertKind.QualityFloor, Severity = severity, Tag = tag, Since = Start, For = TimeSpan.FromMinutes(forMinutes),
        Summary = $"quality dropped on tier small of {tag}: 0.951 ± 0.012, floor 0.97, since revision 14", Cause = "revision 14 moved it to small", Next = "rung policy rollback --to 13",
    };

    public static AlertSilence Silence(string? key = null, string? tag = null, AlertKind? kind = null, int fromMinute = 0, int untilMinute = 60) => new()
    {
        Id = 1, Key = key, Tag = tag, Kind = kind, From = Start.AddMinutes(fromMinute), Until = Start.AddMinutes(untilMinute), Who = "ada", Why = "known",
    };
}
