using Rung.Core.Alerts;
using Rung.Core.Policies;
using Rung.Core.Steering;
using Rung.Storage;
using Rung.Storage.Alerts;

namespace Rung.Control.Alerts;

/// <summary>The alerts of a ledger: what stands, what it means, who silenced it. The command, the API and the page show this one.</summary>
public sealed record AlertListing
{
    /// <summary>How far back ended alerts are listed.</summary>
    public static readonly TimeSpan EndedWithin = TimeSpan.FromDays(7);

    /// <summary>When it was read, UTC.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>Alerts that fire and are not silenced.</summary>
    public int Firing => Alerts.Count(row => row is { Alert.State: AlertState.Firing, SilencedBy: null });
    /// <summary>Alerts that fire and are silenced.</summary>
    public int Silenced => Alerts.Count(row => row is { Alert.State: AlertState.Firing, SilencedBy: not null });
    /// <summary>Alerts that are pending.</summary>
    public int Pending => Alerts.Count(row => row.Alert.State == AlertState.Pending);
    /// <summary>The alerts: those that fire, the most severe first, then pending ones, then ended ones, the latest first.</summary>
    public required IReadOnlyList<AlertRow> Alerts { get; init; }
    /// <summary>The silences that are not over.</summary>
    public required IReadOnlyList<AlertSilence> Silences { get; init; }
    /// <summary>Tags with a floor or a ceiling whose alerts are not armed, by name; null: no policy was at hand.</summary>
    public IReadOnlyList<UnarmedTag>? NotArmed { get; init; }

    /// <summary>Reads it.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="policy">The policy in force; null: not known.</param>
    /// <param name="withEnded">Whether alerts that ended in the last seven days are listed too.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<AlertListing> ReadAsync(Ledger ledger, PolicySnapshot? policy, bool withEnded, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var alerts = await ledger.ListAlertsAsync(withEnded ? now - EndedWithin : null, cancellationToken);
        var silences = await ledger.ListSilencesAsync(now, cancellationToken);
        return new AlertListing
        {
            At = now,
            Alerts = [.. alerts.OrderBy(alert => Rank(alert.State)).ThenByDescending(alert => alert.IsOpen ? (int)alert.Severity : 0).ThenBy(alert => alert.IsOpen ? alert.FiringAt ?? alert.PendingAt : DateTimeOffset.MinValue)
                .Select(alert => new AlertRow(alert, SilenceOf(alert, silences, now)))],
            Silences = silences,
            NotArmed = policy is null ? null : [.. Unarmed(policy)],
        };
    }

    /// <summary>The listing as JSON has it.</summary>
    public object ToJson() => new
    {
        At, Firing, Silenced, Pending, Alerts = Alerts.Select(row => row.ToJson()), Silences = Silences.Select(SilenceJson), NotArmed,
    };

    /// <summary>A silence as JSON has it.</summary>
    public static object SilenceJson(AlertSilence silence) => new
    {
        silence.Id, silence.Key, silence.Tag, silence.Kind, silence.From, silence.Until, silence.Who, silence.Why, silence.EndedAt, silence.EndedBy,
    };

    /// <summary>An alert and what happened to it, as JSON has it.</summary>
    public static object HistoryJson(AlertRow row, IReadOnlyList<AlertEvent> history) => new
    {
        Alert = row.ToJson(), History = history.Select(entry => new { entry.Id, entry.At, entry.Change, entry.Severity, entry.Summary, Told = entry.IsTold }),
    };

    /// <summary>The silence that covers an open alert now; null: none.</summary>
    public static long? SilenceOf(Alert alert, IReadOnlyList<AlertSilence> silences, DateTimeOffset now) =>
        alert.IsOpen ? silences.FirstOrDefault(silence => silence.IsInForce(now) && silence.Covers(alert))?.Id : null;

    private static IEnumerable<UnarmedTag> Unarmed(PolicySnapshot policy) => policy.Tags.Values.Append(policy.Default)
        .Where(route => route.Floor is not null || route.Ceiling is not null).Select(route => (route.Name, Arming: SteeringLaw.Arm(route)))
        .Where(pair => !pair.Arming.IsArmed).Select(pair => new UnarmedTag(pair.Name, pair.Arming.Why)).OrderBy(tag => tag.Tag, StringComparer.Ordinal);

    private static int Rank(AlertState state) => state switch { AlertState.Firing => 0, AlertState.Pending => 1, _ => 2 };
}

/// <summary>An alert in a listing.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="SilencedBy">Number of the silence that covers it; null: none.</param>
public sealed record AlertRow(Alert Alert, long? SilencedBy)
{
    /// <summary>It as JSON has it.</summary>
    public object ToJson() => new
    {
        Alert.Key, Alert.State, Alert.Severity, Alert.Kind, Alert.Tag, Alert.Summary, Alert.Cause, Alert.Next, Alert.Since, Alert.PendingAt, Alert.FiringAt, Alert.EndedAt, Alert.ToldAt,
        SilencedBy,
    };
}

/// <summary>A tag whose alerts of quality and cost are not armed.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Why">Why not.</param>
public sealed record UnarmedTag(string Tag, string Why);
