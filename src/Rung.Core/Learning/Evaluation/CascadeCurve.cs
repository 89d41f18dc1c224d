namespace Rung.Core.Learning.Evaluation;

/// <summary>Graded and priced rows, as a curve needs them.</summary>
/// <param name="Weak">Quality of each weak answer, 0 to 1.</param>
/// <param name="Strong">Quality of each strong answer, 0 to 1.</param>
/// <param name="WeakCost">What each weak answer cost.</param>
/// <param name="StrongCost">What each strong answer cost.</param>
internal sealed record CurveRows(double[] Weak, double[] Strong, long[] WeakCost, long[] StrongCost);

/// <summary>
/// What a cascade reaches at every share of climbs, the lowest scores climbing first. Rows of equal score climb in one step; between two steps the curve is
/// straight, which is what climbing a random part of them gives.
/// </summary>
/// <remarks>Metrics as in I. Ong et al., RouteLLM (2024): PGR is (quality − weak) / (strong − weak).</remarks>
internal sealed class CascadeCurve
{
    private const double SteadyShare = 0.02;
    private const double MarginErrors = 0.25;

    private readonly List<Point> _points = [];
    private readonly double _strongCost;

    /// <param name="keepScores">The score of each row.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="order">The rows by rising score; rows may occur more than once or not at all.</param>
    public CascadeCurve(double[] keepScores, CurveRows rows, ReadOnlySpan<int> order)
    {
        double weak = 0, strong = 0, cost = 0;
        foreach (var row in order)
        {
            weak += rows.Weak[row];
            strong += rows.Strong[row];
            cost += rows.WeakCost[row];
            _strongCost += rows.StrongCost[row];
        }
        var count = Math.Max(1, order.Length);
        (Weak, Strong) = (weak / count, strong / count);
        double squares = 0;
        foreach (var row in order) squares += Square(rows.Strong[row] - rows.Weak[row]);
        _points.Add(new Point(0, Weak, cost, double.NegativeInfinity, Math.Sqrt(squares) / count));
        for (var i = 0; i < order.Length;)
        {
            var score = keepScores[order[i]];
            for (; i < order.Length && keepScores[order[i]] == score; i++)
            {
                weak += rows.Strong[order[i]] - rows.Weak[order[i]];
                cost += rows.StrongCost[order[i]];
                squares -= Square(rows.Strong[order[i]] - rows.Weak[order[i]]);
            }
            _points.Add(new Point((double)i / count, weak / count, cost, score, Math.Sqrt(Math.Max(0, squares)) / count));
        }
    }

    /// <summary>Quality of the weak model alone.</summary>
    public double Weak { get; }
    /// <summary>Quality of the strong model alone.</summary>
    public double Strong { get; }

    /// <summary>Rows by rising score; equal scores in the order of the rows.</summary>
    public static int[] Order(double[] keepScores) => [.. Enumerable.Range(0, keepScores.Length).OrderBy(row => keepScores[row])];

    /// <summary>Quality at a share of climbs, 0 to 1.</summary>
    public double At(double share)
    {
        for (var i = 1; i < _points.Count; i++)
        {
            var (before, to) = (_points[i - 1], _points[i]);
            if (to.Share < share) continue;
            return to.Share <= before.Share ? to.Quality : before.Quality + ((to.Quality - before.Quality) * (share - before.Share) / (to.Share - before.Share));
        }
        return Strong;
    }

    /// <summary>
    /// Average performance gap recovered: the area under the quality at 0, 10, … 100 % climbs (trapezoid), less weak, over strong less weak. Null when the
    /// strong model is not better.
    /// </summary>
    public double? Apgr() => Strong - Weak <= 1e-9 ? null : (Area() - Weak) / (Strong - Weak);

    /// <summary>The area under the quality at 0, 10, … 100 % climbs, by the trapezoid rule.</summary>
    public double Area()
    {
        double area = 0;
        for (var i = 0; i < 10; i++) area += (At(i / 10.0) + At((i + 1) / 10.0)) / 20;
        return area;
    }

    /// <summary>The least share of climbs at which <paramref name="recovered"/> of the gap is closed, in per cent; null when the strong model is not better.</summary>
    /// <param name="recovered">PGR, 0 to 1.</param>
    public double? Cpt(double recovered) => Strong - Weak <= 1e-9 ? null : 100 * FirstAt(Weak + (recovered * (Strong - Weak)), point => point.Share);

    /// <summary>The least cost, as a share of always strong and with weak answers paid, at which the quality reaches a share of the strong model's.</summary>
    /// <param name="quality">The share, above 0.</param>
    public double? CostShare(double quality) => _strongCost <= 0 ? null : FirstAt(quality * Strong, point => point.Cost) / _strongCost;

    /// <summary>
    /// The threshold with the fewest climbs whose quality, and that of every threshold with up to 2 % more climbs, reaches a share of the strong model's: one
    /// lucky row is not enough. A quarter of a standard error is added to the goal, which is about what a choice among many thresholds loses on new rows. Scores
    /// below it climb. Positive infinity when only always climbing does.
    /// </summary>
    /// <param name="quality">The share, above 0.</param>
    public double Threshold(double quality)
    {
        var goal = (quality * Strong) - 1e-12;
        for (var i = 0; i < _points.Count; i++)
        {
            if (!Holds(i, goal)) continue;
            if (i == 0) return 0;
            // Between two scores: a new answer falls on either side of the middle alike.
            return i + 1 < _points.Count ? (_points[i].Score + _points[i + 1].Score) / 2 : double.PositiveInfinity;
        }
        return double.PositiveInfinity;
    }

    private bool Holds(int at, double goal)
    {
        for (var i = at; i < _points.Count && _points[i].Share <= _points[at].Share + SteadyShare; i++)
        {
            if (_points[i].Quality < goal + (MarginErrors * _points[i].Error)) return false;
        }
        return true;
    }

    private double FirstAt(double goal, Func<Point, double> read)
    {
        for (var i = 0; i < _points.Count; i++)
        {
            if (_points[i].Quality < goal - 1e-12) continue;
            if (i == 0) return read(_points[0]);
            var (before, to) = (_points[i - 1], _points[i]);
            return read(before) + ((read(to) - read(before)) * (goal - before.Quality) / (to.Quality - before.Quality));
        }
        return read(_points[^1]);
    }

    private static double Square(double value) => value * value;

    /// <param name="Share">The share that climbs.</param>
    /// <param name="Quality">The quality there.</param>
    /// <param name="Cost">The cost there, weak answers paid.</param>
    /// <param name="Score">The highest score that climbs.</param>
    /// <param name="Error">Standard error of what the kept answers lose.</param>
    private readonly record struct Point(double Share, double Quality, double Cost, double Score, double Error);
}
