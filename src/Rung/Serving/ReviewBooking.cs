using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rung.Control.Reviews;

namespace Rung.Serving;

/// <summary>Sends verdicts of people to the ledger once they can no longer be changed without a trace. What a stop or a failure leaves behind, the next step sends.</summary>
internal sealed partial class ReviewBooking(ReviewDesk desk, TimeProvider clock, ILogger<ReviewBooking> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await StepAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e); // They stay in the store: the next tick tries again.
            }
        }
    }

    internal Task<int> StepAsync(CancellationToken cancellationToken) => desk.BookAsync(reviewer: null, ReviewDesk.MayChange, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(5301, LogLevel.Warning, "Verdicts of reviews could not be written to the ledger; they wait in the store of content")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
