using Rung.Control.Calls;
using Rung.Core.Spans;
using static Rung.Control.Tests.Calls.SampleCalls;

namespace Rung.Control.Tests.Calls;

/// <summary>A session as the run of an agent.</summary>
public sealed class SessionReadingTests
{
    private static CallRecord[] Run() =>
    [
        Call(1, 0, 2, "planner", "plan", 600, Attempt(0, AttemptKind.First, "opus", "frontier", AttemptOutcome.Completed)),
        Call(2, 2, 1, "worker", "rename", 100, Attempt(0, AttemptKind.First, "haiku", "small", AttemptOutcome.Completed)),
        Call(3, 2.5, 2, "worker", "search", 50, Attempt(0, AttemptKind.First, "haiku", "small", AttemptOutcome.CheckFailed), Attempt(1, AttemptKind.Escalation, "sonnet", "mid", AttemptOutcome.Completed)),
        Call(4, 10, 1, "worker", "rename", 100, Attempt(0, AttemptKind.First, "haiku", "small", AttemptOutcome.Completed)),
        Call(5, 11, 1, null, null, 150, Attempt(0, AttemptKind.First, "opus", "frontier", AttemptOutcome.Completed)),
    ];

    [Fact]
    public void Roles_and_their_jobs_stand_in_the_order_in_which_they_came_and_add_up()
    {
        var reading = SessionReading.Of("s1", [.. Run().Reverse()], []);

        Assert.Equal(["planner", "worker", null], reading.Roles.Select(role => role.Role));
        Assert.Equal(["rename", "search"], reading.Roles[1].Jobs.Select(job => job.Tag));
        Assert.Equal([2, 4], reading.Roles[1].Jobs[0].Calls.Select(call => call.Number));
        Assert.Equal((5, 1, 1_000L), (reading.Total.Calls, reading.Total.Escalated, reading.Total.CostNanoUsd));
        Assert.Equal([0.6, 0.25, 0.15], reading.Roles.Select(role => Math.Round(role.Share!.Value, 6)));
        Assert.Equal(reading.Total.CostNanoUsd, reading.Roles.Sum(role => role.Sums.CostNanoUsd));
        Assert.Equal(reading.Total.CostNanoUsd, reading.Roles.Sum(role => role.Jobs.Sum(job => job.Sums.CostNanoUsd)));
    }

    [Fact]
    public void A_pause_is_named_and_calls_side_by_side_count_once_as_time()
    {
        var reading = SessionReading.Of("s1", Run(), []);

        Assert.Equal([null, null, null, TimeSpan.FromSeconds(5.5), null], reading.Calls.Select(call => call.GapBefore));
        Assert.Equal((12_000_000L, 6_500_000L, 5_500_000L), (reading.LengthMicros, reading.BusyMicros, reading.IdleMicros));
        Assert.Equal(7_000_000, reading.Total.LatencyMicros);
    }

    [Fact]
    public void A_session_that_cost_nothing_has_no_shares()
    {
        var reading = SessionReading.Of("s1", [Call(1, 0, 0, null, null, 0)], [new VerdictRecord { Id = "v", CallId = Id(1), Kind = VerdictKind.Thumbs, Score = 0, Weight = 1, By = "user", At = Noon }]);

        Assert.Null(reading.Roles[0].Share);
        Assert.Equal((1L, 1), (reading.LengthMicros, reading.Calls[0].Verdicts));
    }
}
