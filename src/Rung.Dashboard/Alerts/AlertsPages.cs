using System.Globalization;
using Rung.Control.Alerts;
using Rung.Dashboard.Frame;
using Rung.Dashboard.Parts;

namespace Rung.Dashboard.Alerts;

/// <summary><c>/alerts</c>: what fires, on both axes side by side; one alert and its history; silences.</summary>
internal static class AlertsPages
{
    private const string All = "/alerts";
    private const int MostEvents = 200;
    private const int MostFieldChars = 300;
    private static readonly string[] s_fields = ["key", "tag", "kind", "for"];

    public static void Map(PageRoutes routes)
    {
        routes.Page(All, ShowAsync);
        routes.Page(All + "/{**key}", ShowOneAsync);
        routes.Act(All + "/silences", SilenceAsync);
        routes.Act(All + "/silences/{id}/end", EndAsync);
    }

    /// <summary>The page of an alert.</summary>
    public static string UrlOf(string key) => $"{All}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}";

    private static async Task<PageReply> ShowAsync(PageRequest page)
    {
        var listing = await AlertListing.ReadAsync(page.Ledger, page.Policy, withEnded: true, page.Now, page.Cancellation);
        return PageReply.Show<AlertsPage>("Alerts", ("Listing", listing), ("Axes", AlertAxes.Of(page.Policy, listing)));
    }

    private static async Task<PageReply> ShowOneAsync(PageRequest page)
    {
        var key = page.Route("key");
        if (await page.Ledger.FindAlertAsync(key, page.Cancellation) is not { } alert)
            return PageReply.NotFound($"No alert with the key {key} was ever seen. Those of the last {AlertListing.EndedWithin.Days} days stand on the page of all alerts.");
        var silences = await page.Ledger.ListSilencesAsync(page.Now, page.Cancellation);
        var history = await page.Ledger.ReadAlertHistoryAsync(key, MostEvents, page.Cancellation);
        return PageReply.Show<AlertPage>(
            $"Alert {key}", ("Row", new AlertRow(alert, AlertListing.SilenceOf(alert, silences, page.Now))), ("History", history), ("Silences", silences.Where(silence => silence.Covers(alert)).ToList()));
    }

    private static async Task<ActReply> SilenceAsync(PageRequest page)
    {
        var back = page.Field("back") is { } url && url.StartsWith(All, StringComparison.Ordinal) ? url : All;
        if (Policy.PolicyPages.Reason(page) is null) return ActReply.Refuse(back, $"Nothing was silenced: say why, in at most {Policy.PolicyPages.LongestReason} characters. Whoever is woken by nothing will want to know.");
        if (s_fields.Any(name => page.Field(name)?.Length > MostFieldChars)) return ActReply.Refuse(back, $"Nothing was silenced: a key, a tag, a kind and a length have at most {MostFieldChars} characters each.");
        var wish = new SilenceWish(page.Field("key"), page.Field("tag"), page.Field("kind"), page.Field("for"), page.Field("why"));
        if (SilenceRules.Read(wish, page.Viewer.Author, page.Now, out var draft) is { } fault) return ActReply.Refuse(back, WhyNot(fault, wish));
        var silence = await page.Ledger.AddSilenceAsync(draft!, page.Cancellation);
        var covered = (await page.Ledger.ListAlertsAsync(endedSince: null, page.Cancellation)).Count(silence.Covers);
        return ActReply.Back(
            $"{All}#silences", $"Silence {silence.Id} holds until {Words.When(silence.Until)} UTC, by {silence.Who}. It covers {(covered == 0 ? "no alert that is open now" : Words.Count(covered, "open alert"))}.");
    }

    private static async Task<ActReply> EndAsync(PageRequest page)
    {
        if (!long.TryParse(page.Route("id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return ActReply.Refuse(All, "That is no silence.");
        return await page.Ledger.EndSilenceAsync(id, page.Viewer.Author, page.Cancellation) is { } silence
            ? ActReply.Back($"{All}#silences", $"Silence {silence.Id} was ended by {silence.EndedBy}. What fires under it is told at the next step of the control loop.")
            : ActReply.Refuse($"{All}#silences", $"There is no silence {id}, or it is over already.");
    }

    private static string WhyNot(SilenceFault fault, SilenceWish wish) => fault switch
    {
        SilenceFault.UnknownKind => $"\"{wish.Kind}\" is no kind of alert. Choose one of the list.",
        SilenceFault.Everything => "A silence of everything would hide what nobody thought of. Name a key, a tag or a kind; of several, all must hold.",
        SilenceFault.NoLength => $"\"{wish.Length}\" is no length of time. Write 30m, 4h or 2d; at most {SilenceRules.Longest.Days}d.",
        _ => "Say why: whoever is woken by nothing will want to know.",
    };
}
