using System.Collections.Immutable;
using System.Globalization;

namespace Rung.Core.Alerts;

/// <summary>Words and sentences of alerts, for people.</summary>
public static class AlertWords
{
    private static readonly ImmutableArray<(AlertKind Kind, string Word, string Title)> s_kinds =
    [
        (AlertKind.QualityFloor, "quality_floor", "quality below its floor"),
        (AlertKind.CostCeiling, "cost_ceiling", "cost above its ceiling"),
        (AlertKind.BudgetPace, "budget_pace", "budget that will not last"),
        (AlertKind.CheckFailureDrift, "check_failure_drift", "checks fail more often"),
        (AlertKind.EscalationDrift, "escalation_drift", "calls climb more often"),
        (AlertKind.InputDrift, "input_drift", "inputs have changed"),
        (AlertKind.CalibrationDrift, "calibration_drift", "verifier and judges disagree"),
        (AlertKind.UpstreamVersion, "upstream_version", "upstream model changed"),
        (AlertKind.RolloutRolledBack, "rollout_rolled_back", "rollout rolled back"),
        (AlertKind.RolloutStalled, "rollout_stalled", "rollout stalled"),
        (AlertKind.Demotion, "demotion", "route demoted"),
        (AlertKind.Control, "control", "control loop in trouble"),
    ];

    /// <summary>The words of all kinds, as command lines and JSON have them.</summary>
    public static ImmutableArray<string> Kinds { get; } = [.. s_kinds.Select(row => row.Word)];

    /// <summary>The word of a kind: <c>quality_floor</c>.</summary>
    public static string Of(AlertKind kind) => Row(kind).Word;

    /// <summary>A kind in a few words: <c>quality below its floor</c>.</summary>
    public static string Title(AlertKind kind) => Row(kind).Title;

    /// <summary>The kind of a word; null when there is none.</summary>
    public static AlertKind? Kind(string word)
    {
        foreach (var row in s_kinds)
        {
            if (row.Word == word) return row.Kind;
        }
        return null;
    }

    /// <summary>The word of a severity: <c>warning</c>.</summary>
    public static string Of(AlertSeverity severity) => severity switch { AlertSeverity.Critical => "critical", AlertSeverity.Warning => "warning", _ => "info" };

    /// <summary>The word of a state: <c>firing</c>.</summary>
    public static string Of(AlertState state) => state switch
    {
        AlertState.Pending => "pending", AlertState.Firing => "firing", AlertState.Resolved => "resolved", _ => "withdrawn",
    };

    /// <summary>The word of a change: <c>fired</c>.</summary>
    public static string Of(AlertChange change) => change switch
    {
        AlertChange.Began => "began", AlertChange.Fired => "fired", AlertChange.Worsened => "worsened", AlertChange.Reminded => "reminded",
        AlertChange.Resolved => "resolved", _ => "withdrawn",
    };

    /// <summary>
    /// A change in one line: what happened, its likely cause, the next command. <c>firing (critical): quality dropped on …. Likely cause: …. Next: rung …</c>
    /// </summary>
    public static string Line(AlertTransition transition)
    {
        ArgumentNullException.ThrowIfNull(transition);
        var alert = transition.Alert;
        if (transition.Change is AlertChange.Resolved or AlertChange.Withdrawn)
            return $"{Head(transition)}: {Sentence(alert.Summary)}";
        var cause = alert.Cause is { } likely ? $" Likely cause: {Sentence(likely)}" : "";
        var next = alert.Next is { } command ? $" Next: {command}" : "";
        return $"{Head(transition)}: {Sentence(alert.Summary)}{cause}{next}";
    }

    /// <summary>What happened, in two or three words: <c>firing (critical)</c>, <c>still firing (warning) for 4 h</c>, <c>over after 25 min</c>.</summary>
    public static string Head(AlertTransition transition)
    {
        ArgumentNullException.ThrowIfNull(transition);
        var (alert, severity) = (transition.Alert, Of(transition.Alert.Severity));
        return transition.Change switch
        {
            AlertChange.Began => $"pending ({severity})",
            AlertChange.Worsened => $"worse ({severity})",
            AlertChange.Reminded => $"still firing ({severity}) for {Span(transition.At - (alert.FiringAt ?? alert.PendingAt))}",
            AlertChange.Resolved => $"over after {Span(transition.At - (alert.FiringAt ?? alert.PendingAt))}",
            AlertChange.Withdrawn => "over before it fired",
            _ => $"firing ({severity})",
        };
    }

    /// <summary>A length of time as people say it, in its largest two units: <c>45 s</c>, <c>25 min</c>, <c>4 h 10 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Span(TimeSpan span)
    {
        if (span < TimeSpan.Zero) span = TimeSpan.Zero;
        if (span < TimeSpan.FromMinutes(1)) return string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalSeconds} s");
        if (span < TimeSpan.FromHours(1)) return string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} min");
        return span < TimeSpan.FromDays(2) ? Two((int)span.TotalHours, "h", span.Minutes, "min") : Two(span.Days, "d", span.Hours, "h");
    }

    private static string Two(int large, string unit, int small, string smallUnit) =>
        small == 0 ? string.Create(CultureInfo.InvariantCulture, $"{large} {unit}") : string.Create(CultureInfo.InvariantCulture, $"{large} {unit} {small} {smallUnit}");

    /// <summary>A sentence that begins with a capital is not forced on it, but its full stop is.</summary>
    private static string Sentence(string text) => text.Length > 0 && text[^1] is '.' or '!' or '?' ? text : $"{text}.";

    private static (AlertKind Kind, string Word, string Title) Row(AlertKind kind)
    {
        foreach (var row in s_kinds)
        {
            if (row.Kind == kind) return row;
        }
        throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of alert.");
    }
}
