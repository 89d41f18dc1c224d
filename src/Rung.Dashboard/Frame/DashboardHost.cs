using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
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
        services.AddSingleton<PagePaths>();
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
        var own = PagePaths.Of(app);
        DashboardAssets.Map(own);
        services.GetRequiredService<SignInPages>().Map(own);
        services.GetRequiredService<LiveFeed>().Map(own, server);
        DashboardPages.Map(new PageRoutes(own, server));
    }

    /// <summary>
    /// Answers a request that no endpoint has taken, where the dashboard has something to say: that a page is served by other methods (405), and to a browser that there is no such page (404).
    /// </summary>
    /// <param name="http">The request. Its path is none of the gateway's own.</param>
    /// <returns>False: nothing was written, and it is somebody else's.</returns>
    public static async Task<bool> TryAnswerStrayAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return await http.RequestServices.GetRequiredService<PageServer>().StrayAsync(http);
    }

    // Components have no services of their own: what they show comes in as parameters.
    private sealed class PlainActivator : IComponentActivator
    {
        public IComponent CreateInstance(Type componentType) => (IComponent)Activator.CreateInstance(componentType)!;
    }
}
