using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Rung.Control.Tests.Reviews;
using Rung.Dashboard.Frame;

namespace Rung.Tests.Dashboard;

/// <summary>The same form twice is one act.</summary>
public sealed partial class TakenFormsTests
{
    private readonly ReviewWorld.HandClock clock = new(ReviewWorld.Monday);
    private readonly TakenForms taken;
    private int done;

    public TakenFormsTests() => taken = new TakenForms(clock);

    [Fact]
    public async Task Twenty_equal_forms_at_once_make_one_silence_and_one_freeze()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        var token = TokenField().Match(await gateway.PageAsync("/alerts")).Groups["value"].Value;

        foreach (var act in new[] { "/alerts/silences", "/rollouts/freeze" })
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(gateway, act, ("_token", token), ("tag", "sort"), ("for", "4h"), ("why", "a known fault"))));
            Assert.Single(replies, reply => !reply.Contains("This was done already", StringComparison.Ordinal));
        }

        Assert.Single(await gateway.Ledger.ListSilencesAsync(DateTimeOffset.UtcNow, default));
        Assert.Single(await gateway.Ledger.ListFreezesAsync(50, default));
    }

    [Fact]
    public async Task A_page_that_was_gone_back_to_and_sent_again_says_that_it_has_been_done()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        var page = await gateway.PageAsync("/rollouts");
        (string, string)[] form = [("_token", TokenField().Match(page).Groups["value"].Value), ("_once", OnceField().Match(page).Groups["value"].Value), ("why", "a change freeze")];

        var first = await PostAsync(gateway, "/rollouts/freeze", form);
        using var free = await gateway.ActAsync("/rollouts", "/rollouts/unfreeze", ("why", "over"));
        var again = await PostAsync(gateway, "/rollouts/freeze", form);

        Assert.Contains("Frozen until somebody lets go", first);
        Assert.Contains("This was done already, and is not done a second time. Frozen until somebody lets go", again);
        Assert.False((await gateway.Ledger.ReadFreezeAsync(default))!.Frozen);
        // A page that is loaded anew has a form of its own.
        using var anew = await gateway.ActAsync("/rollouts", "/rollouts/freeze", ("why", "a change freeze"));
        Assert.True((await gateway.Ledger.ReadFreezeAsync(default))!.Frozen);
    }

    [Fact]
    public async Task Every_form_that_changes_something_has_an_id_of_its_own()
    {
        await using var gateway = await DashboardGateway.StartAsync();
        var html = await gateway.PageAsync("/alerts") + await gateway.PageAsync("/rollouts") + await gateway.PageAsync("/rollouts");

        var ids = OnceField().Matches(html).Select(match => match.Groups["value"].Value).ToList();
        Assert.Equal((TokenField().Count(html), true), (ids.Count, ids.Count >= 3));
        Assert.Distinct(ids);
    }

    [Fact]
    public async Task An_id_is_known_for_long_and_equal_words_for_ten_seconds_and_only_with_nothing_between()
    {
        Assert.Equal("did 1", await TakeAsync("anna", "1", "freeze"));
        Assert.Equal("again: did 1", await TakeAsync("anna", null, "freeze"));
        Assert.Equal("did 2", await TakeAsync("anna", "1", "unfreeze")); // The page was gone back to, and something else written into the form.
        Assert.Equal("did 3", await TakeAsync("anna", "2", "freeze"));
        clock.Now += TimeSpan.FromSeconds(10);
        Assert.Equal("again: did 3", await TakeAsync("anna", "3", "freeze"));
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal("did 4", await TakeAsync("anna", "3", "freeze"));
        clock.Now += TimeSpan.FromDays(1);
        Assert.Equal("again: did 1", await TakeAsync("anna", "1", "freeze"));
        Assert.Equal("did 5", await TakeAsync("ben", "1", "freeze"));
        Assert.Equal("did 6", await TakeAsync("anna", null, "freeze"));
    }

    [Fact]
    public async Task What_was_refused_or_failed_may_be_tried_again_and_those_who_wait_for_it_try_themselves()
    {
        var first = new TaskCompletionSource<ActReply>();
        var one = taken.TakeAsync("anna", "/a", Form("1", "freeze"), () => first.Task, default);
        var two = TakeAsync("anna", "1", "freeze");
        clock.Now += TimeSpan.FromMinutes(1);
        var three = TakeAsync("anna", "2", "freeze"); // However long the first one takes.
        using var gone = new CancellationTokenSource();
        var impatient = taken.TakeAsync("anna", "/a", Form("1", "freeze"), () => Task.FromResult(ActReply.Back("/")), gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        Assert.False(two.IsCompleted || three.IsCompleted);
        first.SetException(new IOException("the disk is full"));
        await Assert.ThrowsAsync<IOException>(() => one);
        Assert.Equal(["again: did 1", "did 1"], new[] { await two, await three }.Order(StringComparer.Ordinal));

        Assert.Equal("no", (await taken.TakeAsync("anna", "/a", Form("4", "x"), () => Task.FromResult(ActReply.Refuse("/", "no")), default)).Notice!.Words);
        Assert.Equal("did 2", await TakeAsync("anna", "4", "x"));
    }

    [Fact]
    public async Task The_oldest_are_forgotten()
    {
        for (var i = 1; i <= 257; i++) Assert.Equal($"did {i}", await TakeAsync("anna", $"{i}", $"act {i}"));

        Assert.Equal("again: did 2", await TakeAsync("anna", "2", "act 2"));
        Assert.Equal("did 258", await TakeAsync("anna", "1", "act 1"));
    }

    private async Task<string> TakeAsync(string who, string? id, string why)
    {
        var reply = await taken.TakeAsync(who, "/a", Form(id, why), () => Task.FromResult(ActReply.Back("/", $"did {++done}")), default);
        return reply.Notice!.Words.Replace("This was done already, and is not done a second time. ", "again: ", StringComparison.Ordinal);
    }

    private static FormCollection Form(string? id, string why) => new(new Dictionary<string, StringValues>(StringComparer.Ordinal) { ["_token"] = "any", ["_once"] = id, ["why"] = why });

    private static async Task<string> PostAsync(DashboardGateway gateway, string act, params (string Name, string Value)[] fields)
    {
        using var reply = await gateway.Client.PostAsync(act, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
        return await reply.Content.ReadAsStringAsync();
    }

    [GeneratedRegex("""name="_token" value="(?<value>[^"]+)""")]
    private static partial Regex TokenField();

    [GeneratedRegex("""name="_once" value="(?<value>[^"]+)""")]
    private static partial Regex OnceField();
}
