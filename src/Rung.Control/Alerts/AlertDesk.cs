using System.Collections.Immutable;
using Rung.Control.Alerts.Delivery;
using Rung.Core.Alerts;
using Rung.Core.Policies;
using Rung.Storage;

namespace Rung.Control.Alerts;

/// <summary>
/// Where the control loop brings what holds: keeps the book of alerts and its storage, minds silences, and hands what is to be told to the
/// targets, without ever waiting for one. One step at a time.
/// </summary>
/// <remarks>
/// The state is in the ledger: a restart, or another process that takes over the loop, goes on with it. While the ledger cannot be used, the
/// desk goes on from memory and alerts are told all the same; what happened meanwhile is stored when it can be.
/// </remarks>
public sealed class AlertDesk
{
    // Alertmanager wants active alerts again every 30 seconds to 3 minutes (prometheus.io/docs/alerting/latest/clients). The loop steps once a minute, and not to the microsecond.
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(50);

    // While the ledger is away, at most so many changes are kept for it: the oldest go first.
    private const int MostUnsaved = 1000;

    private readonly Ledger ledger;
    private readonly AlertDelivery delivery;
    private readonly AlertTelemetry telemetry;
    private readonly AlertDeskOptions options;
    private readonly Dictionary<string, DateTimeOffset> refreshed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Alert> unsaved = new(StringComparer.Ordinal);
    private readonly List<AlertTransition> unsavedTransitions = [];
    private IReadOnlyList<AlertSilence> silences = [];
    private AlertBook? book;
    private long lastEvent = -1;
    private bool isStoreDown;

    /// <summary>Makes one.</summary>
    /// <param name="ledger">Where alerts are kept.</param>
    /// <param name="delivery">Sends them.</param>
    /// <param name="telemetry">Shows them as metrics.</param>
    /// <param name="options">The rest.</param>
    public AlertDesk(Ledger ledger, AlertDelivery delivery, AlertTelemetry telemetry, AlertDeskOptions options)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(telemetry);
        ArgumentNullException.ThrowIfNull(options);
        (this.ledger, this.delivery, this.telemetry, this.options) = (ledger, delivery, telemetry, options);
    }

    /// <summary>One step of the control loop.</summary>
    /// <param name="conditions">Everything that holds now: what is no longer named is over.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="cancellationToken">Gives up before anything is stored or sent.</param>
    /// <returns>What changed. A ledger that cannot be used is no error here: it is said by <see cref="AlertDeskOptions.StoreFailed"/>.</returns>
    public async Task<AlertObservation> ObserveAsync(IReadOnlyList<AlertCondition> conditions, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conditions);

        // 1. What is stored: silences may be new, and another process may have kept the book meanwhile.
        await LoadAsync(now, cancellationToken);

        // 2. The book decides; the ledger remembers before anybody is told, so that a restart tells nothing twice.
        var observed = book!.Observe(conditions, silences, now);
        await SaveAsync(observed);
        telemetry.See(book.Open);

        // 3. Tell.
        foreach (var transition in observed.Transitions)
        {
            if (transition.IsTold || transition.Change is AlertChange.Fired or AlertChange.Worsened or AlertChange.Resolved) options.Log(transition);
        }
        Send([.. observed.Told], now);
        return observed;
    }

    private async Task LoadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var shelf = await ledger.ReadAlertShelfAsync(now, cancellationToken);
            silences = shelf.Silences;
            if (unsaved.Count == 0) StoreIs(null);
            if (book is null || shelf.LastEvent != lastEvent)
            {
                // What could not be stored yet is newer than what is.
                book = new AlertBook(options.Times, shelf.Open.Where(alert => !unsaved.ContainsKey(alert.Key)).Concat(unsaved.Values));
                lastEvent = shelf.LastEvent;
            }
        }
        catch (LedgerException e)
        {
            StoreIs(e);
            book ??= new AlertBook(options.Times, []);
        }
    }

    private async Task SaveAsync(AlertObservation observed)
    {
        foreach (var alert in observed.Changed) unsaved[alert.Key] = alert;
        unsavedTransitions.AddRange(observed.Transitions);
        if (unsavedTransitions.Count > MostUnsaved) unsavedTransitions.RemoveRange(0, unsavedTransitions.Count - MostUnsaved);
        if (unsaved.Count == 0 && unsavedTransitions.Count == 0) return;
        try
        {
            lastEvent = await ledger.SaveAlertsAsync([.. unsaved.Values], unsavedTransitions, CancellationToken.None);
            unsaved.Clear();
            unsavedTransitions.Clear();
            StoreIs(null);
        }
        catch (LedgerException e)
        {
            StoreIs(e);
        }
    }

    private void StoreIs(LedgerException? failure)
    {
        if (isStoreDown != (failure is not null)) options.StoreFailed(failure);
        isStoreDown = failure is not null;
    }

    private void Send(ImmutableArray<AlertTransition> told, DateTimeOffset now)
    {
        foreach (var target in options.Targets())
        {
            ImmutableArray<AlertTransition> wanted = [.. told.Where(transition => transition.Alert.Severity >= target.AtLeast)];
            if (target.Format == AlertFormat.Alertmanager) wanted = WithAllThatFires(target, wanted, now);
            if (!wanted.IsEmpty) delivery.Post(target, AlertMessage.Of(target.Name, wanted, now, options.Link()));
        }
    }

    /// <summary>Alertmanager groups and reminds by itself, and forgets what is not sent again: it gets everything that fires, every minute.</summary>
    private ImmutableArray<AlertTransition> WithAllThatFires(AlertTarget target, ImmutableArray<AlertTransition> told, DateTimeOffset now)
    {
        var isDue = !refreshed.TryGetValue(target.Name, out var last) || now - last >= s_refresh;
        if (told.IsEmpty && !(isDue && delivery.IsIdle(target.Name))) return [];
        refreshed[target.Name] = now;
        var keys = told.Select(transition => transition.Alert.Key).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. told,
            .. book!.Open.Where(alert => alert.State == AlertState.Firing && alert.Severity >= target.AtLeast && !keys.Contains(alert.Key) && !AlertBook.IsSilenced(alert, silences, now))
                .Select(alert => new AlertTransition(AlertChange.Reminded, alert, now, IsTold: true)),
        ];
    }
}
