using Rung.Control.Alerts.Delivery;
using Rung.Core.Alerts;
using Rung.Core.Policies;

namespace Rung.Control.Tests.Alerts;

/// <summary>Alerts, messages and targets for tests.</summary>
internal static class SomeAlerts
{
    public const string Secret = "whsec-0123456789";

    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static AlertCondition Floor(string tag = "classify-intent", AlertSeverity severity = AlertSeverity.Critical) => new()
    {
        Key = $"floor:{tag}", Kind = AlertKind.QualityFloor, Severity = severity, Tag = tag, Since = Noon.AddDays(-5),
        Summary = $"quality dropped on tier small of {tag}: 0.951 ± 0.012, floor 0.97, since revision 14 at 2026-11-17 12:00 UTC; demoted to mid",
        Cause = "revision 14 moved it to small", Next = "rung policy diff 13 14",
    };

    public static AlertMessage Message(params AlertCondition[] conditions) =>
        AlertMessage.Of("oncall", new AlertBook(new AlertTimes(), []).Observe(conditions.Length == 0 ? [Floor()] : conditions, [], Noon).Transitions, Noon, new Uri("http://127.0.0.1:7070/alerts"));

    public static AlertTarget Target(string name = "oncall", AlertFormat format = AlertFormat.Rung, bool signed = false, AlertSeverity atLeast = AlertSeverity.Warning) =>
        new(name, new SecretReference($"URL_{name}", null), format, signed ? new SecretReference("SECRET", null) : null, atLeast);

    /// <summary>Gives the addresses of servers by the names of their targets, and the key of signatures.</summary>
    public static Func<SecretReference, string?> Secrets(params (string Target, string? Url)[] urls) => reference => reference.Environment switch
    {
        "SECRET" => Secret,
        { } name => urls.FirstOrDefault(pair => $"URL_{pair.Target}" == name).Url,
        null => null,
    };
}
