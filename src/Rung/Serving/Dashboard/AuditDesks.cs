using Microsoft.Extensions.Logging;
using Rung.Control.Audit.Running;
using Rung.Storage;

namespace Rung.Serving.Dashboard;

/// <summary>Opens the desk for audits on pages.</summary>
internal static partial class AuditDesks
{
    public static AuditDesk Of(GatewayServerOptions options, Ledger ledger, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger(typeof(AuditDesks));
        // The book that the gateway itself goes by, so that no page prices a call in another way than the call was.
        return new AuditDesk(ledger, "this gateway's data directory", () => new AuditPrices(options.Prices, options.OwnPrices), new AuditLimits(), e => Log.Failed(logger, e), options.Clock);
    }

    private static partial class Log
    {
        [LoggerMessage(5521, LogLevel.Error, "An audit for a page failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
