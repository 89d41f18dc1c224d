using Rung.Control.Health;
using Rung.Control.Overview;
using Rung.Control.Steering;
using Rung.Control.Tests.Rollouts;
using Rung.Core.Alerts;
using Rung.Core.Statistics;
using Rung.Storage.Alerts;

namespace Rung.Control.Tests.Overview;

public sealed class AttentionTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly RolloutWorld _world = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task Without_calls_nothing_is_claimed()
    {
        var attention = await ReadAsync([]);

        Assert.False(attention.HasData);
        Assert.Equal("No calls since 2026-11-02 07:00 UTC: there is nothing to judge by.", attention.Sentence(_world.Clock.Now));
        Assert.Equal(
            "No calls from 2026-11-02 07:00 to 2026-11-02 07:30 UTC: there is nothing to judge by.", (attention with { Until = attention.From.AddMinutes(30) }).Sentence(_world.Clock.Now));
    }

    [Fact]
    public async Task Calls_that_wait_to_be_added_up_are_not_called_none()
    {
        var attention = await ReadAsync([]);

        Assert.Equal("Nothing can be said yet: 6,625 calls wait to be added up.", (attention with { Waiting = 6_625 }).Sentence(_world.Clock.Now));
        Assert.Equal("Nothing can be said yet: the calls on record are being added up.", (attention with { IsIncomplete = true }).Sentence(_world.Clock.Now));
    }

    [Fact]
    public async Task Calm_is_said_with_its_time_and_its_calls_and_what_cannot_be_said()
    {
        await _world.Ledger.TryHoldLeaseAsync(ControlLoop.LeaseName, "one", _world.Clock.Now.AddMinutes(3), None);

        var attention = await ReadAsync([OverviewWorld.Tag(OverviewWorld.Reading())]);

        Assert.Empty(attention.Needed);
        Assert.Equal(
            "Nothing needs attention: since 2026-11-02 07:00 UTC, on 400 calls of 1 tag, no alert fires. Of 1 floor too little is judged yet to say.", attention.Sentence(_world.Clock.Now));
    }

    [Fact]
    public async Task Where_nobody_watches_calm_says_so()
    {
        var attention = await ReadAsync([OverviewWorld.Tag(OverviewWorld.Reading(judged: new Interval(0.95, 0.92, 0.97), judgedSessions: 200))]);

        Assert.Equal(
            "Nothing needs attention: since 2026-11-02 07:00 UTC, on 400 calls of 1 tag, nothing stands out and no floor is shown to be broken. No control loop runs on this ledger, so no alert can begin.",
            attention.Sentence(_world.Clock.Now));
    }

    [Fact]
    public async Task Alerts_come_first_the_most_severe_of_them_before_the_others()
    {
        await OverviewWorld.StepAsync(
            _world, new AlertBook(new AlertTimes(), []), OverviewWorld.Condition("climbs:label", AlertKind.EscalationDrift, AlertSeverity.Warning, "climbs rose", _world.Clock.Now),
            OverviewWorld.Condition("floor:label", AlertKind.QualityFloor, AlertSeverity.Critical, "quality dropped", _world.Clock.Now),
            OverviewWorld.Condition("version:mini", AlertKind.UpstreamVersion, AlertSeverity.Info, "mini reports another version", _world.Clock.Now, tag: null));

        var attention = await ReadAsync([OverviewWorld.Tag(OverviewWorld.Reading(judged: new Interval(0.8, 0.75, 0.85), judgedSessions: 200))], unknownPrices: 3);

        Assert.Equal(AttentionLevel.Now, attention.Level);
        Assert.Equal("Quality dropped. And 2 more things need attention.", attention.Sentence(_world.Clock.Now));
        // The broken floor is told once: by its alert.
        Assert.Equal(["quality dropped", "climbs rose", "the price of 3 attempts is unknown: every total is without them", "mini reports another version"], attention.Items.Select(item => item.Words));
    }

    [Fact]
    public async Task A_silenced_alert_is_a_note()
    {
        await _world.Ledger.AddSilenceAsync(new SilenceDraft { Tag = "label", From = _world.Clock.Now, Until = _world.Clock.Now.AddHours(1), Who = "ada", Why = "known" }, None);
        await OverviewWorld.StepAsync(_world, new AlertBook(new AlertTimes(), []), OverviewWorld.Condition("floor:label", AlertKind.QualityFloor, AlertSeverity.Critical, "quality dropped", _world.Clock.Now));

        var attention = await ReadAsync([OverviewWorld.Tag(OverviewWorld.Reading())]);

        Assert.Equal((AttentionLevel.Note, "1 alert fires and is silenced"), (Assert.Single(attention.Items).Level, attention.Items[0].Words));
    }

    [Fact]
    public async Task A_floor_that_the_period_shows_broken_is_named_with_its_numbers()
    {
        var attention = await ReadAsync([OverviewWorld.Tag(OverviewWorld.Reading(judged: new Interval(0.8, 0.75, 0.85), judgedSessions: 200))]);

        Assert.Equal("The quality of label was 0.800 (0.750 to 0.850) in this period, below its floor of 0.9; 200 sessions were judged.", attention.Sentence(_world.Clock.Now));
    }

    [Fact]
    public async Task A_rollout_that_somebody_holds_is_named()
    {
        await _world.PublishAsync();
        var rollout = await _world.StartAsync();
        await _world.Desk.HoldAsync(rollout.Id, "ben", "a holiday", None);
        _world.Clock.Now += TimeSpan.FromHours(3);

        var item = Assert.Single((await ReadAsync([OverviewWorld.Tag(OverviewWorld.Reading())])).Items);

        Assert.Equal((AttentionLevel.Look, "rollout 1 is held by ben for 3 h: a holiday", "/rollouts/1"), (item.Level, item.Words, item.Url));
    }

    [Fact]
    public async Task Trouble_of_the_serving_process_is_named()
    {
        var serving = new ServingHealth
        {
            StartedAt = OverviewWorld.Eight, Revision = 1, LoadedAt = OverviewWorld.Eight, RunsControl = true,
            Models = [new("mini", "p", ServedState.Open, TimeSpan.FromSeconds(5), 0), new("maxi", "p", ServedState.WithoutKey, TimeSpan.Zero, 0), new("midi", "p", ServedState.Closed, TimeSpan.Zero, 3)],
            Queues = [new("calls for the ledger", 5, 65_536, 1_000, 12, 0, false, "they are in no number") { LosesData = true }, new("captured content", 0, 1_024, 0, 0, 0, false, "")],
        };

        var attention = await ReadAsync([OverviewWorld.Tag(OverviewWorld.Reading())], serving: ServingTrouble.Of(serving));

        Assert.Equal(
            ["model maxi has no key and is not asked", "model mini failed several times in a row and is left alone", "calls for the ledger: 12 were dropped since 2026-11-02 08:00 UTC: they are in no number"],
            attention.Items.Select(item => item.Words));
    }

    [Fact]
    public async Task A_past_time_tells_the_alerts_that_fired_in_it_and_those_of_now_in_one_line()
    {
        var book = new AlertBook(new AlertTimes(), []);
        var floor = OverviewWorld.Condition("floor:label", AlertKind.QualityFloor, AlertSeverity.Critical, "quality dropped", OverviewWorld.Eight);
        await OverviewWorld.StepAsync(_world, book, floor);
        _world.Clock.Now = OverviewWorld.Eight.AddMinutes(30);
        await OverviewWorld.StepAsync(_world, book);
        _world.Clock.Now = OverviewWorld.Eight.AddDays(3);
        await OverviewWorld.StepAsync(_world, book, floor with { Summary = "quality dropped again" }, OverviewWorld.Condition("climbs:label", AlertKind.EscalationDrift, AlertSeverity.Warning, "climbs rose", _world.Clock.Now));

        var during = await PastAsync(-1, 1);
        Assert.Equal(
            "From 2026-11-02 07:00 to 2026-11-02 09:00 UTC: An alert fired from 2026-11-02 08:00 to 2026-11-02 08:30 UTC: quality dropped.", during.Sentence(_world.Clock.Now));
        Assert.Equal((AttentionLevel.Note, "now: 2 alerts are firing", "/alerts"), (during.Items[^1].Level, during.Items[^1].Words, during.Items[^1].Url));
        Assert.Equal(2, during.Items.Length);

        // What had ended before, and what began later, did not fire then.
        var between = await PastAsync(1, 2);
        Assert.Equal("Nothing stood out: from 2026-11-02 09:00 to 2026-11-02 10:00 UTC, on 400 calls of 1 tag, no alert fired and no floor is shown to be broken.", between.Sentence(_world.Clock.Now));
        Assert.Equal(["now: 2 alerts are firing"], between.Items.Select(item => item.Words));
    }

    [Fact]
    public async Task An_alert_that_began_before_a_past_time_and_lasts_fired_in_it_too()
    {
        await OverviewWorld.StepAsync(_world, new AlertBook(new AlertTimes(), []), OverviewWorld.Condition("floor:label", AlertKind.QualityFloor, AlertSeverity.Warning, "quality dropped", OverviewWorld.Eight));
        _world.Clock.Now = OverviewWorld.Eight.AddDays(3);

        var attention = await PastAsync(24, 25);

        Assert.Equal(["an alert began to fire at 2026-11-02 08:00 UTC and has not ended: quality dropped", "now: 1 alert is firing"], attention.Items.Select(item => item.Words));
    }

    [Fact]
    public async Task What_this_process_suffers_from_now_is_not_told_as_of_a_past_time()
    {
        _world.Clock.Now = OverviewWorld.Eight.AddDays(3);

        var attention = await AttentionReading.ReadAsync(
            _world.Ledger, new AttentionData(OverviewWorld.Eight, 400, [OverviewWorld.Tag(OverviewWorld.Reading())], 0) { Until = OverviewWorld.Eight.AddHours(1) },
            [new(AttentionLevel.Look, "model maxi has no key and is not asked", "/health")], _world.Clock.Now, None);

        Assert.Equal(("now: 1 thing needs attention", "/"), (Assert.Single(attention.Items).Words, attention.Items[0].Url));
        Assert.Null(attention.First);
    }

    // From so many hours after eight to so many.
    private Task<Attention> PastAsync(int from, int to)
    {
        var tag = OverviewWorld.Tag(OverviewWorld.Reading(judged: new Interval(0.95, 0.92, 0.97), judgedSessions: 200));
        return AttentionReading.ReadAsync(
            _world.Ledger, new AttentionData(OverviewWorld.Eight.AddHours(from), 400, [tag], 0) { Until = OverviewWorld.Eight.AddHours(to) }, [], _world.Clock.Now, None);
    }

    private Task<Attention> ReadAsync(IReadOnlyList<TagOverview> tags, long unknownPrices = 0, IReadOnlyList<AttentionItem>? serving = null) => AttentionReading.ReadAsync(
        _world.Ledger, new AttentionData(OverviewWorld.Eight.AddHours(-1), tags.Sum(tag => tag.Reading.Calls), tags, unknownPrices), serving ?? [], _world.Clock.Now, None);
}
