using Microsoft.Extensions.Logging;
using Rung.Control.Alerts.Delivery;
using Rung.Core.Alerts;
using Rung.Serving;
using static Rung.Tests.Alerts.AlertsFolder;

namespace Rung.Tests.Alerts;

public sealed class AlertLogTests : ILoggerProvider, ILogger
{
    private readonly List<(LogLevel Level, string Text, Dictionary<string, object?> Fields)> lines = [];
    private readonly AlertLog log;

    public AlertLogTests() => log = new AlertLog(LoggerFactory.Create(builder => builder.AddProvider(this)));

    [Fact]
    public void An_alert_is_a_line_in_words_whose_parts_are_fields()
    {
        foreach (var transition in new AlertBook(new AlertTimes(), []).Observe([Floor()], [], Noon).Transitions) log.Say(transition);

        var (level, text, fields) = Assert.Single(lines);
        Assert.Equal(LogLevel.Error, level);
        Assert.Equal(
            "Alert floor:classify-intent: firing (critical): quality dropped on tier small of classify-intent: 0.951 ± 0.012, floor 0.97, since revision 14 at 2026-11-17 12:00 UTC; demoted to mid. "
            + "Likely cause: revision 14 moved it to small. Next: rung policy diff 13 14", text);
        Assert.Equal(
            ("floor:classify-intent", "fired", "firing", "quality_floor", "critical", "classify-intent"),
            (Field("AlertKey"), Field("AlertChange"), Field("AlertState"), Field("AlertKind"), Field("AlertSeverity"), Field("Tag")));

        object? Field(string name) => fields.First(field => string.Equals(field.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
    }

    [Fact]
    public void A_message_that_was_lost_is_said_loudly_and_one_that_arrived_is_not()
    {
        var message = AlertMessage.Test("oncall", Noon, null);
        log.Say(new DeliveryReport("oncall", message, new DeliveryOutcome(DeliveryResult.Delivered, 200, "it answered 200", ""), 1, IsFinal: true));
        Assert.Empty(lines);

        log.Say(new DeliveryReport("oncall", message, new DeliveryOutcome(DeliveryResult.Failed, 503, "it answered 503", "busy"), 1, IsFinal: false));
        log.Say(new DeliveryReport("oncall", message, new DeliveryOutcome(DeliveryResult.Failed, 503, "it answered 503", "busy"), 2, IsFinal: false));
        log.Say(new DeliveryReport("oncall", message, new DeliveryOutcome(DeliveryResult.Failed, 503, "it answered 503", "busy"), 6, IsFinal: true));
        Assert.Equal([LogLevel.Warning, LogLevel.Error], lines.Select(line => line.Level));
        Assert.Contains("after 6 tries: it answered 503 (\"busy\")", lines[1].Text, StringComparison.Ordinal);
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName)
    {
        Assert.Equal(AlertLog.Category, categoryName);
        return this;
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Add((logLevel, formatter(state, exception), ((IReadOnlyList<KeyValuePair<string, object?>>)state!).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal)));

    void IDisposable.Dispose()
    {
    }
}
