using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Rung.Dashboard.Frame;

namespace Rung.Dashboard.Access;

/// <summary>Signing in and out. Wrong tokens are answered late and a few at a time, so that guessing takes for ever.</summary>
internal sealed partial class SignInPages(DoorKeeper door, IServiceProvider services, ILoggerFactory loggers) : IDisposable
{
    private const int MostFormBytes = 8 * 1024;
    private static readonly TimeSpan s_wrongTokenCosts = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim guesses = new(4, 4);
    private readonly ILogger logger = loggers.CreateLogger<SignInPages>();

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapMethods("/sign-in", ["GET", "HEAD"], (RequestDelegate)ShowAsync);
        app.MapPost("/sign-in", SignInAsync);
        app.MapPost("/sign-out", SignOutAsync);
    }

    public void Dispose() => guesses.Dispose();

    private async Task ShowAsync(HttpContext http)
    {
        if (!door.Access.SignInRequired) http.Response.Redirect("/");
        else await RenderAsync(http, 200, problem: null, LocalUrl.Of(http.Request.Query["to"]));
    }

    private async Task SignInAsync(HttpContext http)
    {
        PageHeaders.Set(http.Response);
        if (!door.IsHostAllowed(http.Request) || !SameOrigin.Is(http.Request) || (await WholeBody.ReadFormAsync(http, MostFormBytes, TimeProvider.System)).Form is not { } form)
        {
            http.Response.StatusCode = 403;
            return;
        }
        var to = LocalUrl.Of(form["to"]);
        if (form["token"] is [{ } token] && door.SignIn(token.Trim()) is { } viewer)
        {
            door.Remember(http, viewer);
            http.Response.Redirect(to);
            return;
        }
        if (!await guesses.WaitAsync(TimeSpan.FromSeconds(5), http.RequestAborted))
        {
            http.Response.StatusCode = 429;
            return;
        }
        try
        {
            await Task.Delay(s_wrongTokenCosts, TimeProvider.System, http.RequestAborted);
        }
        finally
        {
            guesses.Release();
        }
        Log.SignInRefused(logger, http.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        await RenderAsync(http, 403, "That is neither a key of this gateway nor an operator's token.", to);
    }

    private Task SignOutAsync(HttpContext http)
    {
        PageHeaders.Set(http.Response);
        if (SameOrigin.Is(http.Request)) DoorKeeper.Forget(http);
        http.Response.Redirect(door.Access.SignInRequired ? "/sign-in" : "/");
        return Task.CompletedTask;
    }

    private async Task RenderAsync(HttpContext http, int status, string? problem, string to)
    {
        PageHeaders.Set(http.Response);
        await using var renderer = new HtmlRenderer(services, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal) { ["Problem"] = problem, ["To"] = to });
            return (await renderer.RenderComponentAsync<SignInPage>(parameters)).ToHtmlString();
        });
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync("<!DOCTYPE html>\n" + html, http.RequestAborted);
    }

    private static partial class Log
    {
        [LoggerMessage(5503, LogLevel.Warning, "Somebody at {Address} gave a wrong token to the dashboard")]
        public static partial void SignInRefused(ILogger logger, string address);
    }
}
