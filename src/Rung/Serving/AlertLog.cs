using Microsoft.Extensions.Logging;
using Rung.Control.Alerts.Delivery;
using Rung.Core.Alerts;

namespace Rung.Serving;

/// <summary>
/// Alerts in the log: a line in words each, with its parts as fields for collectors. Its category is its own, so that it can be exported by itself.
/// </summary>
internal sealed partial class AlertLog(ILoggerFactory loggers)
{
    /// <summary>The category of these lines.</summary>
    public const string Category = "Rung.Alerts";

    private readonly ILogger logger = loggers.CreateLogger(Category);

    /// <summary>Writes a change of an alert.</summary>
    public void Say(AlertTransition transition)
    {
        var alert = transition.Alert;
        var level = transition.Change == AlertChange.Resolved ? LogLevel.Information
            : alert.Severity switch { AlertSeverity.Critical => LogLevel.Error, AlertSeverity.Warning => LogLevel.Warning, _ => LogLevel.Information };
        if (!logger.IsEnabled(level)) return;
        var line = transition.IsTold ? AlertWords.Line(transition) : $"{AlertWords.Line(transition)} (nobody is told: silenced)";
        Log.Changed(logger, level, alert.Key, line, AlertWords.Of(transition.Change), AlertWords.Of(alert.State), AlertWords.Of(alert.Kind), AlertWords.Of(alert.Severity), alert.Tag);
    }

    /// <summary>Writes what became of a message, where it is worth a line.</summary>
    public void Say(DeliveryReport report)
    {
        var answer = report.Outcome.Answer.Length == 0 ? "" : $" (\"{report.Outcome.Answer}\")";
        if (report.Outcome.Result == DeliveryResult.Delivered)
        {
            if (report.Tries > 1) Log.DeliveredLate(logger, report.Target, report.Message.Headline, report.Tries);
        }
        else if (report.IsFinal) Log.NotDelivered(logger, report.Target, report.Message.Headline, report.Outcome.Words, answer, report.Tries);
        else if (report.Tries == 1) Log.TriedAgain(logger, report.Target, report.Message.Headline, report.Outcome.Words, answer);
    }

    /// <summary>Writes that alerts cannot be stored, or that they can again.</summary>
    public void Say(Exception? failure)
    {
        if (failure is not null) Log.StoreFailed(logger, failure);
        else Log.StoreIsBack(logger);
    }

    private static partial class Log
    {
        // The line says all of it in words; collectors get the parts as fields of their own.
#pragma warning disable SYSLIB1015 // Argument is not referenced from the logging message
        [LoggerMessage(EventId = 5401, Message = "Alert {AlertKey}: {AlertLine}")]
        public static partial void Changed(
            ILogger logger, LogLevel level, string alertKey, string alertLine, string alertChange, string alertState, string alertKind, string alertSeverity, string? tag);
#pragma warning restore SYSLIB1015

        [LoggerMessage(5402, LogLevel.Error, "Alert target {AlertTarget} did not get a message ({Headline}) after {Tries} tries: {Problem}{Answer}. The alerts are told again by their reminders")]
        public static partial void NotDelivered(ILogger logger, string alertTarget, string headline, string problem, string answer, int tries);

        [LoggerMessage(5403, LogLevel.Warning, "Alert target {AlertTarget} did not take a message ({Headline}): {Problem}{Answer}. It will be tried again")]
        public static partial void TriedAgain(ILogger logger, string alertTarget, string headline, string problem, string answer);

        [LoggerMessage(5404, LogLevel.Information, "Alert target {AlertTarget} took the message ({Headline}) at try {Tries}")]
        public static partial void DeliveredLate(ILogger logger, string alertTarget, string headline, int tries);

        [LoggerMessage(5405, LogLevel.Error, "Alerts cannot be stored; they are kept in memory and told all the same")]
        public static partial void StoreFailed(ILogger logger, Exception exception);

        [LoggerMessage(5406, LogLevel.Information, "Alerts can be stored again; what happened meanwhile was stored")]
        public static partial void StoreIsBack(ILogger logger);
    }
}
