using System.Globalization;
using Rung.Control.Measurement;
using Rung.Control.Steering;
using Rung.Core.Alerts;
using Rung.Storage;
using Rung.Storage.Rollouts;

namespace Rung.Control.Overview;

/// <summary>What was measured, for the sentence about attention.</summary>
/// <param name="From">Begin of the period, UTC.</param>
/// <param name="Calls">Calls of the period.</param>
/// <param name="Tags">The tags.</param>
/// <param name="UnknownPriceAttempts">Attempts of the period whose price is unknown.</param>
public sealed record AttentionData(DateTimeOffset From, long Calls, IReadOnlyList<TagOverview> Tags, long UnknownPriceAttempts);

/// <summary>Looks through everything that may need somebody's attention: alerts, floors, rollouts that are held, unknown prices, and the trouble of the serving process.</summary>
public static class AttentionReading
{
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

        var items = new List<AttentionItem>();
        var firing = alerts.Where(alert => alert.State == AlertState.Firing).ToList();
        var loud = firing.Where(alert => !AlertBook.IsSilenced(alert, silences, now)).OrderByDescending(alert => alert.Severity).ThenBy(alert => alert.FiringAt).ToList();
        items.AddRange(loud.Select(alert => new AttentionItem(LevelOf(alert.Severity), alert.Summary, TimelineMarks.AlertUrl(alert.Key))));
        items.AddRange(data.Tags.Where(tag => tag.Floor is { State: FloorState.Broken } && !firing.Any(alert => alert.Kind == AlertKind.QualityFloor && alert.Tag == tag.Tag)).Select(Broken));
        items.AddRange(rollouts.Where(rollout => rollout.IsHeld).Select(rollout => Held(rollout, now)));
        if (data.UnknownPriceAttempts > 0)
            items.Add(new(AttentionLevel.Look, string.Create(CultureInfo.InvariantCulture, $"the price of {data.UnknownPriceAttempts:N0} {(data.UnknownPriceAttempts == 1 ? "attempt" : "attempts")} is unknown: every total is without them"), "/spend"));
        items.AddRange(serving);
        if (freeze is { } switched && switched.HoldsAt(now))
            items.Add(new(AttentionLevel.Note, $"the control loop is frozen by {switched.By}: {switched.Why}", "/rollouts"));
        if (firing.Count - loud.Count is > 0 and var silenced)
            items.Add(new(AttentionLevel.Note, string.Create(CultureInfo.InvariantCulture, $"{silenced:N0} {(silenced == 1 ? "alert fires and is" : "alerts fire and are")} silenced"), "/alerts"));

        var floors = data.Tags.Where(tag => tag.Floor is not null && tag.Reading.Calls > 0).ToList();
        var unsaid = floors.Count(tag => tag.Floor!.Estimate.Quality is null);
        return new Attention
        {
            Items = [.. items.OrderByDescending(item => item.Level)], From = data.From, Calls = data.Calls, Tags = data.Tags.Count(tag => tag.Reading.Calls > 0), UnsaidFloors = unsaid,
            JudgedFloors = floors.Count - unsaid, IsWatched = lease is not null && lease.Until > now,
            LastEnded = alerts.Where(alert => alert is { State: AlertState.Resolved, EndedAt: not null }).Select(alert => alert.EndedAt).Max(),
        };
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
