using Rung.Control.Alerts;
using Rung.Core.Alerts;
using Rung.Core.Policies;
using Rung.Dashboard.Parts;
using Rung.Storage.Alerts;

namespace Rung.Dashboard.Alerts;

/// <summary>Alerts in the words of the pages.</summary>
internal static class AlertsText
{
    /// <summary>The tone of an alert: what fires and matters is bad, what may is a warning.</summary>
    public static string Tone(Alert alert) => alert.State switch
    {
        AlertState.Firing => alert.Severity switch { AlertSeverity.Critical => "bad", AlertSeverity.Warning => "warn", _ => "none" },
        AlertState.Pending => "warn",
        _ => "none",
    };

    /// <summary>Where it stands: <c>firing, critical</c>.</summary>
    public static string State(AlertRow row) => $"{AlertWords.Of(row.Alert.State)}, {AlertWords.Of(row.Alert.Severity)}{(row.SilencedBy is null ? "" : ", silenced")}";

    /// <summary>A floor: <c>judge at least 97 % of frontier</c>. Number and sign stay on one line.</summary>
    public static string Of(Floor? floor) => floor is null ? "no floor" : $"{floor.Verdict} at least {Words.Share(floor.AtLeast).Replace(' ', '\u00a0')}{(floor.Of is { } of ? $" of {of}" : "")}";

    /// <summary>A ceiling: <c>at most $0.000400 a call, $5.00 a day</c>.</summary>
    public static string Of(Ceiling? ceiling)
    {
        if (ceiling is null) return "no ceiling";
        string[] parts =
        [
            .. ceiling.NanoUsdPerCall is { } call ? (string[])[$"{Words.Usd(call)} a call"] : [], .. ceiling.NanoUsdPerSession is { } session ? (string[])[$"{Words.Usd(session)} a session"] : [],
            .. ceiling.NanoUsdPerDay is { } day ? (string[])[$"{Words.Usd(day)} a day"] : [],
        ];
        return $"at most {string.Join(", ", parts)}";
    }

    /// <summary>How long it has held, or did.</summary>
    public static string Held(Alert alert, DateTimeOffset now) => alert.State switch
    {
        AlertState.Pending => $"seen for {AlertWords.Span(now - alert.PendingAt)}, fires after {AlertWords.Span(alert.For)}",
        AlertState.Firing => $"fires for {AlertWords.Span(now - (alert.FiringAt ?? alert.PendingAt))}, {(alert.ToldAt is { } told ? $"last told {AlertWords.Span(now - told)} ago" : "nobody was told")}",
        AlertState.Resolved => $"fired for {AlertWords.Span(alert.EndedAt!.Value - (alert.FiringAt ?? alert.PendingAt))}",
        _ => "over before it fired",
    };

    /// <summary>What a silence is about.</summary>
    public static string About(AlertSilence silence) => string.Join(" and ", new[]
    {
        silence.Key is { } key ? $"key {key}" : null, silence.Tag is { } tag ? $"tag {tag}" : null, silence.Kind is { } kind ? $"kind {AlertWords.Of(kind)}" : null,
    }.OfType<string>());

    /// <summary>Whether somebody was told of a change.</summary>
    public static string Told(AlertEvent entry) => entry.IsTold ? "told" : "nobody told";
}
