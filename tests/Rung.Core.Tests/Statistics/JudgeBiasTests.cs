using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public sealed class JudgeBiasTests
{
    /// <summary>A judge that prefers the first place in a known share of its verdicts: the interval finds the share in about 95 of 100 studies.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.25)]
    public void The_worth_of_the_first_place_is_found(double bias)
    {
        var random = new Random(1);
        var covered = 0;
        for (var study = 0; study < 500; study++)
        {
            var pairs = Enumerable.Range(0, 120).Select(_ =>
            {
                var better = random.NextDouble() < 0.2 ? 0.5 : random.NextDouble() < 0.5 ? 1.0 : 0.0;
                return new OrderPair(random.NextDouble() < 2 * bias ? 1 : better, random.NextDouble() < 2 * bias ? 0 : better);
            }).ToArray();
            if (JudgeBias.Position(pairs, 0.95).FirstPlace!.Value.Covers(bias)) covered++;
        }

        Assert.InRange(covered, 462, 500);
    }

    [Fact]
    public void A_judge_that_always_takes_the_first_is_told_so()
    {
        var bias = JudgeBias.Position([.. Enumerable.Repeat(new OrderPair(1, 0), 50)], 0.95);

        Assert.Equal(0.5, bias.FirstPlace!.Value.Estimate, 12);
        Assert.Equal(1, bias.Turned);
        Assert.Equal("3 pairs were asked in both orders; 10 are needed", JudgeBias.Position([new(1, 1), new(1, 1), new(0, 0)], 0.95).CannotBeSaid);
    }

    /// <summary>Longer answers are better here, as they are in life; only with labels is what length itself is worth found.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.08)]
    public void The_worth_of_length_is_found_where_labels_hold_quality_equal(double bias)
    {
        var random = new Random(2);
        var (covered, coveredWithout) = (0, 0);
        for (var study = 0; study < 300; study++)
        {
            var cases = Enumerable.Range(0, 200).Select(_ =>
            {
                var doublings = (2 * random.NextDouble()) - 1;
                var label = random.NextDouble() < 0.5 + (0.3 * doublings) ? 1.0 : 0.0;
                var said = 0.3 + (0.4 * label) + (bias * doublings) + (0.2 * (random.NextDouble() - 0.5));
                return new LengthCase(said, doublings, label);
            }).ToArray();
            if (JudgeBias.Length(cases, 0.95).PerDoubling!.Value.Covers(bias)) covered++;
            var blind = JudgeBias.Length([.. cases.Select(one => one with { Label = null })], 0.95);
            if (!blind.IsControlled && blind.PerDoubling!.Value.Covers(bias)) coveredWithout++;
        }

        Assert.InRange(covered, 275, 300);
        Assert.InRange(coveredWithout, 0, 150);
    }

    [Fact]
    public void Nothing_is_said_of_length_where_it_does_not_differ()
    {
        var bias = JudgeBias.Length([.. Enumerable.Repeat(new LengthCase(0.5, 0, null), 30)], 0.95);

        Assert.Null(bias.PerDoubling);
        Assert.Contains("nothing to compare", bias.CannotBeSaid, StringComparison.Ordinal);
    }

    /// <summary>The judge is lenient with everybody (0.1) and more so with its own: only the difference counts.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.15)]
    public void Self_preference_is_found_beside_leniency(double bias)
    {
        var random = new Random(3);
        var covered = 0;
        for (var study = 0; study < 500; study++)
        {
            var cases = Enumerable.Range(0, 160).Select(i =>
            {
                var (own, label) = (i % 2 == 0, random.NextDouble() < (i % 2 == 0 ? 0.7 : 0.5) ? 0.7 : 0.1);
                return new FamilyCase(Math.Clamp(label + 0.1 + (own ? bias : 0) + (0.1 * (random.NextDouble() - 0.5)), 0, 1), label, own);
            }).ToArray();
            if (JudgeBias.Self(cases, 0.95).Excess!.Value.Covers(bias)) covered++;
        }

        Assert.InRange(covered, 462, 500);
    }

    [Fact]
    public void Without_labels_a_judge_of_the_family_is_only_flagged()
    {
        var flagged = JudgeBias.Self([.. Enumerable.Repeat(new FamilyCase(0.9, null, true), 30)], 0.95);

        Assert.True(flagged.IsFlagged);
        Assert.Null(flagged.Excess);
        Assert.Equal("0 answers of the judge's own family have a label by people; 10 are needed", flagged.CannotBeSaid);
        Assert.False(JudgeBias.Self([new FamilyCase(0.9, 1, false)], 0.95).IsFlagged);
    }
}
