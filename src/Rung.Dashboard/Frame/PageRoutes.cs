using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Rung.Dashboard.Frame;

/// <summary>Where page classes say what they serve.</summary>
internal sealed class PageRoutes(IEndpointRouteBuilder app, PageServer server)
{
    /// <summary>A page: GET, HTML.</summary>
    public void Page(string path, Func<PageRequest, Task<PageReply>> show) => app.MapMethods(path, ["GET", "HEAD"], (HttpContext http) => server.PageAsync(http, show));

    /// <summary>A table or another piece of data: GET.</summary>
    public void Data(string path, Func<PageRequest, Task<DataReply>> give) => app.MapMethods(path, ["GET", "HEAD"], (HttpContext http) => server.DataAsync(http, give));

    /// <summary>Something that changes something: POST of a form. Rights, origin and token have been looked at before.</summary>
    /// <param name="path">Where forms are sent.</param>
    /// <param name="act">Does it.</param>
    /// <param name="isRepeatable">Whether the same form may be taken twice: it changes nothing but the browser's own cookies.</param>
    public void Act(string path, Func<PageRequest, Task<ActReply>> act, bool isRepeatable = false) => app.MapPost(path, (HttpContext http) => server.ActAsync(http, act, isRepeatable));

    /// <summary>An act that reads its form itself: an upload. Its token stands in the URL's parameter <c>_token</c>.</summary>
    public void Upload(string path, Func<PageRequest, Task<ActReply>> act) => app.MapPost(path, (HttpContext http) => server.UploadAsync(http, act));
}
