using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Serving;

/// <summary>Deletes captured content whose time is over: at the start, and every few minutes. Nobody reads it from then on, deleted or not.</summary>
internal sealed partial class ContentSweeper(ContentStore store, TimeProvider clock, ILogger<ContentSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, clock);
        try
        {
            do
            {
                await SweepAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: the next start goes on.
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var dropped = await store.DropExpiredAsync(cancellationToken);
            if (dropped > 0) Log.Expired(logger, dropped);
        }
        catch (LedgerException e)
        {
            Log.SweepFailed(logger, s_interval.TotalMinutes, e); // It stays where it is, and is read by nobody; the next sweep tries again.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4201, LogLevel.Information, "The content of {Calls} calls had expired and was deleted")]
        public static partial void Expired(ILogger logger, int calls);

        [LoggerMessage(4202, LogLevel.Error, "Expired content could not be deleted; trying again in {Minutes} minutes")]
        public static partial void SweepFailed(ILogger logger, double minutes, Exception exception);
    }
}
