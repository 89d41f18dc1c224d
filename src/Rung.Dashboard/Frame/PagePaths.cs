using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Rung.Dashboard.Frame;

/// <summary>Which of the application's paths are the dashboard's, and by what methods each is served: what a request is told that no endpoint has taken.</summary>
/// <param name="endpoints">All endpoints of the application. Read at the first request that asks: then they are all there.</param>
internal sealed class PagePaths(EndpointDataSource endpoints)
{
    private readonly Lazy<IReadOnlyList<(TemplateMatcher Path, IReadOnlyList<string> Methods)>> known = new(() => Read(endpoints));

    /// <summary>A place for endpoints that belong to the dashboard.</summary>
    public static IEndpointRouteBuilder Of(IEndpointRouteBuilder app)
    {
        var own = app.MapGroup("");
        own.WithMetadata(new Mark());
        return own;
    }

    /// <summary>The methods that a path has, in the order of their names; none: there is nothing of the dashboard's.</summary>
    public IReadOnlyList<string> MethodsOf(PathString path) => path.Value is not ['/', ..]
        ? [] : [.. known.Value.Where(own => own.Path.TryMatch(path, [])).SelectMany(own => own.Methods).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static List<(TemplateMatcher, IReadOnlyList<string>)> Read(EndpointDataSource endpoints) =>
    [
        .. endpoints.Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<Mark>() is not null)
            .Select(endpoint => (new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []), endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods)),
    ];

    private sealed class Mark;
}
