using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Rung.Control.Reviews;
using Rung.Dashboard.Access;
using Rung.Dashboard.Frame;
using Rung.Gateway.Intake;
using Rung.Storage.Content;

namespace Rung.Serving;

/// <summary>
/// Reviews over HTTP: <c>GET /rung/reviews</c>, <c>GET /rung/reviews/next</c>, <c>GET</c> and <c>POST /rung/reviews/{item}</c>. Blind: whose answers they are stands in the
/// reply to a verdict, never before it. Runs beside the hot path, a few requests at a time.
/// </summary>
internal sealed class ReviewPages(ReviewDesk? desk, ClientKeys keys, Operators operators, ILogger<ReviewPages> logger) : IDisposable
{
    public const string Path = "/rung/reviews";

    private static readonly string[] s_itemMethods = ["GET", "POST"];

    private readonly PageGuard guard = new(
        keys, operators, new PageGuardWords("Too many reviewers ask at once. Ask again after the wait.", "The store of content cannot be used now; the gateway's log says why. Nothing was lost: send it again."), logger);

    public void Map(IEndpointRouteBuilder app)
    {
        app.Map(Path, http => GuardAsync(http, ["GET"], ProgressAsync));
        app.Map(Path + "/next", http => GuardAsync(http, ["GET"], NextAsync, readsContent: true));
        app.Map(Path + "/{item}", http => HttpMethods.IsPost(http.Request.Method) ? TakeAsync(http) : GuardAsync(http, s_itemMethods, FindAsync, readsContent: true));
    }

    public void Dispose() => guard.Dispose();

    private async Task ProgressAsync(HttpContext http, ReviewDesk open)
    {
        var tag = Query(http, "tag");
        var plans = await open.ProgressAsync(tag, http.RequestAborted);
        var estimates = await open.EstimatesAsync(tag, http.RequestAborted);
        await ReviewReply.WriteAsync(http, 200, new { Plans = plans, Quality = estimates });
    }

    private async Task NextAsync(HttpContext http, ReviewDesk open)
    {
        var turn = new ReviewTurn { Reviewer = ReviewOpinion.RequireName(Query(http, "reviewer")), Tag = Query(http, "tag"), DoubleOnly = Query(http, "double") is "true" or "1" };
        if (await open.NextAsync(turn, http.RequestAborted) is { } shown) await ReviewReply.WriteAsync(http, 200, Blind(shown));
        else ReviewReply.Nothing(http);
    }

    private async Task FindAsync(HttpContext http, ReviewDesk open) => await ReviewReply.WriteAsync(http, 200, Blind(await open.FindAsync(Item(http), http.RequestAborted)));

    /// <summary>A verdict. Its body is read before its turn, so that one that comes slowly keeps nobody waiting.</summary>
    private async Task TakeAsync(HttpContext http)
    {
        ReadOnlyMemory<byte> body = default;
        await GuardAsync(http, s_itemMethods, (request, open) => GiveAsync(request, open, body), readsContent: true, before: async request =>
        {
            if (desk is null) return true; // And told so.
            // JSON only: a page of another origin cannot send it without asking first, and is never told that it may.
            if (!MediaTypeHeaderValue.TryParse(request.Request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            {
                await ReviewReply.RefuseAsync(request, 415, "unsupported_media_type", "Send application/json.");
                return false;
            }
            var read = await WholeBody.ReadAsync(request, ReviewBody.MostBytes, TimeProvider.System);
            body = read.Bytes;
            if (read.Fault == BodyFault.TooLarge) await ReviewReply.RefuseAsync(request, 413, "request_too_large", $"A verdict has at most {ReviewBody.MostBytes / 1024} KiB.");
            else if (read.Fault == BodyFault.TooSlow) await ReviewReply.RefuseAsync(request, 408, "request_timeout", $"The body did not come within {WholeBody.Patience.TotalSeconds:0} s.");
            else if (read.Fault == BodyFault.BrokenOff && !request.RequestAborted.IsCancellationRequested) await ReviewReply.RefuseAsync(request, 400, "invalid_review", "The body broke off.");
            return read.Fault == BodyFault.None;
        });
    }

    private static async Task GiveAsync(HttpContext http, ReviewDesk open, ReadOnlyMemory<byte> body)
    {
        var given = await open.GiveAsync(Item(http), ReviewBody.Parse(body), http.RequestAborted);
        await ReviewReply.WriteAsync(http, 200, Told(given));
    }

    /// <summary>What a reviewer may know: no model, no score, no reason why it was drawn, no inclusion.</summary>
    private static object Blind(ReviewCase shown) => new
    {
        shown.Item.Id, shown.Item.Tag, shown.Item.Scope, shown.Item.Reviewers, shown.IsPair, Messages = shown.Conversation, Left = shown.Left.Text, Right = shown.Right?.Text,
    };

    /// <summary>What was stored and, once there is a verdict, whose answers they were. Who skips may judge later, and is told nothing.</summary>
    private static object Told(GivenReview given)
    {
        var (verdict, shown) = (given.Verdict, given.Shown);
        var open = verdict.Choice == ReviewChoice.Skip ? null : shown;
        return new
        {
            verdict.Item, verdict.Reviewer, verdict.Revision, verdict.Choice, verdict.Good, verdict.Rating, verdict.Score, verdict.Preference, verdict.GivenAt,
            LeftModel = open?.Left.Model, RightModel = open?.Right?.Model, JudgedSide = open is null ? null : shown.IsPair && shown.Item.IsFlipped ? "right" : "left",
            open?.Item.CallId, open?.Item.Part, open?.Item.Why, open?.Item.SampledAt,
        };
    }

    private Task GuardAsync(HttpContext http, string[] methods, Func<HttpContext, ReviewDesk, Task> work, bool readsContent = false, Func<HttpContext, Task<bool>>? before = null) => guard.RunAsync(http, methods, $"Use {string.Join(" or ", methods)}.", async request =>
    {
        if (desk is null)
        {
            await ReviewReply.RefuseAsync(request, 404, "not_found", "This gateway keeps no content, so there is nothing to review. Capture calls of a tag in the policy.");
            return;
        }
        try
        {
            await work(request, desk);
        }
        catch (ReviewException e)
        {
            var (status, code) = e.Fault switch { ReviewFault.NotFound => (404, "not_found"), ReviewFault.Conflict => (409, "review_conflict"), _ => (400, "invalid_review") };
            await ReviewReply.RefuseAsync(request, status, code, e.Message);
        }
    }, readsContent, before);

    private static string Item(HttpContext http) => (string?)http.Request.RouteValues["item"] ?? "";

    private static string? Query(HttpContext http, string name) => http.Request.Query[name] is [{ Length: > 0 } value] ? value : null;
}
