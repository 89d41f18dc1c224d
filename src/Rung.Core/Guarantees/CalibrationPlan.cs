using Rung.Core.Statistics;

namespace Rung.Core.Guarantees;

/// <summary>Which p-value decides. Chosen before the labels are looked at: choosing by the result would void the guarantee.</summary>
public enum RiskTest : byte
{
    /// <summary>By betting on the net loss (strong less weak where the weak answer is kept): gains offset losses, and the variance counts.</summary>
    Betting = 0,
    /// <summary>By the inequalities of Hoeffding and Bentkus on losses alone: gains offset nothing.</summary>
    HoeffdingBentkus = 1,
    /// <summary>By the exact binomial on the event "kept, and worse than the strong answer", however little worse: gains offset nothing.</summary>
    Binomial = 2,
}

/// <summary>What is promised, how surely, and how it is tested.</summary>
public sealed record CalibrationPlan
{
    /// <summary>
    /// ε: the promised bound of the mean loss. The loss of a query is the strong answer's grade less the grade of what the cascade gives: zero where
    /// it climbs. At least 0.0001 and below 1.
    /// </summary>
    public required double MostLoss
    {
        get;
        init => field = value is >= 0.0001 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A tolerated loss is at least 0.0001 and below 1.");
    }

    /// <summary>1 − δ: how surely the promise holds, over the choice of the graded queries. 0.5 to 0.9999.</summary>
    public required double Confidence
    {
        get;
        init => field = value is >= 0.5 and <= 0.9999 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A confidence is 0.5 to 0.9999.");
    }

    /// <summary>Which p-value decides.</summary>
    public RiskTest Test { get; init; }

    /// <summary>The level δ.</summary>
    public double Level => 1 - Confidence;

    /// <summary>How many thresholds are tried above 0: 1.000, 0.999 … 0.000. The grid depends on no data.</summary>
    public const int Steps = 1000;

    /// <summary>
    /// Fewest units at which a sample without any loss would do. With fewer no threshold is certified, for the sequence ends where it begins; checks without a
    /// threshold are a single test, and gains may make up for what is missing when it is by betting.
    /// </summary>
    public int FewestUnits()
    {
        var (few, enough) = (0, 1);
        while (!Suffices(enough)) (few, enough) = (enough, enough * 2);
        while (enough - few > 1)
        {
            var middle = (few + enough) / 2;
            if (Suffices(middle)) enough = middle;
            else few = middle;
        }
        return enough;
    }

    private bool Suffices(int units) => Level >= Test switch
    {
        RiskTest.Betting => RiskTests.Betting(new double[units], MostLoss, Level),
        RiskTest.HoeffdingBentkus => RiskTests.HoeffdingBentkus(0, units, MostLoss),
        _ => Binomial.AtMost(0, units, MostLoss),
    };
}
