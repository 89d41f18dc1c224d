using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rung.Storage;

namespace Rung.Serving;

/// <summary>
/// Keeps the roll-ups up to date: every second, by the clock on the wall whatever clock the gateway tells its time by. An older ledger is rolled up in small steps, with room between them for
/// the gateway's own writing. When the service is slow or down, pages add up what waits themselves, and say when that is too much.
/// </summary>
internal sealed partial class RollupService(Ledger ledger, ILogger<RollupService> logger) : BackgroundService
{
    private const int Step = 2_000;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1), s_room = TimeSpan.FromMilliseconds(20), s_patience = TimeSpan.FromSeconds(30);

    private const int TriesTold = 2; // Of so many tries that fail one is told: once a minute.

    private bool _isCatchingUp;
    private int _failed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true) await Task.Delay(await StepAsync(stoppingToken), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: what waits is in the ledger, and the next start goes on.
        }
    }

    /// <summary>One step; gives how long to wait before the next.</summary>
    internal async Task<TimeSpan> StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var progress = await Task.Run(() => ledger.RollUpAsync(Step, cancellationToken), cancellationToken);
            if (progress.MissingBefore is { } before && !_isCatchingUp) Log.Begun(logger, before);
            if (progress.MissingBefore is null && _isCatchingUp) Log.Ended(logger);
            _failed = 0;
            _isCatchingUp = progress.MissingBefore is not null;
            return progress.IsComplete ? s_interval : s_room;
        }
        catch (LedgerException e)
        {
            if (_failed++ % TriesTold == 0) Log.Failed(logger, s_patience.TotalSeconds, e);
            return s_patience;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4501, LogLevel.Information, "The ledger is older than its roll-ups: calls from before {Before:yyyy-MM-dd HH:mm} UTC are added to them now, the newest first")]
        public static partial void Begun(ILogger logger, DateTimeOffset before);

        [LoggerMessage(4502, LogLevel.Information, "The roll-ups hold every call of the ledger")]
        public static partial void Ended(ILogger logger);

        [LoggerMessage(4503, LogLevel.Error, "Calls could not be added to the roll-ups; trying again in {Seconds} s")]
        public static partial void Failed(ILogger logger, double seconds, Exception exception);
    }
}
