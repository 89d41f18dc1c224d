using Rung.Core.Alerts;
using Rung.Storage.Alerts;
using Rung.Storage.Sqlite;

namespace Rung.Storage;

/// <summary>Alerts and silences.</summary>
public sealed partial class Ledger
{
    /// <summary>What a step of the control loop needs to know, of one instant.</summary>
    /// <param name="now">Now, UTC: silences that are over by then are left out.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <exception cref="LedgerException">The file cannot be read.</exception>
    public Task<AlertShelf> ReadAlertShelfAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadOnceAsync(connection => new AlertShelf(AlertTable.LastEvent(connection), AlertTable.List(connection, endedSince: null), SilenceTable.NotOver(connection, now)), cancellationToken);

    /// <summary>Stores alerts that changed and what happened to them in one transaction. Runs on the caller's thread.</summary>
    /// <param name="changed">The alerts, each as it is now.</param>
    /// <param name="transitions">What happened, in its order.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <returns>Number of the last event there is now.</returns>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<long> SaveAlertsAsync(IReadOnlyList<Alert> changed, IReadOnlyList<AlertTransition> transitions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        ArgumentNullException.ThrowIfNull(transitions);
        return WriteAlerts(connection => AlertTable.Save(connection, changed, transitions), cancellationToken);
    }

    /// <summary>Alerts that are pending or firing, in order of their keys; then those that ended since an instant, the latest first.</summary>
    /// <param name="endedSince">From when; null: only open ones.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    public async Task<IReadOnlyList<Alert>> ListAlertsAsync(DateTimeOffset? endedSince, CancellationToken cancellationToken) =>
        await ReadOnceAsync(connection => AlertTable.List(connection, endedSince), cancellationToken);

    /// <summary>One alert by its key; null when it was never seen.</summary>
    public Task<Alert?> FindAlertAsync(string key, CancellationToken cancellationToken) => ReadOnceAsync(connection => AlertTable.Find(connection, key), cancellationToken);

    /// <summary>What happened to one alert, the latest first.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="most">At most so many, at least 1.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    public async Task<IReadOnlyList<AlertEvent>> ReadAlertHistoryAsync(string key, int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return await ReadOnceAsync(connection => AlertTable.History(connection, key, most), cancellationToken);
    }

    /// <summary>What happened to alerts of any key in [from, to); and the beginnings of those whose condition began to hold in it. The latest first.</summary>
    /// <param name="from">First instant, UTC.</param>
    /// <param name="to">First instant after the window, UTC.</param>
    /// <param name="most">At most so many, at least 1.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    public async Task<IReadOnlyList<AlertEvent>> ListAlertEventsAsync(DateTimeOffset from, DateTimeOffset to, int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return await ReadOnceAsync(connection => AlertTable.Between(connection, from, to, most), cancellationToken);
    }

    /// <summary>Times that alerts fired, of those that touch [from, to): begun before its end, and not ended before its begin. The latest begun first.</summary>
    /// <param name="from">First instant, UTC.</param>
    /// <param name="to">First instant after the window, UTC.</param>
    /// <param name="most">At most so many, at least 1.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    public async Task<IReadOnlyList<AlertFiring>> ListAlertFiringsAsync(DateTimeOffset from, DateTimeOffset to, int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return await ReadOnceAsync(connection => AlertTable.Firings(connection, from, to, most), cancellationToken);
    }

    /// <summary>Stores a silence. A running control loop sees it at its next step.</summary>
    /// <exception cref="ArgumentException">It names no key, tag or kind, or ends before it begins.</exception>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<AlertSilence> AddSilenceAsync(SilenceDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentException.ThrowIfNullOrWhiteSpace(draft.Who, nameof(draft));
        ArgumentException.ThrowIfNullOrWhiteSpace(draft.Why, nameof(draft));
        if (draft.Key is null && draft.Tag is null && draft.Kind is null) throw new ArgumentException("A silence names a key, a tag or a kind.", nameof(draft));
        if (draft.Until <= draft.From) throw new ArgumentException("A silence ends after it begins.", nameof(draft));
        return WriteAlerts(connection => SilenceTable.Add(connection, draft), cancellationToken);
    }

    /// <summary>Ends a silence early; null when there is none of that number, or it is over already.</summary>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<AlertSilence?> EndSilenceAsync(long id, string who, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(who);
        return WriteAlerts(connection => SilenceTable.End(connection, id, who, _clock.GetUtcNow()), cancellationToken);
    }

    /// <summary>A silence by its number, over or not; null when there is none.</summary>
    public Task<AlertSilence?> FindSilenceAsync(long id, CancellationToken cancellationToken) => ReadOnceAsync(connection => SilenceTable.Find(connection, id), cancellationToken);

    /// <summary>Silences that are not over at an instant, the oldest first.</summary>
    public async Task<IReadOnlyList<AlertSilence>> ListSilencesAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await ReadOnceAsync(connection => SilenceTable.NotOver(connection, now), cancellationToken);

    private Task<T> WriteAlerts<T>(Func<Connection, T> write, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<T>(cancellationToken);
        try
        {
            lock (_writing)
            {
                RequireWriter();
                return Task.FromResult(write(_connection!));
            }
        }
        catch (LedgerException e)
        {
            return Task.FromException<T>(e);
        }
    }
}
