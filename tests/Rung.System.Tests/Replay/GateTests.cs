using FsCheck;
using FsCheck.Fluent;
using Rung.Replay;

namespace Rung.Tests.Replay;

public sealed class GateTests
{
    [Theory]
    [InlineData("cost > +5%", ReplayMetric.Cost, GateEnd.Value, GateComparison.More, 5, GateUnit.PercentMore)]
    [InlineData("accuracy < -1pt", ReplayMetric.Accuracy, GateEnd.Value, GateComparison.Less, -1, GateUnit.Points)]
    [InlineData("saving<30%", ReplayMetric.Saving, GateEnd.Value, GateComparison.Less, 30, GateUnit.Percent)]
    [InlineData("climbs >= 20 %", ReplayMetric.Climbs, GateEnd.Value, GateComparison.AtLeast, 20, GateUnit.Percent)]
    [InlineData("Cost > $12.50", ReplayMetric.Cost, GateEnd.Value, GateComparison.More, 12.5, GateUnit.Usd)]
    [InlineData("cost > +$0.25", ReplayMetric.Cost, GateEnd.Value, GateComparison.More, 0.25, GateUnit.UsdMore)]
    [InlineData(" accuracy.low <= -1.5 PT ", ReplayMetric.Accuracy, GateEnd.Low, GateComparison.AtMost, -1.5, GateUnit.Points)]
    public void What_the_documentation_shows_is_read(string text, object metric, object end, object comparison, double number, object unit) =>
        Assert.Equal(new Gate(null, (ReplayMetric)metric, (GateEnd)end, (GateComparison)comparison, (decimal)number, (GateUnit)unit), GateReader.Read(text));

    [Fact]
    public void A_tag_before_a_colon_narrows_the_condition() => Assert.Equal("classify-intent", GateReader.Read("classify-intent: errors.high > 1%").Tag);

