using Rung.Control.Laboratory;

namespace Rung.Control.Tests.Laboratory;

public sealed class LabScenarioTests
{
    [Fact]
    public void Several_scenarios_are_separated_by_commas_though_one_has_a_comma_itself()
    {
        var scenarios = LabScenario.ParseAll("equal, novelty:+0.03,2d,-0.05, drop:0.05@10d");

        Assert.Equal(["equal", "novelty:+0.03,2d,-0.05", "drop:0.05@10d"], scenarios.Select(scenario => scenario.Words));
        Assert.Equal((0.03, -0.05, TimeSpan.FromDays(2)), (scenarios[1].Size, scenarios[1].Other, scenarios[1].Time));
        Assert.Equal((0.05, TimeSpan.FromDays(10)), (scenarios[2].Size, scenarios[2].Time));
    }

    [Theory]
    [InlineData("equal", LabEvent.Equal, true)]
    [InlineData("worse:0.03", LabEvent.Worse, true)]
    [InlineData("outage:90m", LabEvent.Outage, true)]
    [InlineData("recorded", LabEvent.Recorded, true)]
    [InlineData("noise", LabEvent.Noise, false)]
    [InlineData("drift:0.02>0.08@5d", LabEvent.Drift, false)]
    public void A_scenario_says_what_it_is(string text, LabEvent expected, bool isRollout)
    {
        var scenario = LabScenario.Parse(text);

        Assert.Equal(expected, scenario.Event);
        Assert.Equal(isRollout, scenario.IsRollout);
        Assert.EndsWith(".", scenario.Says, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("better")]
    [InlineData("worse")]
    [InlineData("worse:abc")]
    [InlineData("worse:2")]
    [InlineData("equal:1")]
    [InlineData("outage:2")]
    [InlineData("outage:2w")]
    [InlineData("drop:0.05")]
    [InlineData("drift:0.02@5d")]
    [InlineData("novelty:+0.03")]
    public void What_is_no_scenario_is_refused_with_the_list_of_those_there_are(string text)
    {
        var error = Assert.Throws<FormatException>(() => LabScenario.ParseAll(text));

        Assert.Contains("worse:0.03", error.Message, StringComparison.Ordinal);
    }
}
