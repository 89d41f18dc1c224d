using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rung.Dashboard.Access;
using Rung.Storage;

namespace Rung.Dashboard.Frame;

/// <summary>
/// Serves pages: 1. who asks, and may they; 2. a few at a time, never on the thread of a socket; 3. the page's own work; 4. rendering. What fails becomes a page that says what and
/// what to do.
/// </summary>
internal sealed partial class PageServer(DashboardWorld world, DoorKeeper door, PageRenderer renderer, PagePaths paths, ILogger<PageServer> logger) : IDisposable
{
    /// <summary>Pages that are made at the same time.</summary>
    private const int AtOnce = 8;

    /// <summary>Uploads that are taken at the same time, beside the pages: one can take as long as its sender likes.</summary>
    private const int UploadsAtOnce = 2;

    private const int MostFormBytes = 256 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim turns = new(AtOnce, AtOnce), uploads = new(UploadsAtOnce, UploadsAtOnce);
    private readonly NoticeBoard notices = new();
    private readonly TakenForms taken = new(TimeProvider.System); // As sessions: by the time of the machine.

    public DoorKeeper Door => door;

    public DashboardWorld World => world;

    public void Dispose()
    {
        turns.Dispose();
        uploads.Dispose();
    }

    /// <summary>Serves a page.</summary>
    public async Task PageAsync(HttpContext http, Func<PageRequest, Task<PageReply>> show)
    {
        if (await EnterAsync(http) is not { } viewer) return;
        var page = new PageRequest(http, world, viewer, door) { Notice = notices.Take(http.Request.Query[NoticeBoard.Parameter]) };
        await InTurnAsync(turns, page, async () => await renderer.WriteAsync(page, await show(page)));
    }

    /// <summary>Serves data.</summary>
    public async Task DataAsync(HttpContext http, Func<PageRequest, Task<DataReply>> give)
    {
        if (await EnterAsync(http) is not { } viewer) return;
        var page = new PageRequest(http, world, viewer, door);
        await InTurnAsync(turns, page, async () =>
        {
            var data = await give(page);
            http.Response.StatusCode = data.Status;
            http.Response.ContentType = data.ContentType;
            if (data.FileName is { } name) http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
            if (!HttpMethods.IsHead(http.Request.Method)) await data.Write(http.Response.Body, http.RequestAborted);
        });
    }

    /// <summary>Takes a form.</summary>
    public async Task ActAsync(HttpContext http, Func<PageRequest, Task<ActReply>> act, bool isRepeatable)
    {
        if (await EnterAsync(http) is not { } viewer) return;
        var page = new PageRequest(http, world, viewer, door);
        // Before its turn: a form that comes slowly keeps nobody from the pages. Of who may not act nothing is read.
        var (sent, fault) = viewer.WhyNot is null ? await WholeBody.ReadFormAsync(http, MostFormBytes, TimeProvider.System) : default;
        if (sent is not null) page.Form = sent;
        await InTurnAsync(turns, page, async () =>
        {
            if (fault is { } words) await renderer.WriteAsync(page, PageReply.Trouble(400, "This form cannot be taken", words));
            else await RunActAsync(page, page.Field(DoorKeeper.TokenField), isRepeatable ? act : OnceAsync);
        });

        Task<ActReply> OnceAsync(PageRequest form) => taken.TakeAsync(viewer.Session ?? viewer.Author, form.Here, form.Form, () => act(form), form.Cancellation);
    }

    /// <summary>Takes an upload, whose body the act reads itself.</summary>
    public async Task UploadAsync(HttpContext http, Func<PageRequest, Task<ActReply>> act)
    {
        if (await EnterAsync(http) is not { } viewer) return;
        var page = new PageRequest(http, world, viewer, door);
        await InTurnAsync(uploads, page, () => RunActAsync(page, page.Query(DoorKeeper.TokenField), act));
    }

    /// <summary>Answers a request that no endpoint has taken; false when it is none for pages.</summary>
    public async Task<bool> StrayAsync(HttpContext http)
    {
        var methods = paths.MethodsOf(http.Request.Path);
        if (methods.Count == 0)
        {
            if (!IsBrowser(http.Request)) return false;
            await PageAsync(http, _ => Task.FromResult(PageReply.Show<NoSuchPage>("There is no such page") with { Status = 404 }));
            return true;
        }
        http.Response.Headers.Allow = string.Join(", ", methods);
        var words = $"This address is served by {string.Join(" and ", methods)}, not by {http.Request.Method}.";
        if (IsBrowser(http.Request))
        {
            await PageAsync(http, _ => Task.FromResult(PageReply.Trouble(405, "This is not served that way", words)));
            return true;
        }
        // As the gateway's own paths say it. That a page exists is no secret, so nobody has to sign in for it.
        PageHeaders.Set(http.Response);
        var refusal = DataReply.Json(new { Error = new { Message = words, Type = "invalid_request_error", Code = "method_not_allowed" } });
        http.Response.StatusCode = 405;
        http.Response.ContentType = refusal.ContentType;
        if (!HttpMethods.IsHead(http.Request.Method)) await refusal.Write(http.Response.Body, http.RequestAborted);
        return true;
    }

