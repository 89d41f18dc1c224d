using Rung.Control.Measurement;
using Rung.Control.Overview;
using Rung.Core.Measurement;
using Rung.Core.Statistics;

namespace Rung.Control.Tests.Overview;

public sealed class TagOverviewTests
{
    [Fact]
    public void A_figure_of_too_few_is_not_shown()
    {
        var tag = OverviewWorld.Tag(OverviewWorld.Reading(calls: 19, sessions: 9, judged: new Interval(0.9, 0.6, 1), judgedSessions: 9));

        Assert.Equal((null, 9L), (tag.Cost.Now, tag.Cost.Count));
        Assert.Equal((null, 19L), (tag.Escalation.Now, tag.Escalation.Count));
        Assert.Equal((null, 9L), (tag.Quality.Now, tag.Quality.Count));
        Assert.Equal(FloorState.CannotBeSaid, tag.Floor!.State);
    }

    [Fact]
    public void A_tag_without_sessions_costs_by_the_call()
    {
        var tag = OverviewWorld.Tag(OverviewWorld.Reading(sessions: 0));

        Assert.False(tag.HasSessions);
        Assert.Equal((1e6, 400L), (tag.Cost.Now!.Value.Estimate, tag.Cost.Count));
    }

    [Fact]
    public void A_difference_is_called_more_than_chance_only_where_its_interval_leaves_nothing_out()
    {
        var calm = OverviewWorld.Tag(OverviewWorld.Reading(climbed: 12), OverviewWorld.Reading(climbed: 9)).Escalation;
        var risen = OverviewWorld.Tag(OverviewWorld.Reading(climbed: 40), OverviewWorld.Reading(climbed: 9)).Escalation;

        Assert.False(calm.IsMoreThanChance);
        Assert.True(risen.IsMoreThanChance);
        Assert.Equal(31 / 400.0, risen.Difference!.Value.Estimate, 12);
    }

    [Fact]
    public void Nothing_is_compared_where_nothing_was_asked_for()
    {
        var figure = OverviewWorld.Tag(OverviewWorld.Reading()).Escalation;

        Assert.NotNull(figure.Now);
        Assert.Null(figure.Difference);
        Assert.False(figure.IsMoreThanChance);
    }

    [Fact]
    public void Quality_is_what_the_floor_names_and_not_everything_that_was_said()
    {
        var reading = OverviewWorld.Reading(judged: new Interval(0.8, 0.75, 0.85), judgedSessions: 200);
        reading = reading with { Signals = reading.Signals.Add(new MeasuredSignal(QualitySignal.Check, new Interval(1, 0.99, 1), 400, 400, 0.5)), Quality = new Interval(0.95, 0.9, 0.99) };

        Assert.Equal(0.8, OverviewWorld.Tag(reading).Quality.Now!.Value.Estimate);
        Assert.Equal(FloorState.Broken, OverviewWorld.Tag(reading).Floor!.State);
        Assert.Equal(0.95, OverviewWorld.Tag(reading, tag: "unknown").Quality.Now!.Value.Estimate); // The default route has no floor.
    }

    [Fact]
    public void The_interval_of_the_saving_lies_round_the_exact_sum()
    {
        MeasureReading Saved(long baseline, double half) => OverviewWorld.Reading() with
        {
            BaselineNanoUsd = baseline, Saving = new MeasuredSaving(SavingBasis.Baseline, new Interval(0.5, 0.5 - half, 0.5 + half), default, 400, 400),
        };

        var saving = NetSaving.Of(500, 0.5, 800, 1_000, [Saved(600, 0.1), Saved(400, 0.2)])!;

        Assert.Equal((500, 800, 1_000, 0.5), (saving.NanoUsd, saving.Calls, saving.AllCalls, saving.Share));
        Assert.Equal(Math.Sqrt((0.06 * 0.06) + (0.08 * 0.08)), saving.Interval!.Value.High - 0.5, 12);
        Assert.Null(NetSaving.Of(null, null, 0, 1_000, []));
        Assert.Null(NetSaving.Of(0, null, 0, 1_000, [])!.Interval);
    }
}
