namespace Rung.Core.Statistics;

/// <summary>
/// Is a candidate, on the same rows as the reference, not worse by more than a margin? The null is "worse by the margin or more": without evidence a candidate
/// is not eligible.
/// </summary>
/// <remarks>
/// Right-or-wrong rows that all count alike are tested exactly (Tango's score statistic, unconditional: see the remarks of the method used). Graded, weighted or grouped rows are tested by a
/// score statistic that is robust to groups (K.-Y. Liang, S. L. Zeger, Biometrika 73 (1986), 13–22) with Student's t; fewer than 20 groups by a bet
/// (<see cref="RiskTests.Betting"/>), which is valid at any size.
/// </remarks>
public static class NonInferiority
{
    private const int MostRows = 10_000_000;

    // Of bounds of graded rows: a thousandth of a point.
    private const double Precision = 1e-5;

    /// <summary>Tests one candidate.</summary>
    /// <param name="rows">At least one row. Rows that one of the two did not answer belong to the caller's rule: count them as 0, or leave them out and say so.</param>
    /// <param name="margin">How much worse is still acceptable, above 0 and below 1: 0.03 is three points.</param>
    /// <param name="confidence">At least 0.5 and below 1; one-sided.</param>
    /// <exception cref="ArgumentException">There is no row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A score, weight, margin or confidence is out of range.</exception>
    public static NonInferiorityResult Test(ReadOnlySpan<PairedScore> rows, double margin, double confidence)
    {
        CheckTerms(margin, confidence);
        var data = Read(rows);
        var level = 1 - confidence;
        Func<double, double> pValue = data.Pairs is { } pairs ? at => pairs.PValue(at, level) : at => data.Groups.PValue(at, level);
        var p = pValue(margin);
        var estimate = data.Groups.Estimate;
        var lower = Lower(pValue, margin, level, p, estimate);
        var discordance = data.Groups.Discordance(rows.Length);
        // With no disagreement at all, half a row stands for those that were too rare to be seen.
        var expected = Math.Max(discordance, 0.5 / rows.Length);
        return new NonInferiorityResult
        {
            Difference = estimate, TwoSided = TwoSided(data, confidence, lower), LowerBound = lower, NotWorse = p <= level, PValue = p,
            Method = data.Pairs?.Method ?? data.Groups.Method, Rows = rows.Length, Groups = data.GroupCount,
            CandidateMean = data.Candidate, ReferenceMean = data.Reference, Discordance = discordance,
            PowerIfEqual = Power(rows.Length, 0, expected, margin, confidence), RowsForPower80 = RowsNeeded(expected, margin, confidence, 0.8),
        };
    }

    /// <summary>The p-value of <see cref="Test"/> alone, without its bounds: for simulations.</summary>
    /// <param name="rows">As there.</param>
    /// <param name="margin">As there; here also 0 and below, down to −1 ("better by no more than so much").</param>
    /// <param name="confidence">As there.</param>
    public static double PValue(ReadOnlySpan<PairedScore> rows, double margin, double confidence)
    {
        Binomial.CheckConfidence(confidence);
        if (!(margin is > -1 and < 1)) throw new ArgumentOutOfRangeException(nameof(margin), margin, "A margin lies between -1 and 1.");
        var data = Read(rows);
        return data.Pairs is { } pairs ? pairs.PValue(margin, 1 - confidence) : data.Groups.PValue(margin, 1 - confidence);
    }

    /// <summary>How <see cref="Test"/> would test these rows, in words.</summary>
    /// <param name="rows">As there.</param>
    public static string MethodOf(ReadOnlySpan<PairedScore> rows)
    {
        var data = Read(rows);
        return data.Pairs?.Method ?? data.Groups.Method;
    }

    /// <summary>Probability that the test finds a candidate not worse.</summary>
    /// <param name="rows">Rows of the eval, at least 1; each a group of its own.</param>
    /// <param name="difference">The true difference, candidate less reference, −1 to 1.</param>
    /// <param name="discordance">The share of rows on which the two disagree (of graded scores: the mean squared difference), 0 to 1, at least as much as the difference.</param>
    /// <param name="margin">As of <see cref="Test"/>.</param>
    /// <param name="confidence">As of <see cref="Test"/>.</param>
    /// <remarks>Normal approximation, as R. J. Connor, Biometrics 43 (1987), 207–211, with the null's own spread and half a row for coarseness.</remarks>
    public static double Power(int rows, double difference, double discordance, double margin, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        CheckTerms(margin, confidence);
        if (!(difference is >= -1 and <= 1)) throw new ArgumentOutOfRangeException(nameof(difference), difference, "A difference lies in [-1, 1].");
        if (!(discordance is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(discordance), discordance, "A discordance lies in [0, 1].");
        var real = Math.Max(discordance, Math.Abs(difference));
        // At the boundary of the null the most likely discordance is what was seen with the missing failures added.
        var atNull = NullDiscordance(real, difference, margin);
        var needed = (Normal.Quantile(confidence) * Math.Sqrt((atNull - (margin * margin)) / rows)) + (0.5 / rows);
        var spread = Math.Sqrt(Math.Max(1e-12, real - (difference * difference)) / rows);
        return Normal.AtMost((difference + margin - needed) / spread);
    }

    /// <summary>Rows at which a candidate that is exactly as good as the reference is found not worse with the stated power.</summary>
    /// <param name="discordance">As of <see cref="Power"/>.</param>
    /// <param name="margin">As of <see cref="Test"/>.</param>
    /// <param name="confidence">As of <see cref="Test"/>.</param>
    /// <param name="power">Above 0 and below 1, for example 0.8.</param>
    /// <returns>At most ten million.</returns>
    public static int RowsNeeded(double discordance, double margin, double confidence, double power)
    {
        Binomial.CheckConfidence(power);
        var (low, high) = (0, 1);
        while (high < MostRows && Power(high, 0, discordance, margin, confidence) < power) (low, high) = (high, Math.Min(MostRows, high * 2));
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (Power(middle, 0, discordance, margin, confidence) < power) low = middle;
            else high = middle;
        }
        return high;
    }

