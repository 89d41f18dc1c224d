using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rung.Control.Alerts;
using Rung.Control.Alerts.Delivery;
using Rung.Gateway;
using Rung.Storage;

namespace Rung.Serving;

/// <summary>Stops the delivery of alerts after what posts to it: what waits is still sent, for a few seconds.</summary>
internal sealed class AlertService(AlertDelivery delivery) : IHostedService
{
    /// <summary>
    /// Registers what alerts need: the <see cref="AlertDesk"/>, which the control loop reports to, its delivery, metrics and page. Call it before the control loop's
    /// service is registered: services stop in the reverse order.
    /// </summary>
    public static void Add(IServiceCollection services, GatewayServerOptions options, Ledger ledger, PolicyHolder policies)
    {
        services.AddSingleton(provider => new AlertLog(provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(_ => new AlertTelemetry(options.Clock));
        services.AddSingleton(_ => new AlertSender(Secrets.Read, options.Clock));
        services.AddSingleton(provider =>
        {
            var (log, telemetry) = (provider.GetRequiredService<AlertLog>(), provider.GetRequiredService<AlertTelemetry>());
            return new AlertDelivery(provider.GetRequiredService<AlertSender>(), new DeliveryOptions(), options.Clock, Random.Shared.NextDouble, report =>
            {
                telemetry.Ended(report);
                log.Say(report);
            });
        });
        services.AddSingleton(provider =>
        {
            var log = provider.GetRequiredService<AlertLog>();
            return new AlertDesk(ledger, provider.GetRequiredService<AlertDelivery>(), provider.GetRequiredService<AlertTelemetry>(), new AlertDeskOptions
            {
                Targets = () => policies.Snapshot.Control.Alerts, Log = log.Say, StoreFailed = log.Say, Link = () => LinkOf(provider),
            });
        });
        services.AddHostedService(provider => new AlertService(provider.GetRequiredService<AlertDelivery>()));
        services.AddSingleton(provider => new AlertPages(ledger, policies, options.Keys, options.Operators, options.Clock, provider.GetRequiredService<ILogger<AlertPages>>()));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => delivery.StopAsync();

    // The page, for people; programs find /rung/alerts in the docs.
    private static Uri? LinkOf(IServiceProvider provider) =>
        provider.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address
        && Uri.TryCreate(address, UriKind.Absolute, out var url) ? new Uri(url, "/alerts") : null;
}
