using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rung.Core.Alerts;
using Rung.Gateway.Tests.Support;
using Rung.Serving;
using static Rung.Tests.Alerts.AlertsFolder;

namespace Rung.Tests.Alerts;

/// <summary>Lines about alerts leave by OTLP when the standard variables ask for it: to the place and by the way that they name.</summary>
public sealed class AlertExportTests
{
    [Fact]
    public async Task Alerts_and_nothing_else_of_the_log_go_to_the_collector_that_the_variables_name()
    {
        await using var collector = await FakeUpstream.StartAsync((_, _) => Task.CompletedTask);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        TelemetryExport.AddAlertRecords(builder.Logging, builder.Configuration, new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url[..^"/v1".Length], ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-tenant=blue",
        });
        using (var host = builder.Build())
        {
            var loggers = host.Services.GetRequiredService<ILoggerFactory>();
            loggers.CreateLogger("Rung.Other").LogError("nobody else's business");
            var log = new AlertLog(loggers);
            foreach (var transition in new AlertBook(new AlertTimes(), []).Observe([Floor()], [], Noon).Transitions) log.Say(transition);
        }

        var sent = Assert.Single(collector.Seen);
        var body = Encoding.UTF8.GetString(sent.Body);
        Assert.Equal(("/v1/logs", "blue"), (sent.Path, sent.Headers["x-tenant"]));
        Assert.Contains("Alert floor:classify-intent: firing", body, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody else", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_variables_nothing_is_exported()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());

        TelemetryExport.AddAlertRecords(builder.Logging, builder.Configuration, new Dictionary<string, string?> { ["OTEL_SERVICE_NAME"] = "rung" });

        Assert.Empty(builder.Configuration.AsEnumerable());
        Assert.DoesNotContain(builder.Services, service => service.ServiceType == typeof(ILoggerProvider));
    }
}
