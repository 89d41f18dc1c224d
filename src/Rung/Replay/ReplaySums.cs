namespace Rung.Replay;

/// <summary>Works a figure out of sums; null when they do not allow it.</summary>
internal delegate double? SumFigure(ReadOnlySpan<double> sums);

/// <summary>What is added up over the calls of one group: everything that a figure of a replay is worked out of.</summary>
internal static class ReplaySums
{
    /// <summary>Numbers of a group.</summary>
    public const int Columns = 23;

    private const int GradedA = 0, ScoreA = 1, GradedB = 2, ScoreB = 3, BothGraded = 4, BothScoreA = 5, BothScoreB = 6;
    private const int CostA = 7, CostB = 8, BothCostA = 9, BothCostB = 10;
    private const int BaselineA = 11, SavedCostA = 12, BaselineB = 13, SavedCostB = 14;
    private const int ClimbKnownA = 15, ClimbedA = 16, ClimbKnownB = 17, ClimbedB = 18;
    private const int JudgedA = 19, ErrorsA = 20, JudgedB = 21, ErrorsB = 22;

    /// <summary>Adds a call.</summary>
    public static void Add(Span<double> sums, ReplayRow row)
    {
        AddSide(sums, row.A, GradedA, ScoreA, CostA, BaselineA, SavedCostA, ClimbKnownA, ClimbedA, JudgedA, ErrorsA);
        AddSide(sums, row.B, GradedB, ScoreB, CostB, BaselineB, SavedCostB, ClimbKnownB, ClimbedB, JudgedB, ErrorsB);
        if (row.A.Graded is { } a && row.B.Graded is { } b)
        {
            sums[BothGraded]++;
            sums[BothScoreA] += a;
            sums[BothScoreB] += b;
        }
        if (row.A.Cost is { } costA && row.B.Cost is { } costB)
        {
            sums[BothCostA] += costA;
            sums[BothCostB] += costB;
        }
    }

    private static void AddSide(Span<double> sums, ReplayedCall call, int graded, int score, int cost, int baseline, int savedCost, int climbKnown, int climbed, int judged, int errors)
    {
        if (call.IsUnjudged) return;
        sums[judged]++;
        if (call.Error is not null) sums[errors]++;
        if (call.Graded is { } grade)
        {
            sums[graded]++;
            sums[score] += grade;
        }
        if (call.Cost is { } known)
        {
            sums[cost] += known;
            if (call.BaselineNanoUsd is { } would)
            {
                sums[baseline] += would;
                sums[savedCost] += known;
            }
        }
        if (call.Climbs is { } climbs)
        {
            sums[climbKnown]++;
            if (climbs > 0) sums[climbed]++;
        }
    }

    /// <summary>The level of a figure: US dollars for cost, else a share. Null when nothing is known.</summary>
    /// <param name="metric">Which figure.</param>
    /// <param name="ofB">Of the other side.</param>
    public static SumFigure Level(ReplayMetric metric, bool ofB) => metric switch
    {
        ReplayMetric.Cost => sums => sums[ofB ? CostB : CostA] / 1e9,
        ReplayMetric.Accuracy => sums => Share(sums, ofB ? ScoreB : ScoreA, ofB ? GradedB : GradedA),
        ReplayMetric.Saving => sums => 1 - Share(sums, ofB ? SavedCostB : SavedCostA, ofB ? BaselineB : BaselineA),
        ReplayMetric.Climbs => sums => Share(sums, ofB ? ClimbedB : ClimbedA, ofB ? ClimbKnownB : ClimbKnownA),
        _ => sums => Share(sums, ofB ? ErrorsB : ErrorsA, ofB ? JudgedB : JudgedA),
    };

    /// <summary>A against B: of cost the relative change (0.05 is 5 % more), else the difference of two shares. Over the calls of which both sides are known.</summary>
    public static SumFigure Change(ReplayMetric metric) => metric switch
    {
        ReplayMetric.Cost => sums => Share(sums, BothCostA, BothCostB) - 1,
        ReplayMetric.Accuracy => sums => Share(sums, BothScoreA, BothGraded) - Share(sums, BothScoreB, BothGraded),
        _ => Difference(Level(metric, ofB: false), Level(metric, ofB: true)),
    };

    /// <summary>What A costs more than B, in US dollars, over the calls of which both costs are known.</summary>
    public static double? CostDifference(ReadOnlySpan<double> sums) => (sums[BothCostA] - sums[BothCostB]) / 1e9;

    private static SumFigure Difference(SumFigure a, SumFigure b) => sums => a(sums) - b(sums);

    private static double? Share(ReadOnlySpan<double> sums, int part, int whole) => sums[whole] > 0 ? sums[part] / sums[whole] : null;
}
