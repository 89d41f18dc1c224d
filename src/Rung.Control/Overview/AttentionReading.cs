using System.Globalization;
using Rung.Control.Measurement;
using Rung.Control.Steering;
using Rung.Core.Alerts;
using Rung.Storage;
using Rung.Storage.Alerts;
using Rung.Storage.Rollouts;

namespace Rung.Control.Overview;

/// <summary>What was measured, for the sentence about attention.</summary>
/// <param name="From">Begin of the period, UTC.</param>
/// <param name="Calls">Calls of the period.</param>
/// <param name="Tags">The tags.</param>
/// <param name="UnknownPriceAttempts">Attempts of the period whose price is unknown.</param>
public sealed record AttentionData(DateTimeOffset From, long Calls, IReadOnlyList<TagOverview> Tags, long UnknownPriceAttempts)
{
    /// <summary>End of the period, UTC, when that is over; null: it goes on.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>
/// Looks through everything that may need somebody's attention: alerts, floors, rollouts that are held, unknown prices, and the trouble of the serving process. Of a time that is over it tells
/// what stood out then; what is so now is one line beside it.
/// </summary>
public static class AttentionReading
{
    // A year of the past may have hundreds; the sentence and a short list are for one look.
    private const int MostFirings = 400, MostTold = 10;

    private static readonly TimeSpan s_recent = TimeSpan.FromDays(7);

    /// <summary>Reads it.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="data">What was measured in the period.</param>
    /// <param name="serving">What the serving process has to say.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="cancellationToken">Looked at between readings.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static async Task<Attention> ReadAsync(Ledger ledger, AttentionData data, IReadOnlyList<AttentionItem> serving, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(serving);
        var alerts = await ledger.ListAlertsAsync(now - s_recent, cancellationToken);
        var silences = await ledger.ListSilencesAsync(now, cancellationToken);
        var rollouts = await ledger.ListRolloutsAsync(openOnly: true, cancellationToken);
        var freeze = await ledger.ReadFreezeAsync(cancellationToken);
        var lease = await ledger.FindLeaseAsync(ControlLoop.LeaseName, cancellationToken);

        var firing = alerts.Where(alert => alert.State == AlertState.Firing).ToList();
        var loud = firing.Where(alert => !AlertBook.IsSilenced(alert, silences, now)).OrderByDescending(alert => alert.Severity).ThenBy(alert => alert.FiringAt).ToList();
        var present = new List<AttentionItem>();
        present.AddRange(rollouts.Where(rollout => rollout.IsHeld).Select(rollout => Held(rollout, now)));
        present.AddRange(serving);
        var items = data.Until is { } until
            ? await PastAsync(ledger, data, until, loud.Count, present.Count(item => item.Level > AttentionLevel.Note), cancellationToken)
            : [.. loud.Select(alert => new AttentionItem(LevelOf(alert.Severity), alert.Summary, TimelineMarks.AlertUrl(alert.Key))), .. Floors(data, [.. firing.Select(alert => (alert.Kind, alert.Tag))]), .. present, .. Prices(data)];
        if (data.Until is null && freeze is { } switched && switched.HoldsAt(now))
            items.Add(new(AttentionLevel.Note, $"the control loop is frozen by {switched.By}: {switched.Why}", "/rollouts"));
        if (data.Until is null && firing.Count - loud.Count is > 0 and var silenced)
            items.Add(new(AttentionLevel.Note, string.Create(CultureInfo.InvariantCulture, $"{silenced:N0} {(silenced == 1 ? "alert fires and is" : "alerts fire and are")} silenced"), "/alerts"));

        var floors = data.Tags.Where(tag => tag.Floor is not null && tag.Reading.Calls > 0).ToList();
        var unsaid = floors.Count(tag => tag.Floor!.Estimate.Quality is null);
        return new Attention
        {
            Items = [.. items.OrderByDescending(item => item.Level)], From = data.From, Until = data.Until, Calls = data.Calls, Tags = data.Tags.Count(tag => tag.Reading.Calls > 0), UnsaidFloors = unsaid,
            JudgedFloors = floors.Count - unsaid, IsWatched = lease is not null && lease.Until > now,
            LastEnded = alerts.Where(alert => alert is { State: AlertState.Resolved, EndedAt: not null }).Select(alert => alert.EndedAt).Max(),
        };
    }

