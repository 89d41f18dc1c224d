using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rung.Core.Prices;
using Rung.Serving;
using Rung.Storage.Revisions;

namespace Rung.Tests.Dashboard;

/// <summary>The pages of the policy: what they show, and the way back.</summary>
public sealed partial class PolicyPagesTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const string Hostile = "<script>alert(1)</script>\"' onload=x";

    [Fact]
    public async Task The_org_chart_says_of_each_tag_where_it_stands_who_answers_why_and_what_catches_its_failure()
    {
        await using var gateway = await DashboardGateway.StartAsync();

        var html = await gateway.PageAsync("/policy");
        using var json = JsonDocument.Parse(await gateway.PageAsync("/policy.json"));

        var sort = Card(html, "tag-sort");
        Assert.Contains("team-a", sort);
        Assert.Contains("Cheap.", sort);
        Assert.Contains("climbs to frontier", sort);
        Assert.Contains("none is named", sort);
        Assert.Contains("RUNG003", sort);
        Assert.Contains("no calls", sort);
        Assert.Contains("user-visible", Card(html, "tag-answer"));
        Assert.Contains("$10 in, $20 out for a million tokens", html);
        Assert.True(html.IndexOf("id=\"rung-frontier\"", StringComparison.Ordinal) < html.IndexOf("id=\"rung-small\"", StringComparison.Ordinal), "the strongest rung is at the top");
        Assert.Equal("frontier", json.RootElement.GetProperty("rungs")[0].GetProperty("tier").GetString());
        Assert.Contains("No pins", html);
    }

    [Fact]
    public async Task History_tells_who_when_why_and_what_changed_and_texts_of_people_are_only_text()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        await ChangeAsync(gateway, "tier: small, owner", "tier: frontier, owner", reason: Hostile, author: "ben <b>");

        var html = await gateway.PageAsync("/policy/history");
        var two = await gateway.PageAsync("/policy/history/2");
        var one = await gateway.PageAsync("/policy/history/1?with=2");

        Assert.DoesNotContain("<script>alert", html);
        Assert.Contains("ben &lt;b&gt;: &lt;script&gt;alert(1)&lt;/script&gt;", html);
        Assert.Contains("sort: small → frontier", html);
        Assert.Contains("roll back to revision 1", html);
        Assert.Contains("rung policy rollback 1", html);
        Assert.Contains("the first revision", html);
        Assert.True(html.IndexOf("Revision 2", StringComparison.Ordinal) < html.IndexOf("Revision 1<", StringComparison.Ordinal), "the newest first");
        Assert.DoesNotContain("<script>alert", two);
        Assert.Contains("tier: frontier, owner", two);
        Assert.Contains("From revision 2 to revision 1", one);
        Assert.Contains("sort: frontier → small", one);
    }

    [Theory]
    [InlineData("/policy/history/99")]
    [InlineData("/policy/history/one")]
    [InlineData("/policy/history/1?with=99")]
    [InlineData("/policy/explain?tag=sort&revision=99")]
    public async Task What_is_not_there_is_said_to_be_missing(string path)
    {
        await using var gateway = await DashboardGateway.StartAsync();

        using var reply = await gateway.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        Assert.Contains("There is no revision", await reply.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_roll_back_writes_the_file_and_stands_in_the_history_under_the_operators_name_with_the_reason()
    {
        await using var gateway = await DashboardGateway.StartAsync(operators: $"anna={Token}");
        var before = await File.ReadAllTextAsync(gateway.PolicyPath);
        await ChangeAsync(gateway, "tier: small, owner", "tier: frontier, owner");
        await SignInAsync(gateway);

        var look = await gateway.PageAsync("/policy/history/1/roll-back");
        Assert.Contains("sort: frontier → small", look);
        Assert.Contains("rung.yaml", look);
        Assert.DoesNotContain(Path.GetDirectoryName(gateway.PolicyPath)!, look);
        using var done = await gateway.ActAsync("/policy/history/1/roll-back", "/policy/history/1/roll-back", ("seen", Seen(look)), ("why", "complaints " + Hostile));

        var html = await done.Content.ReadAsStringAsync();
        Assert.Contains("on record as revision 3", html);
        Assert.Equal(before, await File.ReadAllTextAsync(gateway.PolicyPath));
        var newest = (await gateway.Ledger.ListRevisionsAsync(CancellationToken.None))[0];
        Assert.Equal(("anna", $"rollback to 1: complaints {Hostile}", RevisionOrigin.Person), (newest.Author, newest.Reason, newest.Origin));
        Assert.DoesNotContain("<script>alert", html);
    }

    [Fact]
    public async Task A_roll_back_needs_a_reason_a_token_and_what_was_seen()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        await ChangeAsync(gateway, "tier: small, owner", "tier: frontier, owner");
        var changed = await File.ReadAllTextAsync(gateway.PolicyPath);
        const string Path = "/policy/history/1/roll-back";
        var seen = Seen(await gateway.PageAsync(Path));

        using var silent = await gateway.ActAsync(Path, Path, ("seen", seen), ("why", "  "));
        using var blind = await gateway.ActAsync(Path, Path, ("why", "because"));
        using var forged = await gateway.Client.PostAsync(Path, new FormUrlEncodedContent([new("seen", seen), new("why", "because")]));

        Assert.Contains("say why", await silent.Content.ReadAsStringAsync());
        Assert.Contains("changed since you looked", await blind.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        Assert.Equal(changed, await File.ReadAllTextAsync(gateway.PolicyPath));
        Assert.Equal(2, (await gateway.Ledger.ListRevisionsAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_file_that_changed_since_it_was_looked_at_is_not_written_over()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        await ChangeAsync(gateway, "tier: small, owner", "tier: frontier, owner");
        const string Path = "/policy/history/1/roll-back";
        var seen = Seen(await gateway.PageAsync(Path));
        // With a fault, so that the gateway itself does not take it up.
        var edited = await File.ReadAllTextAsync(gateway.PolicyPath) + "\nnonsense: [";
        await File.WriteAllTextAsync(gateway.PolicyPath, edited);

        using var refused = await gateway.ActAsync(Path, Path, ("seen", seen), ("why", "because"));

        var html = await refused.Content.ReadAsStringAsync();
        Assert.Contains("has changed since you looked", html);
        Assert.Contains("a copy of what the file holds now", html);
        Assert.Equal(edited, await File.ReadAllTextAsync(gateway.PolicyPath));
    }

    [Fact]
    public async Task Of_two_who_go_back_at_once_one_does()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        await ChangeAsync(gateway, "tier: small, owner", "tier: frontier, owner");
        const string Path = "/policy/history/1/roll-back";
        var seen = Seen(await gateway.PageAsync(Path));

        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            using var reply = await gateway.ActAsync(Path, Path, ("seen", seen), ("why", $"person {i}"));
            return await reply.Content.ReadAsStringAsync();
        }));

        Assert.Single(replies, html => html.Contains("on record as revision 3", StringComparison.Ordinal));
        Assert.Equal(3, (await gateway.Ledger.ListRevisionsAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Who_only_has_a_key_looks_and_does_not_act()
    {
        await using var gateway = await DashboardGateway.StartAsync(key: "a-gateway-key-of-some-length", operators: $"anna={Token}");
        using var signedIn = await gateway.Client.PostAsync("/sign-in", new FormUrlEncodedContent([new("token", "a-gateway-key-of-some-length"), new("to", "/policy")]));
        await ChangeAsync(gateway, "tier: small, owner", "tier: frontier, owner");
        const string Path = "/policy/history/1/roll-back";
        var look = await gateway.PageAsync(Path);

        using var refused = await gateway.ActAsync(Path, Path, ("seen", Seen(look)), ("why", "because"));

        Assert.Contains("disabled", look);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(2, (await gateway.Ledger.ListRevisionsAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_call_is_explained_as_the_command_line_explains_it()
    {
        await using var gateway = await DashboardGateway.StartAsync();

        var form = await gateway.PageAsync("/policy/explain");
        var known = await gateway.PageAsync("/policy/explain?tag=sort&input_tokens=500");
        var virtualModel = await gateway.PageAsync("/policy/explain?asked=1&model=rung%2Fsort");
        var idle = await gateway.PageAsync("/policy/explain?tag=sort&model=gpt-x");
        var tooMuch = await gateway.PageAsync("/policy/explain?tag=sort&needs=vision");
        var slip = await gateway.PageAsync("/policy/explain?tag=" + Uri.EscapeDataString(Hostile));

        Assert.DoesNotContain("It goes to", form);
        Assert.Contains("It goes to small: little", known);
        Assert.Contains("Tag sort has a route of its own.", known);
        Assert.Contains("it is not on small", known);
        Assert.Contains("Tag sort has a route of its own.", virtualModel);
        Assert.Contains("decides nothing", idle);
        Assert.Contains("The call needs vision.", tooMuch);
        Assert.Contains("is not a name", slip);
        Assert.DoesNotContain("<script>alert", slip);
    }

    /// <summary>Changes the policy file, on record as the next revision before the watcher sees it.</summary>
    private static async Task ChangeAsync(DashboardGateway gateway, string from, string to, string reason = "a change", string author = "ben")
    {
        var text = (await File.ReadAllTextAsync(gateway.PolicyPath)).Replace(from, to, StringComparison.Ordinal);
        var file = PolicyFile.Compile("rung.yaml", text, _ => null, PriceBook.Embedded, new DateOnly(2026, 11, 22));
        await gateway.Ledger.PublishRevisionAsync(file.Compilation.Snapshot!.Hash, text, file.Files, author, reason, CancellationToken.None);
        await File.WriteAllTextAsync(gateway.PolicyPath, text);
    }

    private static async Task SignInAsync(DashboardGateway gateway)
    {
        using var reply = await gateway.Client.PostAsync("/sign-in", new FormUrlEncodedContent([new("token", Token), new("to", "/policy")]));
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    private static string Card(string html, string id)
    {
        var from = html.IndexOf($"id=\"{id}\"", StringComparison.Ordinal);
        Assert.True(from >= 0, $"{id} is not on the page");
        return html[from..html.IndexOf("</article>", from, StringComparison.Ordinal)];
    }

    private static string Seen(string html) => SeenField().Match(html).Groups["seen"].Value;

    [GeneratedRegex("""name="seen" value="(?<seen>[^"]+)""")]
    private static partial Regex SeenField();
}
