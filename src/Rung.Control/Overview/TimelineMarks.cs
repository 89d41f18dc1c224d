using System.Globalization;
using Rung.Control.Rollouts;
using Rung.Core.Alerts;
using Rung.Storage;
using Rung.Storage.Alerts;
using Rung.Storage.Control;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Control.Overview;

/// <summary>Everything that happened in a window and may explain a curve: revisions, rollouts, alerts, what the control loop did, and the change points that its watches found.</summary>
public static class TimelineMarks
{
    /// <summary>Most changes of alerts that are read for one window: the latest ones. A year of a healthy ledger has a few hundred.</summary>
    public const int MostAlertEvents = 400;

    // A demotion is one thing that happened, though it leaves an action and a revision.
    private static readonly TimeSpan s_sameThing = TimeSpan.FromSeconds(5);

    /// <summary>Reads them.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="from">First instant, UTC.</param>
    /// <param name="to">First instant after the window, UTC.</param>
    /// <param name="cancellationToken">Looked at between two readings.</param>
    /// <returns>In order of time.</returns>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static async Task<IReadOnlyList<TimelineMark>> ReadAsync(Ledger ledger, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        if (from >= to) return [];
        var actions = (await ledger.ListControlActionsAsync(from, cancellationToken)).Where(action => action.At < to).ToList();
        var rollouts = await ledger.ListRolloutsAsync(openOnly: false, cancellationToken);
        var revisions = await ledger.ListRevisionsAsync(cancellationToken);
        var alerts = await ledger.ListAlertEventsAsync(from, to, MostAlertEvents, cancellationToken);

        var marks = new List<TimelineMark>();
        marks.AddRange(actions.Select(Of));
        var steps = rollouts.SelectMany(rollout => rollout.Events, (rollout, happened) => (Rollout: rollout, Happened: happened)).Where(step => Within(step.Happened.At)).ToList();
        marks.AddRange(steps.Select(step => Of(step.Rollout, step.Happened)));
        marks.AddRange(revisions.Where(revision => revision.Origin != RevisionOrigin.Candidate && Within(revision.PublishedAt) && !IsTold(revision, actions, steps)).Select(Of));
        marks.AddRange(alerts.Where(happened => Within(happened.At)).Select(OfAlert).OfType<TimelineMark>());
        marks.AddRange(alerts.Select(OfChange).OfType<TimelineMark>().Where(mark => Within(mark.At)).DistinctBy(mark => (mark.At, mark.Url)));
        return [.. marks.OrderBy(mark => mark.At).ThenBy(mark => mark.Kind)];

        bool Within(DateTimeOffset at) => at >= from && at < to;
    }

    /// <summary>Whether an alert of a kind names an instant at which something changed, as its watch found it.</summary>
    public static bool IsDrift(AlertKind kind) =>
        kind is AlertKind.CheckFailureDrift or AlertKind.EscalationDrift or AlertKind.InputDrift or AlertKind.CalibrationDrift or AlertKind.UpstreamVersion;

    private static bool IsTold(RevisionEntry revision, List<ControlAction> actions, List<(Rollout Rollout, RolloutEvent Happened)> steps) =>
        revision.Origin == RevisionOrigin.Automatic
        && (actions.Any(action => action.Revision == revision.Number)
            || steps.Any(step => step.Happened.Kind == RolloutEventKind.Completed && (step.Happened.At - revision.PublishedAt).Duration() < s_sameThing));

    private static TimelineMark Of(ControlAction action)
    {
        var text = action.Kind == ControlActionKind.Demoted
            ? $"{action.Tag} moved from {action.From} to {action.To}{(action.Revision is { } number ? Invariant($" (revision {number})") : "")}"
            : $"{action.Tag} would have been moved from {action.From} to {action.To}";
        return new(action.At, MarkKind.ControlAction, text, action.Tag, action.Revision is { } made ? RevisionUrl(made) : "/rollouts");
    }

    private static TimelineMark Of(Rollout rollout, RolloutEvent happened)
    {
        var tags = rollout.Plan.Tags;
        var what = tags.IsEmpty ? "" : $" of {string.Join(", ", tags.Take(3))}{(tags.Length > 3 ? Invariant($" and {tags.Length - 3} more") : "")}";
        return new(happened.At, MarkKind.Rollout, Invariant($"rollout {rollout.Id}{what}: {RolloutWords.Of(happened, rollout.Plan)}"), tags.Length == 1 ? tags[0] : null, Invariant($"/rollouts/{rollout.Id}"));
    }

    private static TimelineMark Of(RevisionEntry revision) =>
        new(revision.PublishedAt, MarkKind.Revision, Invariant($"revision {revision.Number} by {revision.Author}: {Short(revision.Reason)}"), null, RevisionUrl(revision.Number));

    private static TimelineMark? OfAlert(AlertEvent happened)
    {
        var word = happened.Change switch { AlertChange.Fired => "alert", AlertChange.Worsened => "alert, worse", AlertChange.Resolved => "alert over", _ => null };
        return word is null ? null : new(happened.At, MarkKind.Alert, $"{word}: {TitleOf(happened)}", happened.Tag, AlertUrl(happened.Key));
    }

    private static TimelineMark? OfChange(AlertEvent happened) =>
        happened is { Change: AlertChange.Fired, Since: { } since } && IsDrift(happened.Kind)
            ? new(since, MarkKind.ChangePoint, $"change point: {Short(happened.Summary)}", happened.Tag, AlertUrl(happened.Key)) : null;

    private static string TitleOf(AlertEvent happened) => happened.Tag is { } tag ? $"{tag}: {AlertWords.Title(happened.Kind)}" : AlertWords.Title(happened.Kind);

    /// <summary>The page of one alert.</summary>
    internal static string AlertUrl(string key) => $"/alerts/{Uri.EscapeDataString(key)}";

    private static string RevisionUrl(long number) => Invariant($"/policy/history/{number}");

    // Beside a chart there is room for a line, and the page behind the link has the rest.
    private static string Short(string text)
    {
        const int Most = 140;
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= Most ? line : $"{line.AsSpan(0, Most - 1)}…";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
