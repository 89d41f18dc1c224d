using Rung.Core.Statistics;
using Rung.Demo;

namespace Rung.Commands.Eval;

/// <summary>What evals of so many rows would decide about one candidate, by drawing them from a recording again and again.</summary>
internal sealed record PowerTrial
{
    /// <summary>The candidate.</summary>
    public required string Candidate { get; init; }
    /// <summary>Rows of the recording that have both grades: the population.</summary>
    public required int Population { get; init; }
    /// <summary>The true difference: mean grade of the candidate less that of the reference, over the population.</summary>
    public required double Difference { get; init; }
    /// <summary>Mean squared difference of the grades: for right or wrong, the share of rows on which the two disagree.</summary>
    public required double Discordance { get; init; }
    /// <summary>Whether it really is not worse than the reference by the margin or more.</summary>
    public required bool IsGoodEnough { get; init; }
    /// <summary>Share of the evals that say eligible.</summary>
    public required double Eligible { get; init; }
    /// <summary>The same by formula, from difference and discordance.</summary>
    public required double EligibleByFormula { get; init; }
    /// <summary>Share of the evals that wrongly say eligible where the margin is put exactly at the true difference, so that the null holds with nothing to spare; null when that is no margin.</summary>
    public required double? FalseAtOwnDifference { get; init; }
    /// <summary>The same at the margin asked for, by a candidate that was made worse by exactly it: some of its answers by chance taken from the reference, or taken for wrong. Null when it cannot be made.</summary>
    public required double? FalseAtMargin { get; init; }
    /// <summary>The method of the test.</summary>
    public required string Method { get; init; }

    /// <summary>Draws and decides.</summary>
    /// <param name="pairs">The population.</param>
    /// <param name="candidate">Name of the candidate.</param>
    /// <param name="terms">What is tried.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static PowerTrial Run(IReadOnlyList<(double Candidate, double Reference)> pairs, string candidate, PowerTerms terms, CancellationToken cancellationToken)
    {
        var (mine, other) = (pairs.Average(pair => pair.Candidate), pairs.Average(pair => pair.Reference));
        var difference = mine - other;
        var discordance = pairs.Average(pair => (pair.Candidate - pair.Reference) * (pair.Candidate - pair.Reference));
        var lottery = new Lottery(pairs, terms, candidate, cancellationToken);
        var method = "";
        var eligible = lottery.Share("as it is", terms.Margin, (pair, _) => pair, ref method);
        return new PowerTrial
        {
            Candidate = candidate, Population = pairs.Count, Difference = difference, Discordance = discordance, IsGoodEnough = difference > -terms.Margin,
            Eligible = eligible, Method = method,
            EligibleByFormula = NonInferiority.Power(terms.Rows, difference, Math.Min(1, Math.Max(discordance, 0.5 / pairs.Count)), terms.Margin, terms.Confidence),
            FalseAtOwnDifference = Math.Abs(difference) < 1 ? lottery.Share("own difference", -difference, (pair, _) => pair, ref method) : null,
            FalseAtMargin = AtMargin(lottery, mine, other, terms.Margin, ref method),
        };
    }

    private static double? AtMargin(Lottery lottery, double mine, double other, double margin, ref string method)
    {
        if (mine - other < -margin)
        {
            // So much worse: with this chance its own answer, else the reference's, and the mean difference is the margin.
            var kept = margin / (other - mine);
            return lottery.Share("at the margin", margin, (pair, luck) => luck < kept ? pair : (pair.Reference, pair.Reference), ref method);
        }
        if (mine <= 0 || other < margin) return null;
        var right = (other - margin) / mine;
        return lottery.Share("at the margin", margin, (pair, luck) => luck < right ? pair : (0, pair.Reference), ref method);
    }

    /// <summary>Draws evals with replacement: then the population's difference is exactly the truth that a test speaks of.</summary>
    private sealed class Lottery(IReadOnlyList<(double Candidate, double Reference)> pairs, PowerTerms terms, string candidate, CancellationToken cancellationToken)
    {
        public double Share(string purpose, double margin, Func<(double Candidate, double Reference), double, (double Candidate, double Reference)> change, ref string method)
        {
            var chance = new DemoChance(terms.Seed, $"eval power\n{candidate}\n{purpose}");
            var rows = new PairedScore[terms.Rows];
            var known = new Dictionary<(int Worse, int Better), double>(); // Right-or-wrong rows: only how often the two disagree matters.
            var eligible = 0;
            for (var i = 0; i < terms.Repetitions; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (worse, better, plain) = (0, 0, true);
                for (var row = 0; row < rows.Length; row++)
                {
                    var (mine, other) = change(pairs[chance.Between(0, pairs.Count - 1)], chance.Share());
                    rows[row] = new PairedScore(mine, other, 1, row);
                    if (mine is not (0 or 1) || other is not (0 or 1)) plain = false;
                    else if (mine < other) worse++;
                    else if (mine > other) better++;
                }
                if (!plain || !known.TryGetValue((worse, better), out var p))
                {
                    p = NonInferiority.PValue(rows, margin, terms.Confidence);
                    if (plain) known[(worse, better)] = p;
                }
                if (method.Length == 0) method = NonInferiority.MethodOf(rows);
                if (p <= 1 - terms.Confidence) eligible++;
            }
            return (double)eligible / terms.Repetitions;
        }
    }
}

/// <summary>What <c>rung eval power --outcomes</c> tries.</summary>
/// <param name="Rows">Rows of an eval.</param>
/// <param name="Margin">The margin.</param>
/// <param name="Confidence">The confidence, one-sided.</param>
/// <param name="Repetitions">Evals of each candidate.</param>
/// <param name="Seed">Decides the draws.</param>
internal sealed record PowerTerms(int Rows, double Margin, double Confidence, int Repetitions, long Seed);
