namespace Rung.Core.Learning.Models;

/// <summary>
/// Fits a logistic regression with an L2 penalty: minimises the weighted log loss, summed over the rows, plus λ/2 of the squared weights. Solved by L-BFGS
/// (J. Nocedal, Math. Comp. 35 (1980), 773–782) with a backtracking line search; the loss is convex, so the start does not matter.
/// </summary>
internal sealed class LogisticTrainer
{
    private const int Memory = 8;
    private const int MaxSteps = 80;

    private readonly IReadOnlyList<ScaledVector> _rows;
    private readonly double[] _targets;
    private readonly double[] _weights;
    private readonly double _denseLambda;
    private readonly double _wordLambda;
    private readonly int _dense;
    private readonly int _size;

    private LogisticTrainer(IReadOnlyList<ScaledVector> rows, double[] targets, double[] weights, double denseLambda, double wordLambda, int buckets)
    {
        (_rows, _targets, _weights, _denseLambda, _wordLambda) = (rows, targets, weights, denseLambda, wordLambda);
        _dense = rows[0].Dense.Length;
        _size = 1 + _dense + buckets;
    }

    /// <summary>Fits.</summary>
    /// <param name="rows">The rows; at least one.</param>
    /// <param name="targets">The probability to learn of each row, 0 to 1.</param>
    /// <param name="weights">How much each row counts, at least 0.</param>
    /// <param name="denseLambda">Penalty of the numbers' weights, above 0.</param>
    /// <param name="wordLambda">Penalty of the words' weights, above 0.</param>
    /// <param name="buckets">How many buckets of words there are.</param>
    public static LogisticModel Fit(IReadOnlyList<ScaledVector> rows, double[] targets, double[] weights, double denseLambda, double wordLambda, int buckets) =>
        new LogisticTrainer(rows, targets, weights, denseLambda, wordLambda, buckets).Fit();

    private LogisticModel Fit()
    {
        double[] x = new double[_size], gradient = new double[_size], next = new double[_size], nextGradient = new double[_size], direction = new double[_size];
        var mean = Target.Mean(_targets, _weights);
        x[0] = Target.LogOdds(mean);
        var loss = Loss(x, gradient);
        var (steps, changes, rho) = (new List<double[]>(), new List<double[]>(), new List<double>());
        for (var step = 0; step < MaxSteps; step++)
        {
            Direction(gradient, steps, changes, rho, direction);
            var slope = Dot(gradient, direction);
            if (slope > -1e-9) break;
            var length = step == 0 ? Math.Min(1, 1 / Math.Sqrt(Dot(gradient, gradient))) : 1;
            double nextLoss;
            while (true)
            {
                for (var i = 0; i < _size; i++) next[i] = x[i] + (length * direction[i]);
                nextLoss = Loss(next, nextGradient);
                if (nextLoss <= loss + (1e-4 * length * slope) || length < 1e-10) break;
                length /= 2;
            }
            if (!(nextLoss < loss)) break;
            Remember(x, gradient, next, nextGradient, steps, changes, rho);
            var gain = loss - nextLoss;
            (x, next, gradient, nextGradient, loss) = (next, x, nextGradient, gradient, nextLoss);
            if (gain < 1e-6 * (1 + Math.Abs(loss))) break;
        }
        return ToModel(x);
    }

    private LogisticModel ToModel(double[] x)
    {
        var dense = new float[_dense];
        var words = new float[_size - 1 - _dense];
        for (var i = 0; i < dense.Length; i++) dense[i] = (float)x[1 + i];
        // Half precision is what the model file keeps: the model that is judged is the one that is written.
        for (var i = 0; i < words.Length; i++) words[i] = (float)(Half)x[1 + _dense + i];
        return new LogisticModel(x[0], dense, words);
    }

    private double Loss(double[] x, double[] gradient)
    {
        Array.Clear(gradient);
        double loss = 0;
        var wordsAt = 1 + _dense;
        for (var r = 0; r < _rows.Count; r++)
        {
            var weight = _weights[r];
            if (weight <= 0) continue;
            var row = _rows[r];
            var odds = x[0];
            for (var i = 0; i < _dense; i++) odds += x[1 + i] * row.Dense[i];
            for (var i = 0; i < row.Buckets.Length; i++) odds += x[wordsAt + row.Buckets[i]] * row.Words[i];

            loss += weight * Target.Loss(odds, _targets[r]);
            var error = weight * (Target.Probability(odds) - _targets[r]);
            gradient[0] += error;
            for (var i = 0; i < _dense; i++) gradient[1 + i] += error * row.Dense[i];
            for (var i = 0; i < row.Buckets.Length; i++) gradient[wordsAt + row.Buckets[i]] += error * row.Words[i];
        }
        for (var i = 1; i < _size; i++)
        {
            var lambda = i < wordsAt ? _denseLambda : _wordLambda;
            loss += lambda / 2 * x[i] * x[i];
            gradient[i] += lambda * x[i];
        }
        return loss;
    }

    private static void Remember(double[] x, double[] gradient, double[] next, double[] nextGradient, List<double[]> steps, List<double[]> changes, List<double> rho)
    {
        double[] step = new double[x.Length], change = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            step[i] = next[i] - x[i];
            change[i] = nextGradient[i] - gradient[i];
        }
        var curvature = Dot(step, change);
        if (curvature <= 1e-12) return;
        if (steps.Count == Memory)
        {
            steps.RemoveAt(0);
            changes.RemoveAt(0);
            rho.RemoveAt(0);
        }
        steps.Add(step);
        changes.Add(change);
        rho.Add(1 / curvature);
    }

    private static void Direction(double[] gradient, List<double[]> steps, List<double[]> changes, List<double> rho, double[] direction)
    {
        for (var i = 0; i < gradient.Length; i++) direction[i] = -gradient[i];
        Span<double> alpha = stackalloc double[Memory];
        for (var k = steps.Count - 1; k >= 0; k--)
        {
            alpha[k] = rho[k] * Dot(steps[k], direction);
            Add(direction, changes[k], -alpha[k]);
        }
        if (steps.Count > 0)
        {
            var scale = 1 / (rho[^1] * Dot(changes[^1], changes[^1]));
            for (var i = 0; i < direction.Length; i++) direction[i] *= scale;
        }
        for (var k = 0; k < steps.Count; k++)
        {
            var beta = rho[k] * Dot(changes[k], direction);
            Add(direction, steps[k], alpha[k] - beta);
        }
    }

    private static void Add(double[] to, double[] what, double times)
    {
        for (var i = 0; i < to.Length; i++) to[i] += times * what[i];
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