    // Browsers name HTML when somebody opens an address; programs, and what a page loads, do not.
    private static bool IsBrowser(HttpRequest request) => request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);

    /// <summary>Who comes in; null when they were told why not.</summary>
    public async Task<Viewer?> EnterAsync(HttpContext http)
    {
        PageHeaders.Set(http.Response);
        if (!door.IsHostAllowed(http.Request))
        {
            http.Response.StatusCode = 403;
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync("Without keys this gateway is for its own machine only. Open it as http://127.0.0.1:<port>/ or http://localhost:<port>/, or set RUNG_KEYS and sign in.\n");
            return null;
        }
        if (SameOrigin.IsForeign(http.Request))
        {
            http.Response.StatusCode = 403;
            return null; // A picture or a script of another page: nobody sees it.
        }
        if (door.Who(http) is { } viewer)
        {
            if (viewer.Session is not null) door.Remember(http, viewer);
            return viewer;
        }
        if (HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.Authorization.Count == 0)
        {
            var back = http.Request.Path.Value is "/" or null ? "" : "?to=" + Uri.EscapeDataString(http.Request.Path + http.Request.QueryString);
            http.Response.Redirect("/sign-in" + back);
            return null;
        }
        http.Response.StatusCode = 401;
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync("Sign in at /sign-in with a gateway key or an operator's token, or send it as 'Authorization: Bearer …'.\n");
        return null;
    }

    private async Task RunActAsync(PageRequest page, string? token, Func<PageRequest, Task<ActReply>> act)
    {
        if (door.WhyRefused(page.Http, page.Viewer, token) is { } why)
        {
            await renderer.WriteAsync(page, PageReply.Trouble(403, "Nothing was changed", why));
            return;
        }
        var reply = await act(page);
        var url = LocalUrl.Of(reply.Url);
        page.Http.Response.StatusCode = (int)HttpStatusCode.SeeOther;
        page.Http.Response.Headers.Location = reply.Notice is { } notice ? notices.Post(url, notice) : url;
    }

    // Made in its turn, sent after it.
    private async Task InTurnAsync(SemaphoreSlim line, PageRequest page, Func<Task> work)
    {
        await using var held = HeldResponse.Of(page.Http);
        await MakeAsync(line, page, work);
        await held.SendAsync();
    }

    private async Task MakeAsync(SemaphoreSlim line, PageRequest page, Func<Task> work)
    {
        var http = page.Http;
        try
        {
            if (!await line.WaitAsync(s_patience, http.RequestAborted))
            {
                http.Response.Headers.RetryAfter = "5";
                await renderer.WriteAsync(page, PageReply.Trouble(503, "Too many pages at once", "Others are looking right now. Load the page again in a few seconds."));
                return;
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        try
        {
            await Task.Run( // Never on the thread of a socket, which serves calls.
                () =>
                {
                    // Another file in the ledger's place would be read without a word. /health says so itself, and shows the rest.
                    if (!page.Path.StartsWith("/health", StringComparison.Ordinal) && !page.Path.StartsWith("/sign-", StringComparison.Ordinal)) world.Ledger.RequireInPlace();
                    return work();
                },
                CancellationToken.None);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The reader has gone.
        }
        catch (LedgerException e)
        {
            Log.LedgerFailed(logger, page.Path, e.Message);
            await SayAsync(page, 503, "The ledger cannot be read now", $"{e.Problem} {e.Fix} Calls are served all the same.");
        }
        catch (BadHttpRequestException e)
        {
            await SayAsync(page, e.StatusCode, "This request cannot be taken", e.Message);
        }
        catch (Exception e)
        {
            Log.PageFailed(logger, page.Path, e);
            await SayAsync(page, 500, "This page failed", "That is a fault of Rung, and the gateway's log has the details. Calls are served all the same.");
        }
        finally
        {
            line.Release();
        }
    }

    private async Task SayAsync(PageRequest page, int status, string title, string words)
    {
        page.Http.Response.Clear(); // Also what was made of the page before it failed.
        PageHeaders.Set(page.Http.Response);
        await renderer.WriteAsync(page, PageReply.Trouble(status, title, words));
    }

    private static partial class Log
    {
        [LoggerMessage(5501, LogLevel.Error, "The ledger could not be read for the page {Path}: {Problem}")]
        public static partial void LedgerFailed(ILogger logger, string path, string problem);

        [LoggerMessage(5502, LogLevel.Error, "The page {Path} failed")]
        public static partial void PageFailed(ILogger logger, string path, Exception exception);
    }
}
