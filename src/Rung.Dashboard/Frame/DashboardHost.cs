using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rung.Dashboard.Access;
using Rung.Dashboard.Live;

namespace Rung.Dashboard.Frame;

/// <summary>Puts the dashboard into an ASP.NET Core application.</summary>
public static class DashboardHost
{
    /// <summary>Registers what pages need.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="world">Makes what pages may know.</param>
    /// <param name="access">Who may come in.</param>
    public static IServiceCollection AddDashboard(this IServiceCollection services, Func<IServiceProvider, DashboardWorld> world, DashboardAccess access)
    {
        services.AddSingleton(world);
        services.AddSingleton<IComponentActivator, PlainActivator>();
        // Sessions last by the time of the machine, whatever time the story of a demo has.
        services.AddSingleton(_ => new DoorKeeper(access, TimeProvider.System));
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<PageServer>();
        services.AddSingleton<SignInPages>();
        services.AddSingleton<LiveFeed>();
        return services;
    }

    /// <summary>Serves the pages.</summary>
    public static void MapDashboard(this IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var server = services.GetRequiredService<PageServer>();
        DashboardAssets.Map(app);
        services.GetRequiredService<SignInPages>().Map(app);
        services.GetRequiredService<LiveFeed>().Map(app, server);
        DashboardPages.Map(new PageRoutes(app, server));
    }

    // Components have no services of their own: what they show comes in as parameters.
    private sealed class PlainActivator : IComponentActivator
    {
        public IComponent CreateInstance(Type componentType) => (IComponent)Activator.CreateInstance(componentType)!;
    }
}