    // What stood out in a time that is over: the alerts that fired at any time in it, and the floors that it shows broken. What is so now is one line.
    private static async Task<List<AttentionItem>> PastAsync(Ledger ledger, AttentionData data, DateTimeOffset until, int firingNow, int othersNow, CancellationToken cancellationToken)
    {
        var firings = await ledger.ListAlertFiringsAsync(data.From, until, MostFirings, cancellationToken);
        var ranked = firings.OrderByDescending(alert => alert.Severity).ThenBy(alert => alert.FiredAt).ToList();
        var items = new List<AttentionItem>();
        items.AddRange(ranked.Take(MostTold).Select(Fired));
        items.AddRange(Floors(data, [.. firings.Select(alert => (alert.Kind, alert.Tag))]));
        items.AddRange(Prices(data));
        if (ranked.Count - MostTold is > 0 and var more)
            items.Add(new(AttentionLevel.Note, string.Create(CultureInfo.InvariantCulture, $"{more:N0}{(firings.Count == MostFirings ? " or more" : "")} other alerts fired in this time; they are marked on the charts"), "/alerts"));
        var others = othersNow == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{othersNow:N0} {(firingNow > 0 ? "other " : "")}{(othersNow == 1 ? "thing needs" : "things need")} attention");
        var alerts = firingNow == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{firingNow:N0} {(firingNow == 1 ? "alert is" : "alerts are")} firing");
        if (alerts.Length + others.Length > 0)
            items.Add(new(AttentionLevel.Note, $"now: {alerts}{(alerts.Length > 0 && others.Length > 0 ? ", and " : "")}{others}", others.Length > 0 ? "/" : "/alerts"));
        return items;
    }

    private static AttentionItem Fired(AlertFiring alert)
    {
        var when = alert.EndedAt is { } ended
            ? string.Create(CultureInfo.InvariantCulture, $"an alert fired from {alert.FiredAt:yyyy-MM-dd HH:mm} to {ended:yyyy-MM-dd HH:mm} UTC")
            : string.Create(CultureInfo.InvariantCulture, $"an alert began to fire at {alert.FiredAt:yyyy-MM-dd HH:mm} UTC and has not ended");
        return new(LevelOf(alert.Severity), $"{when}: {alert.Summary}", TimelineMarks.AlertUrl(alert.Key));
    }

    // A floor with an alert is told once: by its alert.
    private static IEnumerable<AttentionItem> Floors(AttentionData data, HashSet<(AlertKind, string?)> told) =>
        data.Tags.Where(tag => tag.Floor is { State: FloorState.Broken } && !told.Contains((AlertKind.QualityFloor, tag.Tag))).Select(Broken);

    private static IEnumerable<AttentionItem> Prices(AttentionData data)
    {
        if (data.UnknownPriceAttempts == 0) yield break;
        var url = data.Until is { } until ? string.Create(CultureInfo.InvariantCulture, $"/spend?from={data.From:yyyy-MM-dd'T'HH:mm'Z'}&to={until:yyyy-MM-dd'T'HH:mm'Z'}") : "/spend";
        yield return new(
            AttentionLevel.Look, string.Create(CultureInfo.InvariantCulture, $"the price of {data.UnknownPriceAttempts:N0} {(data.UnknownPriceAttempts == 1 ? "attempt" : "attempts")} is unknown: every total is without them"), url);
    }

    private static AttentionLevel LevelOf(AlertSeverity severity) => severity switch { AlertSeverity.Critical => AttentionLevel.Now, AlertSeverity.Warning => AttentionLevel.Look, _ => AttentionLevel.Note };

    private static AttentionItem Broken(TagOverview tag)
    {
        var (floor, quality) = (tag.Floor!, tag.Floor!.Estimate.Quality!.Value);
        return new(AttentionLevel.Look,
            string.Create(CultureInfo.InvariantCulture,
                $"the quality of {tag.Tag ?? "calls without a tag"} was {quality.Estimate:0.000} ({quality.Low:0.000} to {quality.High:0.000}) in this period, below its floor of {floor.AtLeast:0.###}; {floor.Estimate.Sessions:N0} sessions were judged"),
            tag.Tag is null ? "/calls" : $"/calls?tag={Uri.EscapeDataString(tag.Tag)}");
    }

    private static AttentionItem Held(Rollout rollout, DateTimeOffset now) => new(
        AttentionLevel.Look, string.Create(CultureInfo.InvariantCulture, $"rollout {rollout.Id} is held by {rollout.Last.By} for {AlertWords.Span(now - rollout.Last.At)}: {rollout.Last.Why}"),
        string.Create(CultureInfo.InvariantCulture, $"/rollouts/{rollout.Id}"));
}
