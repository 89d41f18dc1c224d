using System.Collections.Immutable;

namespace Rung.Core.Alerts;

/// <summary>
/// Turns the conditions that hold at each step into alerts with a beginning and an end. Level-triggered: a condition that is no longer
/// named is over, so a step that was missed or a restart loses nothing. Pure: what is stored is given in, and what to store comes out.
/// Not thread-safe.
/// </summary>
/// <remarks>
/// pending → firing when the condition was seen for its <see cref="AlertCondition.For"/>; pending → withdrawn as soon as it is not seen;
/// firing → resolved when it was not seen for <see cref="AlertTimes.KeepFiring"/>. Two conditions of one key are one alert, the more severe.
/// </remarks>
public sealed class AlertBook
{
    private readonly AlertTimes times;
    private readonly SortedDictionary<string, Alert> open = new(StringComparer.Ordinal);
    private DateTimeOffset latest = DateTimeOffset.MinValue;
    private bool isRestored;

    /// <summary>A book that continues another.</summary>
    /// <param name="times">Its times.</param>
    /// <param name="stored">The open alerts of the one before it. While nobody kept the book nobody looked: they count as seen at its first step.</param>
    public AlertBook(AlertTimes times, IEnumerable<Alert> stored)
    {
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(stored);
        this.times = times;
        foreach (var alert in stored)
        {
            if (alert.IsOpen) open[alert.Key] = alert;
        }
        isRestored = open.Count > 0;
    }

    /// <summary>The alerts that are pending or firing, in order of their keys.</summary>
    public IReadOnlyCollection<Alert> Open => open.Values;

    /// <summary>One step.</summary>
    /// <param name="conditions">Everything that holds now.</param>
    /// <param name="silences">The silences; those that are not in force do not count.</param>
    /// <param name="now">Now, UTC. A clock that goes back stands still here.</param>
    public AlertObservation Observe(IReadOnlyList<AlertCondition> conditions, IReadOnlyList<AlertSilence> silences, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        ArgumentNullException.ThrowIfNull(silences);
        if (now < latest) now = latest;
        latest = now;
        if (isRestored) foreach (var key in open.Keys.ToList()) open[key] = open[key] with { SeenAt = now };
        isRestored = false;

        var (transitions, changed) = (ImmutableArray.CreateBuilder<AlertTransition>(), ImmutableArray.CreateBuilder<Alert>());
        var named = ByKey(conditions);
        foreach (var key in named.Keys.Union(open.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var before = open.GetValueOrDefault(key);
            var (after, change) = named.TryGetValue(key, out var condition) ? Named(before, condition, now) : Unnamed(before!, now);
            var isSilenced = IsSilenced(after, silences, now);
            if (change is null && IsReminderDue(after, isSilenced, now)) change = AlertChange.Reminded;
            var isTold = change is { } what && IsTold(what, after, isSilenced);
            if (isTold) after = after with { ToldAt = now };

            if (after.IsOpen) open[key] = after;
            else open.Remove(key);
            if (change is { } happened) transitions.Add(new AlertTransition(happened, after, now, isTold));
            if (change is not null || !Same(before, after)) changed.Add(after);
        }
        return new AlertObservation(transitions.ToImmutable(), changed.ToImmutable());
    }

    /// <summary>Whether a silence that is in force covers an alert.</summary>
    public static bool IsSilenced(Alert alert, IReadOnlyList<AlertSilence> silences, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(silences);
        foreach (var silence in silences)
        {
            if (silence.IsInForce(now) && silence.Covers(alert)) return true;
        }
        return false;
    }

    private static (Alert, AlertChange?) Named(Alert? before, AlertCondition condition, DateTimeOffset now)
    {
        var after = before?.Seen(condition, now) ?? Alert.Of(condition, now);
        if (after.State == AlertState.Firing) return (after, condition.Severity > before!.Severity ? AlertChange.Worsened : null);
        if (now - after.PendingAt >= condition.For) return (after with { State = AlertState.Firing, FiringAt = now }, AlertChange.Fired);
        return (after, before is null ? AlertChange.Began : null);
    }

    private (Alert, AlertChange?) Unnamed(Alert before, DateTimeOffset now)
    {
        if (before.State == AlertState.Pending) return (before with { State = AlertState.Withdrawn, EndedAt = now }, AlertChange.Withdrawn);
        return now - before.SeenAt >= times.KeepFiring ? (before with { State = AlertState.Resolved, EndedAt = now }, AlertChange.Resolved) : (before, null);
    }

    // An alert that fired under a silence is told when the silence ends, if it still fires then. One that is fading is not told again.
    private bool IsReminderDue(Alert alert, bool isSilenced, DateTimeOffset now) =>
        alert.State == AlertState.Firing && alert.SeenAt == now && !isSilenced && (alert.ToldAt is not { } told || now - told >= times.RemindEvery);

    private static bool IsTold(AlertChange change, Alert after, bool isSilenced) => !isSilenced && change switch
    {
        AlertChange.Fired or AlertChange.Worsened or AlertChange.Reminded => true,
        AlertChange.Resolved => after.ToldAt is not null,
        _ => false,
    };

    // When it was last seen changes at every step, and is not worth a write: a restart counts it as seen.
    private static bool Same(Alert? before, Alert after) => before is not null && before == after with { SeenAt = before.SeenAt };

    private static Dictionary<string, AlertCondition> ByKey(IReadOnlyList<AlertCondition> conditions)
    {
        var named = new Dictionary<string, AlertCondition>(StringComparer.Ordinal);
        foreach (var condition in conditions)
        {
            if (!named.TryGetValue(condition.Key, out var other) || condition.Severity > other.Severity) named[condition.Key] = condition;
        }
        return named;
    }
}
