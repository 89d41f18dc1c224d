using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rung.Dashboard.Frame;

/// <summary>Renders a page to HTML on the server, once and whole.</summary>
internal sealed class PageRenderer(IServiceProvider services, ILoggerFactory loggers)
{
    /// <summary>Writes a page as the response.</summary>
    public async Task WriteAsync(PageRequest page, PageReply reply)
    {
        var response = page.Http.Response;
        var html = await RenderAsync(page, reply);
        response.StatusCode = reply.Status;
        response.ContentType = "text/html; charset=utf-8";
        if (HttpMethods.IsHead(page.Http.Request.Method)) return;
        await response.WriteAsync(html, page.Cancellation);
    }

    private async Task<string> RenderAsync(PageRequest page, PageReply reply)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal) { ["Page"] = page, ["Reply"] = reply });
            var root = await renderer.RenderComponentAsync<FramePage>(parameters);
            return "<!DOCTYPE html>\n" + root.ToHtmlString();
        });
    }
}
