using Rung.Core.Alerts;
using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Core.Statistics;
using Rung.Core.Steering;

namespace Rung.Core.Tests.Steering;

/// <summary>Budgets, verifiers, inputs, versions, and sums that are remembered.</summary>
public sealed class OtherWatchesTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_budget_that_will_be_used_up_is_told_before_it_is()
    {
        var pace = new BudgetPace(new Budget("team", 3_000_000_000, BudgetPeriod.Month, []));
        var random = new Random(1);
        // Ten cents a day until the 20th, then three times as much, all of it by day.
        var (at, told) = (Monday, new List<DateTimeOffset>());
        for (; at < Monday.AddDays(28); at = at.AddHours(1))
        {
            if (at.Hour is >= 8 and < 20) pace.Add(at.AddMinutes(5), (long)((at.Day < 20 ? 1e8 : 3e8) / 12 * (0.8 + (0.4 * random.NextDouble()))));
            if (pace.Condition(at.AddHours(1)) is { } condition) told.Add(condition.Since);
        }
        var reading = pace.Read(at);

        Assert.InRange(told[0], Monday.AddDays(19), Monday.AddDays(27));
        // It is foreseen once; when it has come true, it holds since the call that used the budget up.
        Assert.Equal([told[0], new DateTimeOffset(2026, 11, 24, 9, 5, 0, TimeSpan.Zero)], told.Distinct());
        Assert.Equal(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero), reading.To);
        Assert.InRange(pace.Read(at).Forecast!.Value.Estimate, 4.8e9, 5.6e9);
    }

    [Fact]
    public void A_forecast_covers_what_comes_and_days_and_nights_do_not_fool_it()
    {
        var covered = 0;
        for (var run = 0; run < 100; run++)
        {
            var (pace, random, total) = (new BudgetPace(new Budget("b", 1, BudgetPeriod.Week, [])), new Random(run), 0.0);
            Interval forecast = default;
            for (var hour = 0; hour < 28 * 24; hour++)
            {
                var at = Monday.AddHours(hour);
                if (hour == (24 * 24) + 7) forecast = pace.Read(at).Forecast!.Value;
                var cost = hour % 24 is >= 8 and < 20 ? (long)(1e8 * random.NextDouble()) : 0;
                pace.Add(at, cost);
                if (hour >= 21 * 24) total += cost;
            }
            if (forecast.Covers(total)) covered++;
        }
        Assert.InRange(covered, 88, 100);
    }

    [Fact]
    public void What_is_spent_is_spent_and_a_new_period_begins_at_nothing()
    {
        var pace = new BudgetPace(new Budget("day", 1_000_000_000, BudgetPeriod.Day, ["a"]));
        Assert.False(pace.Covers("b"));
        Assert.False(pace.Covers(null));
        pace.Add(Monday.AddHours(9), 1_500_000_000);
        pace.Add(Monday.AddHours(9), null);

        var condition = pace.Condition(Monday.AddHours(10))!;

        Assert.Equal((AlertSeverity.Critical, AlertKind.BudgetPace, "budget:day"), (condition.Severity, condition.Kind, condition.Key));
        Assert.Contains("$1.50 of $1.00 spent this day", condition.Summary, StringComparison.Ordinal);
        Assert.Contains("1 calls of unknown price", condition.Summary, StringComparison.Ordinal);
        Assert.Equal(0, pace.Read(Monday.AddDays(1)).SpentNanoUsd);
    }

    [Fact]
    public void A_verifier_that_judges_no_longer_agree_with_is_told()
    {
        var watch = new CalibrationWatch(QualitySignal.Judge, "t");
        var random = new Random(1);
        void Add(int count, double bias)
        {
            for (var i = 0; i < count; i++)
            {
                var score = 0.5 + (0.5 * random.NextDouble());
                watch.Add(SteeringCase.Verdict(i, Monday.AddMinutes(i), random.NextDouble() < score - bias ? 1 : 0) with { VerifierScore = score });
            }
        }
        Add(1_500, 0);
        Assert.False(watch.IsDrifted);
        Add(1_500, 0.2);

        var reading = watch.Read();
        Assert.True(reading.IsDrifted);
        Assert.Contains("no longer agrees with judge: judgement minus score", reading.Words, StringComparison.Ordinal);
        Assert.InRange(reading.Now!.Value.Estimate, -0.25, -0.15);
        watch.Settle(Monday.AddDays(30));
        Assert.False(watch.IsDrifted);
    }

    [Fact]
    public void Inputs_that_differ_in_two_windows_in_a_row_are_told_and_chance_is_not()
    {
        InputProfile Window(Random random, double german)
        {
            var builder = new InputProfileBuilder();
            for (var i = 0; i < 60; i++) builder.Add(random.NextDouble() < german ? "Wie kann ich meine Rechnung bezahlen, und wann ist sie fällig?" : "How can I pay my invoice, and when is it due for payment?", 0);
            return builder.Build();
        }
        var random = new Random(1);
        var watch = new InputWatch(Window(random, 0), "eval set t@2");
        for (var i = 0; i < 50; i++) watch.Compare(Window(random, 0), Monday.AddDays(i));
        Assert.False(watch.IsDrifted);
        watch.Compare(Window(random, 0.5), Monday.AddDays(50));
        Assert.False(watch.IsDrifted);
        watch.Compare(Window(random, 0.5), Monday.AddDays(51));
        Assert.Equal(Monday.AddDays(50), watch.SinceAt);

        var tag = SteeringCase.Watch();
        tag.Inputs = watch;
        var told = Assert.Single(tag.Conditions());
        Assert.Equal((AlertKind.InputDrift, "rung eval build --tag classify-intent --since 2026-12-22T00:00Z"), (told.Kind, told.Next));
    }

    [Fact]
    public void Another_version_string_is_told_once_three_calls_report_it_and_is_known_after_a_week()
    {
        var watch = new VersionWatch();
        ObservedCall Call(int i, string name) => SteeringCase.Call(i, Monday.AddMinutes(i)) with { UpstreamModel = name };
        for (var i = 0; i < 20; i++) watch.Add(Call(i, i % 2 == 0 ? "v1" : "v1-b"));
        for (var i = 20; i < 22; i++) watch.Add(Call(i, "v2"));
        Assert.False(watch.IsChanged);
        watch.Add(Call(22, "v2"));

        Assert.True(watch.IsChanged);
        var change = Assert.Single(watch.Changes());
        Assert.Equal(("a", "v2", 3L, Monday.AddMinutes(20)), (change.Model, change.Now, change.Calls, change.Since));
        watch.Settle(Monday.AddDays(8));
        Assert.False(watch.IsChanged);
    }

    [Fact]
    public void A_place_far_back_is_found_again_to_within_a_thirtieth()
    {
        var places = new Milestones();
        for (var i = 0L; i < 100_000; i++) places.Add(new Milestone(i, i, i, i, Monday.AddSeconds(i), 1));
        foreach (var back in new[] { 1, 10, 60, 500, 4_000, 30_000, 90_000 })
        {
            var found = places.Before(100_000 - back)!.Value.Ordinal;
            Assert.InRange(100_000 - back - found, 0, back / 15);
        }
    }

    [Fact]
    public void A_session_ceiling_waits_for_sessions_to_end_and_a_day_is_a_sum()
    {
        var watch = new CeilingWatch(new Ceiling(null, 1_000, 200_000), "t");
        for (var i = 0; i < 200; i++)
        {
            for (var call = 0; call < 3; call++) watch.Add(SteeringCase.Call(i, Monday.AddMinutes(i)) with { Session = $"s{i}", Unit = $"s{i}", CostNanoUsd = 300 }, inForce: true);
        }
        watch.Settle(Monday.AddHours(5));
        var reading = watch.Read();
        Assert.Equal((WatchState.Met, 180_000), (reading.State, reading.TodayNanoUsd));
        Assert.Equal(900, reading.PerSession!.Value.Estimate, 6);

        watch.Add(SteeringCase.Call(9, Monday.AddHours(5)) with { CostNanoUsd = 30_000 }, inForce: false);
        Assert.Contains("today: $0.000210, ceiling $0.000200 a day, passed at 2026-11-02 05:00 UTC", watch.Read().Words, StringComparison.Ordinal);
        watch.Settle(Monday.AddDays(1));
        Assert.False(watch.IsBroken);
    }
}
