using System.Text.Json;
using Rung.Core.Rollouts;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Rollouts;

/// <summary>Verdicts that were recorded are read as they were written.</summary>
public sealed class RolloutVerdictJsonTests
{
    [Fact]
    public void A_verdict_is_read_as_it_was_written_bounds_that_are_none_included()
    {
        var verdict = new RolloutVerdict
        {
            Decision = RolloutDecision.RollBack, Why = "Worse.", CallsExposed = 77, NotBefore = new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero),
            Guards = [.. GuardDefaults.All.Select((metric, i) => Reading(metric, i))],
        };

        var read = RolloutPlanJson.ReadVerdict(RolloutPlanJson.Write(verdict));

        Assert.Equal((verdict.Decision, verdict.Why, verdict.CallsExposed, verdict.NotBefore), (read.Decision, read.Why, read.CallsExposed, read.NotBefore));
        Assert.Equal(verdict.Guards.AsEnumerable(), read.Guards.AsEnumerable());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"decision":"dance","why":"","calls_exposed":0,"guards":[]}""")]
    [InlineData("""{"decision":"hold","why":"","calls_exposed":0,"guards":[{"guard":"luck","state":"open","words":""}]}""")]
    public void What_is_no_verdict_is_refused(string json) => Assert.Throws<JsonException>(() => RolloutPlanJson.ReadVerdict(json));

    private static GuardReading Reading(GuardMetric metric, int i) => new()
    {
        Guard = new Guard(metric, 0.03), State = (GuardState)(i % 3), Candidate = i == 0 ? null : 0.25 * i, Current = i == 0 ? null : 0.5, Margin = 0.06, CandidateCount = i, CurrentCount = 10 * i,
        Worse = i switch { 0 => null, 1 => new Interval(0.1, double.NegativeInfinity, double.PositiveInfinity), _ => new Interval(0.1, -0.25, 0.5) },
        HarmEvidence = 1.5, SafetyEvidence = -0.25, Words = $"guard {i}",
    };
}
