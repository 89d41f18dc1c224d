using Microsoft.AspNetCore.Http;
using Rung.Control.Reviews;
using Rung.Dashboard.Access;
using Rung.Dashboard.Frame;
using Rung.Storage.Content;

namespace Rung.Dashboard.Reviews;

/// <summary>
/// <c>/reviews</c>: how far reviews are and what they say; <c>/reviews/next</c> and <c>/reviews/{item}</c>: answers to judge, blind. Whose answers they are is in no page before the
/// verdict of whoever looks.
/// </summary>
internal static class ReviewsPages
{
    private const string All = "/reviews";
    private const string NameCookie = "rung_reviewer";
    private const string NeedsRights = "Prompts and answers stand on this page. With a gateway key you may not read them: sign in with an operator's token (RUNG_OPERATORS).";

    public static void Map(PageRoutes routes)
    {
        routes.Page(All, ShowAsync);
        routes.Page(All + "/next", NextAsync);
        routes.Page(All + "/{item}", ShowItemAsync);
        routes.Act(All + "/name", page => Task.FromResult(Name(page)), isRepeatable: true);
        routes.Act(All + "/{item}", GiveAsync);
        routes.Act(All + "/{item}/withdraw", WithdrawAsync);
    }

    private static async Task<PageReply> ShowAsync(PageRequest page)
    {
        var overview = DeskOf(page) is { } desk ? await desk.OverviewAsync(page.Query("tag"), page.Cancellation) : null;
        return PageReply.Show<ReviewsPage>("Reviews", ("Overview", overview), ("Reviewer", ReviewerOf(page)));
    }

    private static async Task<PageReply> NextAsync(PageRequest page)
    {
        if (!page.Viewer.MayReadContent) return PageReply.Forbidden(NeedsRights);
        if (DeskOf(page) is not { } desk) return PageReply.NotFound("This gateway keeps no content, so there is nothing to review. Capture calls of a tag in the policy.");
        if (ReviewerOf(page) is not { } reviewer) return PageReply.Show<NamePage>("Review");
        var turn = new ReviewTurn { Reviewer = reviewer, Tag = page.Query("tag"), DoubleOnly = page.Query("double") is "1" };
        var told = page.Query("told") is { } last ? await desk.ToldAsync(last, reviewer, page.Cancellation) : null;
        if (await desk.NextAsync(turn, page.Cancellation) is not { } shown) return PageReply.Show<NothingLeftPage>("Review", ("Reviewer", reviewer), ("Told", told));
        return await ItemAsync(page, desk, reviewer, shown, told, mine: null);
    }

    private static async Task<PageReply> ShowItemAsync(PageRequest page)
    {
        if (!page.Viewer.MayReadContent) return PageReply.Forbidden(NeedsRights);
        if (DeskOf(page) is not { } desk) return PageReply.NotFound("This gateway keeps no content, so there is nothing to review.");
        if (ReviewerOf(page) is not { } reviewer) return PageReply.Show<NamePage>("Review");
        try
        {
            var shown = await desk.FindAsync(page.Route("item"), page.Cancellation);
            return await ItemAsync(page, desk, reviewer, shown, told: null, await desk.ToldAsync(shown.Item.Id, reviewer, page.Cancellation));
        }
        catch (ReviewException e)
        {
            return PageReply.NotFound(e.Message);
        }
    }

    private static async Task<PageReply> ItemAsync(PageRequest page, ReviewDesk desk, string reviewer, ReviewCase shown, GivenReview? told, GivenReview? mine)
    {
        var progress = (await desk.ProgressAsync(shown.Item.Tag, page.Cancellation)).FirstOrDefault(plan => plan.Plan.Scope == shown.Item.Scope);
        return PageReply.Show<ItemPage>("Review", ("Shown", BlindCase.Of(shown)), ("Progress", progress), ("Reviewer", reviewer), ("Told", told), ("Mine", mine));
    }