    private static double NullDiscordance(double discordance, double difference, double margin)
    {
        // Tango's restricted estimate at the expected shares: the same root, per row.
        var (worse, better) = ((discordance - difference) / 2, (discordance + difference) / 2);
        var b = -discordance + ((2 - worse + better) * margin);
        var c = -better * margin * (1 - margin);
        return (2 * ((Math.Sqrt(Math.Max(0, (b * b) - (8 * c))) - b) / 4)) + margin;
    }

    private static double Lower(Func<double, double> pValue, double margin, double level, double p, double estimate)
    {
        // Above the estimate nothing is rejected; the p-value is found again and again, so the search stops at a hundredth of a point.
        var (rejected, kept) = p <= level ? (margin, -estimate) : (1.0, margin);
        if (rejected < kept) rejected = kept;
        for (var i = 0; i < 30 && rejected - kept > 1e-4; i++)
        {
            var middle = (rejected + kept) / 2;
            if (middle < 1 && pValue(middle) > level) kept = middle;
            else rejected = middle;
        }
        return p <= level ? -rejected : -kept;
    }

    private static Interval TwoSided(Paired data, double confidence, double lower)
    {
        var tail = (1 - confidence) / 2;
        var estimate = data.Groups.Estimate;
        if (data.Pairs is { } pairs)
        {
            var interval = pairs.ScoreInterval(Normal.Quantile(1 - tail));
            return interval with { Estimate = estimate, Low = Math.Min(interval.Low, lower) };
        }
        var low = -DiscordantPairs.Search(margin => data.Groups.PValue(margin, tail) > tail, Precision);
        var mirrored = data.Groups.Mirrored;
        var high = DiscordantPairs.Search(difference => mirrored.PValue(difference, tail) > tail, Precision);
        return new Interval(estimate, Math.Min(low, lower), Math.Max(high, estimate));
    }

    private static void CheckTerms(double margin, double confidence)
    {
        if (!(margin is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(margin), margin, "A margin lies between 0 and 1.");
        if (!(confidence is >= 0.5 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence is at least 0.5 and below 1.");
    }

    private sealed record Paired(GroupedDifferences Groups, int GroupCount, DiscordantPairs? Pairs, double Candidate, double Reference);

    private static Paired Read(ReadOnlySpan<PairedScore> rows)
    {
        if (rows.IsEmpty) throw new ArgumentException("There must be a row.", nameof(rows));
        var places = new Dictionary<int, int>(rows.Length);
        var (sums, weights) = (new double[rows.Length], new double[rows.Length]);
        var (candidate, reference, total) = (0.0, 0.0, 0.0);
        var (worse, better, plain) = (0, 0, true);
        foreach (var row in rows)
        {
            Check(row);
            if (!places.TryGetValue(row.Group, out var place)) places.Add(row.Group, place = places.Count);
            sums[place] += row.Weight * (row.Candidate - row.Reference);
            weights[place] += row.Weight;
            candidate += row.Weight * row.Candidate;
            reference += row.Weight * row.Reference;
            total += row.Weight;
            if (row.Candidate is not (0 or 1) || row.Reference is not (0 or 1) || row.Weight != rows[0].Weight) plain = false;
            else if (row.Candidate < row.Reference) worse++;
            else if (row.Candidate > row.Reference) better++;
        }
        var groups = new GroupedDifferences(sums[..places.Count], weights[..places.Count]);
        return new Paired(groups, places.Count, plain && places.Count == rows.Length ? new DiscordantPairs(rows.Length, worse, better) : null, candidate / total, reference / total);
    }

    private static void Check(in PairedScore row)
    {
        if (!(row.Candidate is >= 0 and <= 1 && row.Reference is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(row), row, "Scores lie in [0, 1].");
        if (!(row.Weight > 0 && double.IsFinite(row.Weight))) throw new ArgumentOutOfRangeException(nameof(row), row, "A weight is a number above 0.");
    }
}
