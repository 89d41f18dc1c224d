using Rung.Control.Measurement;
using Rung.Control.Overview;
using Rung.Control.Spend;
using Rung.Control.Tests.Rollouts;
using Rung.Core.Policies;

namespace Rung.Control.Tests.Spend;

public sealed class SpendSliceTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly RolloutWorld _world = new();
    private PolicySnapshot _policy = null!;

    public async Task InitializeAsync()
    {
        await _world.PublishAsync();
        _policy = RolloutWorld.Compile(RolloutWorld.Policy).Snapshot!;
        var calls = Enumerable.Range(0, 400).Select(i => _world.Call(
            _world.Clock.Now.AddMinutes(-7 * i), i % 10 == 9 ? "label" : $"tag-{i % 10}", $"s{i / 4}", i % 3 == 0 ? "small" : "large", 1, null)).ToList();
        calls.ForEach(call => call.CostNanoUsd += call.Id[^1]);
        foreach (var call in calls) call.Attempts[0].CostNanoUsd = call.CostNanoUsd;
        await _world.Ledger.AppendAsync(calls, None);
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData(SpendGrouping.Tag)]
    [InlineData(SpendGrouping.Team)]
    [InlineData(SpendGrouping.Tier)]
    [InlineData(SpendGrouping.Model)]
    [InlineData(SpendGrouping.Role)]
    [InlineData(SpendGrouping.Day)]
    public async Task Whatever_it_is_told_apart_by_rows_and_lines_add_up_to_the_whole(SpendGrouping by)
    {
        var slice = await ReadAsync([by], SpendFilter.None);

        Assert.Equal(400, slice.Whole.Calls);
        Assert.Equal(slice.Whole.CostNanoUsd, slice.Totals.CostNanoUsd);
        Assert.Equal(slice.Whole.CostNanoUsd, slice.Rows.Sum(row => row.Sums.CostNanoUsd));
        Assert.Equal(slice.Whole.CostNanoUsd, slice.Lines.Sum(line => line.CostNanoUsd.Sum()));
    }

    [Fact]
    public async Task The_parts_that_a_filter_leaves_add_up_to_the_whole_at_every_step_down()
    {
        var all = await ReadAsync([SpendGrouping.Tag], SpendFilter.None);
        var sum = 0L;
        foreach (var row in all.Rows)
        {
            var narrowed = await ReadAsync([SpendGrouping.Tier, SpendGrouping.Day], SpendFilter.None.With(SpendGrouping.Tag, row.Tag));
            Assert.Equal(row.Sums.CostNanoUsd, narrowed.Totals.CostNanoUsd);
            Assert.Equal(all.Whole.CostNanoUsd, narrowed.Whole.CostNanoUsd);
            Assert.All(narrowed.Rows, part => Assert.Null(part.Tag)); // Settled by the filter, not told apart any more.
            var day = narrowed.Rows[0];
            var deeper = await ReadAsync(
                [SpendGrouping.Model], SpendFilter.None.With(SpendGrouping.Tag, row.Tag).With(SpendGrouping.Tier, day.Tier).With(SpendGrouping.Day, SpendKeys.ValueOf(day, SpendGrouping.Day)));
            Assert.Equal(day.Sums.CostNanoUsd, deeper.Totals.CostNanoUsd);
            Assert.Equal(day.Sums.CostNanoUsd, deeper.Lines.Sum(line => line.CostNanoUsd.Sum()));
            sum += narrowed.Totals.CostNanoUsd;
        }
        Assert.Equal(all.Whole.CostNanoUsd, sum);
    }

    [Fact]
    public async Task More_parts_than_there_is_room_for_are_drawn_as_the_costliest_and_the_rest()
    {
        var slice = await ReadAsync([SpendGrouping.Tag], SpendFilter.None);

        Assert.Equal(10, slice.Rows.Count);
        Assert.Equal(SpendSlice.MostLines, slice.Lines.Count);
        Assert.Equal([false, false, false, false, false, true], slice.Lines.Select(line => line.IsRest));
        Assert.Equal(slice.Rows.Take(4).Select(row => row.Tag), slice.Lines.Take(4).Select(line => line.Name));
    }

    [Fact]
    public async Task One_high_day_of_a_part_with_a_small_sum_is_not_lost_in_the_rest()
    {
        var peak = _world.Call(_world.Clock.Now.AddHours(-30), "once", "once", "large", 1, null);
        peak.Attempts[0].CostNanoUsd = peak.CostNanoUsd = 20_000_000;
        var second = _world.Call(_world.Clock.Now.AddHours(-40), "twice", "twice", "large", 1, null);
        second.Attempts[0].CostNanoUsd = second.CostNanoUsd = 19_000_000;
        await _world.Ledger.AppendAsync([peak, second], None);

        var slice = await ReadAsync([SpendGrouping.Tag], SpendFilter.None);

        Assert.DoesNotContain("once", slice.Rows.Take(5).Select(row => row.Tag)); // By its sum it would be in the rest.
        Assert.Equal("once", slice.Lines[^2].Name);
        Assert.Equal(("twice", 19_000_000L, 7), (slice.RestPeak!.Name, slice.RestPeak.CostNanoUsd, slice.RestPeak.Parts));
        Assert.Equal(slice.Points.Last(at => at <= second.StartedAt), slice.RestPeak.At);
        Assert.Equal(slice.Whole.CostNanoUsd, slice.Lines.Sum(line => line.CostNanoUsd.Sum()));
    }

    [Fact]
    public async Task A_saving_and_its_interval_are_those_of_the_first_page()
    {
        var period = Period.Last("7d", _world.Clock.Now);
        var first = await OverviewReading.ReadAsync(_world.Ledger, _policy, period, [], _world.Clock.Now, None);

        var slice = await ReadAsync([SpendGrouping.Model], SpendFilter.None);
        Assert.NotNull(slice.Saving?.Interval);
        Assert.Equal(first.Saving, slice.Saving);
        // Of one tag the spread over its sessions is known, of a model it is not.
        Assert.NotNull((await ReadAsync([SpendGrouping.Model], SpendFilter.None.With(SpendGrouping.Tag, "label"))).Saving!.Interval);
        var narrowed = await ReadAsync([SpendGrouping.Tag], SpendFilter.None.With(SpendGrouping.Tier, "small"));
        Assert.Equal((narrowed.Totals.SavingNanoUsd!.Value, false), (narrowed.Saving!.NanoUsd, narrowed.HasSessions));
        Assert.Null(narrowed.Saving.Interval);
    }

    [Fact]
    public async Task A_filter_that_nothing_matches_leaves_nothing()
    {
        var slice = await ReadAsync([SpendGrouping.Tag], SpendFilter.None.With(SpendGrouping.Tag, null));

        Assert.Empty(slice.Rows);
        Assert.Empty(slice.Lines);
        Assert.Equal(0, slice.Totals.Calls);
        Assert.Equal(400, slice.Whole.Calls);
    }

    [Fact]
    public void The_way_down_leads_from_whose_it_is_to_the_day_and_then_to_the_calls()
    {
        var (steps, settled) = (new List<SpendGrouping>(), SpendGrouping.Nothing);
        while (SpendKeys.Next(settled) is { } next)
        {
            steps.Add(next);
            settled |= next;
        }

        Assert.Equal([SpendGrouping.Team, SpendGrouping.Tag, SpendGrouping.Tier, SpendGrouping.Model, SpendGrouping.Day], steps);
        Assert.Equal(SpendGrouping.Tier, SpendKeys.Next(SpendGrouping.Tag));
        Assert.All(SpendKeys.All, by => Assert.Equal(by, SpendKeys.Parse(SpendKeys.Word(by))));
        Assert.Null(SpendKeys.Parse("colour"));
    }

    private Task<SpendSlice> ReadAsync(IReadOnlyList<SpendGrouping> by, SpendFilter filter) =>
        SpendSlice.ReadAsync(_world.Ledger, _policy, Period.Last("7d", _world.Clock.Now), by, filter, None);
}