    [Fact]
    public void A_printed_gate_reads_as_the_same_gate() => Prop.ForAll(Gates().ToArbitrary(), gate => GateReader.Read(gate.ToString()) == gate).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_is_read_without_an_answer_or_a_message_with_its_place() => Prop.ForAll(Texts().ToArbitrary(), text =>
    {
        try
        {
            return GateReader.Read(GateReader.Read(text).ToString()) == GateReader.Read(text);
        }
        catch (GateException wrong)
        {
            return wrong.Message.Contains("character ", StringComparison.Ordinal) && wrong.Fix.Length > 0;
        }
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("cost > +5%", 60, 60, true)]
    [InlineData("cost > +$1", 60, 60, true)]
    [InlineData("cost > $12", 60, 60, true)]
    [InlineData("saving < 10%", 60, 60, true)]
    [InlineData("cost > +5%", 60, 0, false)]
    [InlineData("cost > +5%", 1, 1, false)]
    public void A_policy_does_not_pass_because_its_models_have_no_price(string gate, int withoutCost, int knownToTheOther, bool fails)
    {
        var verdict = GateVerdict.Of(GateReader.Read(gate), Scopes.WithoutCost(withoutCost, knownToTheOther), []);

        Assert.Equal(fails, verdict.Failed);
        Assert.Equal(fails, verdict.Says.StartsWith($"cannot be said: {withoutCost} of 100 calls have no known cost under the policy", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("price > +5%", "character 1: There is no figure \"price\".", "cost, accuracy, saving, climbs, errors")]
    [InlineData("", "character 1: A figure is missing.", "cost, accuracy")]
    [InlineData("cost.mean > +5%", "character 6: An interval has no end \"mean\".", ".low or .high")]
    [InlineData("cost = $5", "character 6: A comparison is missing.", "<, <=, > and >=")]
    [InlineData("cost > 5%", "character 8: A change of cost needs its sign.", "+5% or -5%")]
    [InlineData("cost > +5pt", "character 10: \"pt\" is no unit of this figure.", "$12.50")]
    [InlineData("cost > ", "character 8: A number is missing.", "$12.50")]
    [InlineData("accuracy < -1%", "character 12: This could be a relative change or percentage points.", "-1pt")]
    [InlineData("accuracy < 1pt", "character 12: A change in percentage points needs its sign.", "+1pt or -1pt")]
    [InlineData("accuracy < $1", "character 12: \"$\" is no unit of this figure.", "30%")]
    [InlineData("climbs > 0.2", "character 13: A unit is missing.", "30%")]
    [InlineData("climbs > 1.2.3%", "character 10: \"1.2.3\" is no number.", "30%")]
    [InlineData("climbs > 20% or so", "character 14: The condition has ended here.", "repeat --fail-if")]
    [InlineData("My Tag: cost > +5%", "character 1: \"My Tag\" is no tag.", "before a colon")]
    public void An_error_names_the_place_and_what_is_possible(string text, string message, string fix)
    {
        var wrong = Assert.Throws<GateException>(() => GateReader.Read(text));

        Assert.Equal($"--fail-if \"{text}\", {message}", wrong.Message);
        Assert.Contains(fix, wrong.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cost > +5%", 0.05, false)]
    [InlineData("cost >= +5%", 0.05, true)]
    [InlineData("cost > +5%", 0.0501, true)]
    [InlineData("cost > -5%", -0.04, true)]
    [InlineData("accuracy < -1pt", -0.01, false)]
    [InlineData("accuracy < -1pt", -0.010000000000000009, false)]
    [InlineData("accuracy < -1pt", -0.011, true)]
    public void A_change_of_exactly_the_amount_is_not_more_than_it(string text, double change, bool fails)
    {
        var gate = GateReader.Read(text);
        var scope = Scopes.With(gate.Metric, new Figure(change, change - 0.01, change + 0.01));

        Assert.Equal(fails, GateVerdict.Of(gate, scope, []).Failed);
    }

    [Fact]
    public void A_gate_on_an_end_of_the_interval_looks_at_that_end()
    {
        var scope = Scopes.With(ReplayMetric.Accuracy, new Figure(-0.005, -0.02, 0.01));

        Assert.True(GateVerdict.Of(GateReader.Read("accuracy.low < -1pt"), scope, []).Failed);
        Assert.False(GateVerdict.Of(GateReader.Read("accuracy < -1pt"), scope, []).Failed);
        Assert.False(GateVerdict.Of(GateReader.Read("accuracy.high < -1pt"), scope, []).Failed);
    }

    [Fact]
    public void What_cannot_be_said_fails_and_says_why()
    {
        var scope = Scopes.With(ReplayMetric.Accuracy, null);
        var noInterval = Scopes.With(ReplayMetric.Accuracy, new Figure(0, null, null));

        Assert.True(GateVerdict.Of(GateReader.Read("accuracy < -1pt"), scope, []).Failed);
        Assert.Contains("cannot be said", GateVerdict.Of(GateReader.Read("accuracy < -1pt"), scope, []).Says, StringComparison.Ordinal);
        Assert.Contains("interval", GateVerdict.Of(GateReader.Read("accuracy.low < -1pt"), noInterval, []).Says, StringComparison.Ordinal);
        Assert.Contains("no call has this tag", GateVerdict.Of(GateReader.Read("nobody: accuracy < -1pt"), noInterval, [noInterval]).Says, StringComparison.Ordinal);
    }

    private static Gen<Gate> Gates() =>
        from tag in Gen.Elements(null, "classify-intent", "a.b_c-9")
        from metric in Gen.Elements(Enum.GetValues<ReplayMetric>())
        from end in Gen.Elements(Enum.GetValues<GateEnd>())
        from comparison in Gen.Elements(Enum.GetValues<GateComparison>())
        from unit in metric == ReplayMetric.Cost ? Gen.Elements(GateUnit.Usd, GateUnit.UsdMore, GateUnit.PercentMore) : Gen.Elements(GateUnit.Percent, GateUnit.Points)
        from whole in Gen.Choose(0, 1_000_000)
        from scale in Gen.Choose(0, 6)
        from isNegative in Gen.Elements(true, false)
        let number = new decimal(whole, 0, 0, isNegative: false, (byte)scale)
        select new Gate(tag, metric, end, comparison, isNegative && unit is GateUnit.UsdMore or GateUnit.PercentMore or GateUnit.Points ? -number : number, unit);

    private static Gen<string> Texts() =>
        from pieces in Gen.ListOf(Gen.Elements("cost", "accuracy", "saving", ".low", ".", " ", ">", "<=", "+", "-", "$", "5", "0.1", "%", "pt", ":", "x", "é"))
        select string.Concat(pieces);
}
