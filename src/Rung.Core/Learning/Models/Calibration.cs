namespace Rung.Core.Learning.Models;

/// <summary>How log-odds become a probability that can be believed.</summary>
internal enum CalibrationKind : byte
{
    /// <summary>A logistic curve through the log-odds (J. Platt, Probabilistic Outputs for Support Vector Machines, 1999).</summary>
    Platt = 1,
    /// <summary>The rising steps that fit best (pool adjacent violators; M. Ayer et al., Ann. Math. Statist. 26 (1955), 641–647), joined by straight lines.</summary>
    Isotonic = 2,
}

/// <summary>A rising curve from log-odds to probability.</summary>
/// <param name="Kind">How it was found.</param>
/// <param name="LogOdds">Places, rising. For Platt: slope and intercept.</param>
/// <param name="Probabilities">The probability at each place, never falling; empty for Platt.</param>
internal sealed record Calibration(CalibrationKind Kind, double[] LogOdds, double[] Probabilities)
{
    private const int MaxSteps = 256;

    /// <summary>The probability.</summary>
    public double Apply(double logOdds)
    {
        if (Kind == CalibrationKind.Platt) return Target.Probability((LogOdds[0] * logOdds) + LogOdds[1]);
        var at = Array.BinarySearch(LogOdds, logOdds);
        if (at >= 0) return Probabilities[at];
        at = ~at;
        if (at == 0) return Probabilities[0];
        if (at == LogOdds.Length) return Probabilities[^1];
        var share = (logOdds - LogOdds[at - 1]) / (LogOdds[at] - LogOdds[at - 1]);
        return Probabilities[at - 1] + (share * (Probabilities[at] - Probabilities[at - 1]));
    }

    /// <summary>Fits both and takes the one with the smaller cross-validated log loss; Platt where they are equal.</summary>
    /// <param name="logOdds">Log-odds of rows that the model was not fitted to.</param>
    /// <param name="targets">What came of each, 0 to 1.</param>
    /// <param name="folds">The fold of each row.</param>
    /// <param name="foldCount">How many folds.</param>
    public static Calibration Best(double[] logOdds, double[] targets, int[] folds, int foldCount)
    {
        double platt = 0, isotonic = 0;
        for (var fold = 0; fold < foldCount; fold++)
        {
            var (x, y) = Where(logOdds, targets, row => folds[row] != fold);
            var (testX, testY) = Where(logOdds, targets, row => folds[row] == fold);
            if (x.Length == 0) continue;
            platt += Loss(FitPlatt(x, y), testX, testY);
            isotonic += Loss(FitIsotonic(x, y), testX, testY);
        }
        return isotonic < platt ? FitIsotonic(logOdds, targets) : FitPlatt(logOdds, targets);
    }

    /// <summary>Fits slope and intercept by Newton's method, with a weak pull of the slope to 1.</summary>
    public static Calibration FitPlatt(double[] x, double[] targets)
    {
        double slope = 1, intercept = 0;
        for (var step = 0; step < 50; step++)
        {
            double gs = slope - 1, gi = 0.01 * intercept, hss = 1, hii = 0.01, hsi = 0;
            for (var i = 0; i < x.Length; i++)
            {
                var p = Target.Probability((slope * x[i]) + intercept);
                var (error, curve) = (p - targets[i], p * (1 - p));
                gs += error * x[i];
                gi += error;
                hss += curve * x[i] * x[i];
                hsi += curve * x[i];
                hii += curve;
            }
            var determinant = (hss * hii) - (hsi * hsi);
            if (determinant <= 1e-12) break;
            var (ds, di) = (((hii * gs) - (hsi * gi)) / determinant, ((hss * gi) - (hsi * gs)) / determinant);
            slope -= Math.Clamp(ds, -1, 1);
            intercept -= Math.Clamp(di, -2, 2);
            if (Math.Abs(ds) + Math.Abs(di) < 1e-8) break;
        }
        // A falling curve would turn the order of the scores round: then the scores say nothing.
        return new Calibration(CalibrationKind.Platt, [Math.Max(slope, 0.01), intercept], []);
    }

    /// <summary>Fits the steps; each is drawn a little to the mean, so that a step of few rows is never sure.</summary>
    public static Calibration FitIsotonic(double[] x, double[] targets)
    {
        var order = Enumerable.Range(0, x.Length).OrderBy(i => x[i]).ToArray();
        var mean = x.Length == 0 ? 0.5 : targets.Average();
        // Fewer, larger steps to begin with: at most MaxSteps of equal size.
        var size = Math.Max(1, (x.Length + MaxSteps - 1) / MaxSteps);
        var blocks = new List<(double X, double Y, int Count)>();
        for (var i = 0; i < order.Length; i += size)
        {
            var rows = order.AsSpan(i, Math.Min(size, order.Length - i));
            double sumX = 0, sumY = 0;
            foreach (var row in rows)
            {
                sumX += x[row];
                sumY += targets[row];
            }
            blocks.Add((sumX / rows.Length, sumY / rows.Length, rows.Length));
            while (blocks.Count > 1 && (blocks[^2].Y >= blocks[^1].Y || blocks[^2].X >= blocks[^1].X)) Pool(blocks);
        }
        if (blocks.Count == 0) blocks.Add((0, mean, 1));
        var places = blocks.Select(block => block.X).ToArray();
        var heights = blocks.Select(block => ((block.Y * block.Count) + mean) / (block.Count + 1)).ToArray();
        for (var i = 1; i < heights.Length; i++) heights[i] = Math.Max(heights[i], heights[i - 1]);
        return new Calibration(CalibrationKind.Isotonic, places, heights);
    }

    private static void Pool(List<(double X, double Y, int Count)> blocks)
    {
        var (a, b) = (blocks[^2], blocks[^1]);
        var count = a.Count + b.Count;
        blocks.RemoveAt(blocks.Count - 1);
        blocks[^1] = (((a.X * a.Count) + (b.X * b.Count)) / count, ((a.Y * a.Count) + (b.Y * b.Count)) / count, count);
    }

    private static double Loss(Calibration calibration, double[] x, double[] targets)
    {
        double loss = 0;
        for (var i = 0; i < x.Length; i++) loss += Target.Loss(Target.LogOdds(calibration.Apply(x[i])), targets[i]);
        return loss;
    }

    private static (double[] X, double[] Y) Where(double[] x, double[] y, Func<int, bool> isIn)
    {
        var rows = Enumerable.Range(0, x.Length).Where(isIn).ToArray();
        return ([.. rows.Select(row => x[row])], [.. rows.Select(row => y[row])]);
    }
}