    private static async Task<ActReply> GiveAsync(PageRequest page)
    {
        var item = page.Route("item");
        if (Refusal(page) is { } why) return ActReply.Refuse(All, why);
        if (ReviewerOf(page) is not { } reviewer) return ActReply.Refuse($"{All}/next", "Say who you are first.");
        var here = page.Field("here") is { } url && url.StartsWith(All + "/", StringComparison.Ordinal) ? url : $"{All}/next";
        if (Verdicts.Read(page.Field("verdict"), reviewer, page.Field("comment")) is not { } opinion) return ActReply.Refuse(here, "That is no verdict. Use the buttons of the page.");
        try
        {
            var given = await DeskOf(page)!.GiveAsync(item, opinion, page.Cancellation);
            // A skipped item may still be judged: whose answers they were is not told.
            return given.Verdict.Choice == ReviewChoice.Skip ? ActReply.Back(NextUrl(page, null), "Skipped: it is not shown to you again.") : ActReply.Back(NextUrl(page, item));
        }
        catch (ReviewException e)
        {
            return ActReply.Refuse(e.Fault == ReviewFault.Invalid ? here : NextUrl(page, null), e.Message);
        }
    }

    /// <summary>
    /// A slip: the verdict becomes "not sure". It cannot be judged again, for by now the reviewer knows whose answer it is.
    /// </summary>
    private static async Task<ActReply> WithdrawAsync(PageRequest page)
    {
        if (Refusal(page) is { } why) return ActReply.Refuse(All, why);
        if (ReviewerOf(page) is not { } reviewer) return ActReply.Refuse($"{All}/next", "Say who you are first.");
        try
        {
            var desk = DeskOf(page)!;
            var item = page.Route("item");
            if (await desk.ToldAsync(item, reviewer, page.Cancellation) is null) return ActReply.Refuse(NextUrl(page, null), "There is no verdict of yours on this item.");
            await desk.GiveAsync(item, new ReviewOpinion { Reviewer = reviewer, Choice = ReviewChoice.Unsure }, page.Cancellation);
            return ActReply.Back(NextUrl(page, null), "Taken for a slip: your verdict counts as not sure. It is not shown again, for you know by now whose answer it was.");
        }
        catch (ReviewException e)
        {
            return ActReply.Refuse(NextUrl(page, null), e.Message);
        }
    }

    private static ActReply Name(PageRequest page)
    {
        var back = page.Field("back") is { } url && url.StartsWith(All, StringComparison.Ordinal) ? url : $"{All}/next";
        try
        {
            var name = ReviewOpinion.RequireName(page.Field("reviewer"));
            page.Http.Response.Cookies.Append(NameCookie, name, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = SameOrigin.IsEncrypted(page.Http.Request), Path = All, IsEssential = true });
            return ActReply.Back(back);
        }
        catch (ReviewException e)
        {
            return ActReply.Refuse(back, e.Message);
        }
    }

    /// <summary>Who reviews: the operator, else the name that was given for this session of the browser; null: nobody said.</summary>
    private static string? ReviewerOf(PageRequest page) => Checked(page.Viewer.Name) ?? Checked(page.Http.Request.Cookies[NameCookie]);

    private static string? Checked(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        try
        {
            return ReviewOpinion.RequireName(name);
        }
        catch (ReviewException)
        {
            return null; // An operator's name may hold what a reviewer's may not: then a name is asked for.
        }
    }

    private static string? Refusal(PageRequest page) =>
        !page.Viewer.MayReadContent ? NeedsRights : page.World.Content is null ? "This gateway keeps no content, so there is nothing to review." : null;

    private static string NextUrl(PageRequest page, string? told)
    {
        var query = QueryString.Empty;
        if (page.Field("tag") is { } tag) query = query.Add("tag", tag);
        if (page.Field("double") is "1") query = query.Add("double", "1");
        if (told is not null) query = query.Add("told", told);
        return $"{All}/next{query}";
    }

    private static ReviewDesk? DeskOf(PageRequest page) => page.World.Content is { } store ? new ReviewDesk(store, page.Ledger, page.World.Clock) : null;
}
