using Rung.Control.Rollouts;
using Rung.Core.Rollouts;
using Rung.Core.Statistics;
using Rung.Storage.Rollouts;

namespace Rung.Control.Tests.Rollouts;

/// <summary>A rollout told for a page.</summary>
public sealed class RolloutStoryTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    private static readonly RolloutPlan s_plan = new()
    {
        Salt = "pepper", Tags = ["sort"], Stages = [100, 1_000, RolloutPlan.Whole], MinTime = TimeSpan.FromDays(2), Guards = [new Guard(GuardMetric.Error, 0.01), new Guard(GuardMetric.Judge, 0.03)],
    };

    [Fact]
    public void A_stage_lasts_from_its_step_to_the_next_whatever_was_held_in_between()
    {
        var story = Of(Event(0, RolloutEventKind.Started, 0), Event(1, RolloutEventKind.Held, 0), Event(2, RolloutEventKind.Resumed, 0), Event(3, RolloutEventKind.Advanced, 1));

        Assert.Equal([(s_start, s_start.AddHours(3), false), (s_start.AddHours(3), null, true), (null, null, false)], story.Stages.Select(stage => ((DateTimeOffset?)stage.Began, stage.Ended, stage.IsNow)));
        Assert.Equal([5.0, 1.0, 1.0], story.Stages.Select(stage => stage.MarginFactor));
        Assert.Equal(s_start.AddHours(3).AddDays(1), story.NotBefore);
    }

    [Fact]
    public void What_was_taken_back_is_in_no_stage_any_more()
    {
        var story = Of(Event(0, RolloutEventKind.Started, 0), Event(1, RolloutEventKind.RolledBack, -1));

        Assert.DoesNotContain(story.Stages, stage => stage.IsNow);
        Assert.Equal(s_start.AddHours(1), story.Stages[0].Ended);
        Assert.Null(story.NotBefore);
        Assert.False(story.IsStale);
    }

    [Fact]
    public void An_open_rollout_that_nobody_decides_about_is_stale_and_one_that_was_just_read_is_not()
    {
        var rollout = Rollout(Event(0, RolloutEventKind.Started, 0));
        var reading = new RolloutReading(1, s_start.AddHours(9), 0, RolloutPlanJson.Write(Verdict(0.02)));

        Assert.True(RolloutStory.Of(rollout, [], s_start.AddHours(9)).IsStale);
        Assert.False(RolloutStory.Of(rollout, [reading], s_start.AddHours(9).AddMinutes(1)).IsStale);
        Assert.True(RolloutStory.Of(rollout, [reading], s_start.AddHours(10)).IsStale);
    }

    [Fact]
    public void A_reading_that_cannot_be_read_is_left_out_and_hides_nothing_else()
    {
        var rollout = Rollout(Event(0, RolloutEventKind.Started, 0), Event(1, RolloutEventKind.Advanced, 1) with { Numbers = "{" });
        RolloutReading[] readings = [new(1, s_start, 0, "nonsense"), new(1, s_start.AddHours(1), 0, RolloutPlanJson.Write(Verdict(0.02))), new(1, s_start.AddHours(2), 0, """{"decision":"dance"}""")];

        var story = RolloutStory.Of(rollout, readings, s_start.AddHours(3));

        Assert.Equal([1, 0], story.Guards.Select(guard => guard.Instants.Count));
        Assert.Equal((s_start.AddHours(1), 1_234L, 200L), (story.VerdictAt!.Value, story.Verdict!.CallsExposed, story.UnitsExposed!.Value));
        Assert.Null(story.Events[1].Verdict);
        Assert.Equal("a first reading", story.Guards[1].Needs(s_plan));
    }

    private static RolloutStory Of(params RolloutEvent[] events) => RolloutStory.Of(Rollout(events), [], s_start.AddHours(4));

    private static Rollout Rollout(params RolloutEvent[] events) => new() { Id = 1, Candidate = 2, Base = 1, Plan = s_plan, Events = [.. events] };

    private static RolloutEvent Event(int ordinal, RolloutEventKind kind, int stage) => new() { Ordinal = ordinal, At = s_start.AddHours(ordinal), Kind = kind, Stage = stage, By = "ana", Why = "a test" };

    private static RolloutVerdict Verdict(double high) => new()
    {
        Decision = RolloutDecision.Hold, Why = "Not yet.", CallsExposed = 1_234,
        Guards =
        [
            new GuardReading
            {
                Guard = s_plan.Guards[0], State = GuardState.Open, Candidate = 0.012, Current = 0.01, Worse = new Interval(0.002, -0.006, high), Margin = 0.05, CandidateCount = 200, CurrentCount = 9_000,
                Words = "error",
            },
        ],
    };
}
