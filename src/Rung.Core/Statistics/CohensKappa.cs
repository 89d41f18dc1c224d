namespace Rung.Core.Statistics;

/// <summary>Agreement of two graders beyond what chance would bring.</summary>
public sealed record KappaResult
{
    /// <summary>Cohen's κ with its interval, −1 to 1; null when it cannot be said.</summary>
    public required Interval? Kappa { get; init; }
    /// <summary>Share of the items on which both say the same, 0 to 1.</summary>
    public required double Agreement { get; init; }
    /// <summary>Share on which two graders with these habits would agree by chance, 0 to 1.</summary>
    public required double ByChance { get; init; }
    /// <summary>Items that both graded.</summary>
    public required int Items { get; init; }
    /// <summary>Why κ cannot be said; null when it can.</summary>
    public required string? CannotBeSaid { get; init; }
}

/// <summary>Cohen's kappa.</summary>
/// <remarks>
/// J. Cohen, Educ. Psychol. Meas. 20 (1960), 37–46; standard error by J. L. Fleiss, J. Cohen, B. S. Everitt, Psychol. Bull. 72 (1969), 323–327. The plain interval covers too rarely where
/// few items are in dispute. So a second one is made with half an item added to every cell, both with Student's t, and what either covers is covered; the estimate stays as it is.
/// </remarks>
public static class CohensKappa
{
    /// <summary>Fewer items say nothing.</summary>
    public const int LeastItems = 10;

    private const int MostCategories = 1_000;

    /// <summary>Compares two graders.</summary>
    /// <param name="first">The first grader's category of each item, from 0.</param>
    /// <param name="second">The second grader's, in the same order.</param>
    /// <param name="categories">How many categories there are, 2 to 1,000.</param>
    /// <param name="confidence">Above 0 and below 1, two-sided.</param>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A category or confidence is out of range.</exception>
    public static KappaResult Of(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int categories, double confidence)
    {
        Binomial.CheckConfidence(confidence);
        ArgumentOutOfRangeException.ThrowIfLessThan(categories, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(categories, MostCategories);
        if (first.Length != second.Length) throw new ArgumentException("Both graders judge the same items.", nameof(second));

        var cells = new double[categories, categories];
        for (var i = 0; i < first.Length; i++) cells[Category(first[i], categories), Category(second[i], categories)]++;
        var seen = Table.Of(cells, first.Length, added: 0);
        var trouble = Trouble(first.Length, seen.ByChance);
        return new KappaResult
        {
            Kappa = trouble is null ? Around(cells, seen, first.Length, confidence) : null,
            Agreement = first.IsEmpty ? 0 : seen.Agreement, ByChance = first.IsEmpty ? 0 : seen.ByChance, Items = first.Length, CannotBeSaid = trouble,
        };
    }

    private static string? Trouble(int items, double byChance)
    {
        if (items < LeastItems) return $"{items:N0} {(items == 1 ? "item was" : "items were")} graded by both; {LeastItems:N0} are needed";
        return byChance > 1 - 1e-12 ? $"both graders put all {items:N0} items into the same category: chance would agree as well" : null;
    }

    private static Interval Around(double[,] cells, Table seen, int items, double confidence)
    {
        var kappa = seen.Kappa;
        var guarded = Table.Of(cells, items, added: 0.5);
        var t = StudentT.TwoSided(confidence, items - 1);
        var (plain, careful) = (seen.StandardError(items) * t, guarded.StandardError(items) * t);
        return new Interval(kappa, Math.Max(-1, Math.Min(kappa - plain, guarded.Kappa - careful)), Math.Min(1, Math.Max(kappa + plain, guarded.Kappa + careful)));
    }

    private static int Category(int category, int categories) =>
        category >= 0 && category < categories ? category : throw new ArgumentOutOfRangeException(nameof(category), category, $"Categories are 0 to {categories - 1}.");

    /// <summary>Shares of a table of categories.</summary>
    private sealed class Table
    {
        private readonly double[,] _shares;
        private readonly double[] _first, _second;

        private Table(double[,] shares, double[] first, double[] second)
        {
            (_shares, _first, _second) = (shares, first, second);
            for (var i = 0; i < first.Length; i++)
            {
                Agreement += shares[i, i];
                ByChance += first[i] * second[i];
            }
        }

        public double Agreement { get; }
        public double ByChance { get; }
        public double Kappa => (Agreement - ByChance) / (1 - ByChance);

        /// <summary>With so much added to every cell of categories that somebody used.</summary>
        public static Table Of(double[,] cells, int items, double added)
        {
            var k = cells.GetLength(0);
            var used = new bool[k];
            for (var i = 0; i < k; i++)
            {
                for (var j = 0; j < k; j++)
                {
                    if (cells[i, j] > 0) used[i] = used[j] = true;
                }
            }
            var count = used.Count(one => one);
            var total = items + (added * count * count);
            var (shares, first, second) = (new double[k, k], new double[k], new double[k]);
            for (var i = 0; i < k; i++)
            {
                for (var j = 0; j < k; j++)
                {
                    var share = used[i] && used[j] ? (cells[i, j] + added) / total : 0;
                    shares[i, j] = share;
                    first[i] += share;
                    second[j] += share;
                }
            }
            return new Table(shares, first, second);
        }

        /// <summary>Formula 13 of Fleiss, Cohen and Everitt.</summary>
        public double StandardError(int items)
        {
            var (kappa, sum) = (Kappa, 0.0);
            for (var i = 0; i < _first.Length; i++)
            {
                for (var j = 0; j < _first.Length; j++)
                {
                    if (_shares[i, j] == 0) continue;
                    var pull = i == j ? 1 - ((_first[i] + _second[i]) * (1 - kappa)) : -(1 - kappa) * (_second[i] + _first[j]);
                    sum += _shares[i, j] * pull * pull;
                }
            }
            var rest = kappa - (ByChance * (1 - kappa));
            return Math.Sqrt(Math.Max(0, sum - (rest * rest)) / items) / (1 - ByChance);
        }
    }
}
