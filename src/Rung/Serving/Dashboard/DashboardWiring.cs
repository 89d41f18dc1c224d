using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rung.Control.Alerts.Delivery;
using Rung.Control.Audit.Running;
using Rung.Dashboard.Access;
using Rung.Dashboard.Frame;
using Rung.Gateway;
using Rung.Gateway.Intake;
using Rung.Gateway.Recording;
using Rung.Gateway.Shadows;
using Rung.Storage;

namespace Rung.Serving.Dashboard;

/// <summary>Gives the dashboard what it may know of this process.</summary>
internal static class DashboardWiring
{
    public static void Add(IServiceCollection services, GatewayServerOptions options, Ledger ledger, PolicyHolder policies)
    {
        var access = new DashboardAccess
        {
            KeysRequired = options.Keys.AreRequired,
            IsKey = key => options.Keys.Welcome("Bearer " + key),
            Operators = options.Operators,
            IsLocalHost = LoopbackHost.IsNamed,
        };
        services.AddSingleton(provider => AuditDesks.Of(options, ledger, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider =>
            new EvidenceLook(() => policies.Snapshot, ledger, options.Content, options.Prices, options.Clock, provider.GetRequiredService<ILogger<EvidenceLook>>()));
        services.AddDashboard(
            provider => new DashboardWorld
            {
                Ledger = ledger, Content = options.Content, Clock = options.Clock, Policy = () => policies.Snapshot, Simulated = options.Simulated,
                Audits = provider.GetRequiredService<AuditDesk>(),
                PolicyDesk = new PolicyDesk(options.WatchedPath, ledger, policies, options.Prices, options.Clock),
                Gateway = new GatewayLook(
                    provider.GetRequiredService<GatewayOptions>(), ledger, provider.GetRequiredService<CallRecorder>(), provider.GetRequiredService<ContentTap>(), provider.GetRequiredService<ShadowCopies>(),
                    provider.GetRequiredService<AlertDelivery>(), options.Content, options.Control != ControlMode.Off),
                Evidence = provider.GetRequiredService<EvidenceLook>(),
            },
            access);
    }
}
