using Rung.Control.Calls;
using Rung.Control.Measurement;
using Rung.Core.Spans;
using Rung.Dashboard.Frame;
using Rung.Storage.Calls;

namespace Rung.Dashboard.Calls;

/// <summary><c>/calls</c>, <c>/calls/{id}</c> and <c>/sessions/{id}</c>.</summary>
internal static class CallsPages
{
    private const int UsualLimit = 50;

    public static void Map(PageRoutes routes)
    {
        routes.Page("/calls", ListAsync);
        routes.Data("/calls.csv", async page => await FindAsync(page) is var (_, found, _) && found is not null ? CallFiles.CallsCsv(found.Calls) : Refused(page));
        routes.Data("/calls.json", async page => await FindAsync(page) is var (_, found, _) && found is not null
            ? DataReply.Json(new { Calls = found.Calls.Select(CallView.Of), found.Next, found.LookedBackTo }) : Refused(page));
        routes.Page("/calls/{id}", CallAsync);
        routes.Data("/calls/{id}/call.json", async page => await page.Ledger.FindCallAsync(page.Route("id"), page.Cancellation) is { } call
            ? DataReply.Json(CallView.Of(call)) : DataReply.NotFound("There is no such call in the ledger."));
        routes.Page("/sessions", SessionAsync);
        routes.Page("/sessions/{**id}", SessionAsync);
    }

    private static async Task<PageReply> ListAsync(PageRequest page)
    {
        var (search, found, fault) = await FindAsync(page);
        var reply = PageReply.Show<CallListPage>("Calls", ("Search", search), ("Found", found), ("Fault", fault));
        return fault is null ? reply : reply with { Status = 400 };
    }

    private static async Task<PageReply> CallAsync(PageRequest page)
    {
        var id = page.Route("id");
        if (!CallReading.IsId(id)) return PageReply.NotFound("That is not the id of a call: these have 32 hexadecimal digits, as in the reply header x-rung-call-id.");
        var reading = await CallReading.ReadAsync(page.Ledger, page.World.Content, id, page.Viewer.MayReadContent, page.Cancellation);
        return reading is null
            ? PageReply.NotFound($"There is no call {id} in the ledger. It is still running (then load this page again when it has ended), it was dropped because the queue was full, it was taken out of the ledger, or it went through another gateway.")
            : PageReply.Show<CallPage>($"Call {id[..12]}", ("Reading", reading));
    }

    private static async Task<PageReply> SessionAsync(PageRequest page)
    {
        if (CallLinks.SessionOf(page.Http) is not { } session) return PageReply.NotFound("Name a session: /sessions/ID. The list of calls links to them.");
        var after = page.Query("after");
        if (after is not null && !CallReading.IsId(after)) return PageReply.Bad("after is no place in the list. Leave it out to begin with the newest call of the session.");
        var look = await SessionReading.ReadAsync(page.Ledger, session, after, page.Cancellation);
        return look is { Reading: null, Next: null }
            ? PageReply.NotFound($"No call of the session \"{Short(session)}\" was found. None of it has ended yet, its name was forgotten on request, or its calls went through another gateway.")
            : PageReply.Show<SessionPage>($"Session {Short(session)}", ("Session", session), ("Look", look));
    }

    private static async Task<(CallSearch? Search, CallSearchPage? Found, string? Fault)> FindAsync(PageRequest page)
    {
        var form = CallSearchForm.Read(name => Field(page, name), UsualLimit, page.Now);
        if (form.Search is not { } search) return (null, null, form.Fault);
        return (search, await page.Ledger.SearchCallsAsync(search, page.Cancellation), null);
    }

    // Other pages speak of periods: what they link to must show the same calls.
    private static string? Field(PageRequest page, string name)
    {
        if (name is not ("since" or "until") || page.Query(name) is not null) return page.Query(name);
        if (page.Query(name == "since" ? "from" : "to") is { } given) return given;
        if (page.Query("period") is not { } period || !Period.TryParse(period, null, null, null, page.Now, out var known, out _)) return null;
        return (name == "since" ? known.From : known.To).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static DataReply Refused(PageRequest page) =>
        DataReply.Json(new { Error = CallSearchForm.Read(name => Field(page, name), UsualLimit, page.Now).Fault }) with { Status = 400 };

    private static string Short(string session) => session.Length <= 60 ? session : session[..60] + "…";
}
