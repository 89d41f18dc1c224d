namespace Rung.Core.Learning.Models;

/// <summary>
/// Fits a logistic regression with an L2 penalty: minimises the weighted log loss, summed over the rows, plus λ/2 of the squared weights. Solved by L-BFGS
/// (J. Nocedal, Math. Comp. 35 (1980), 773–782) with a backtracking line search; the loss is convex, so the start does not matter.
/// </summary>
internal sealed class LogisticTrainer
{
    private const int Memory = 8;
    private const int MaxSteps = 80;

    private readonly double[][] _numbers;
    private readonly int[][] _words;
    private readonly float[][] _wordWeights;
    private readonly int[] _buckets;
    private readonly double[] _targets;
    private readonly double[] _weights;
    private readonly double _denseLambda;
    private readonly double _wordLambda;
    private readonly int _dense;
    private readonly int _size;

    private LogisticTrainer(IReadOnlyList<ScaledVector> rows, double[] targets, double[] weights, double denseLambda, double wordLambda, int buckets)
    {
        (_denseLambda, _wordLambda) = (denseLambda, wordLambda);
        var counting = Enumerable.Range(0, rows.Count).Where(row => weights[row] > 0).Select(row => (Row: rows[row], Target: targets[row], Weight: weights[row])).ToArray();
        _targets = [.. counting.Select(row => row.Target)];
        _weights = [.. counting.Select(row => row.Weight)];
        _numbers = [.. counting.Select(row => Array.ConvertAll(row.Row.Dense, number => (double)number))];
        _wordWeights = [.. counting.Select(row => row.Row.Words)];
        // Buckets that no row uses keep the weight 0: they are left out of the work.
        var place = new int[buckets];
        var used = new List<int>();
        foreach (var (row, _, _) in counting)
        {
            foreach (var bucket in row.Buckets)
            {
                if (place[bucket] > 0) continue;
                used.Add(bucket);
                place[bucket] = used.Count;
            }
        }
        _buckets = [.. used];
        _dense = rows[0].Dense.Length;
        _words = [.. counting.Select(row => Array.ConvertAll(row.Row.Buckets, bucket => _dense + place[bucket]))];
        _size = 1 + _dense + used.Count;
    }

    /// <summary>Fits.</summary>
    /// <param name="rows">The rows; at least one.</param>
    /// <param name="targets">The probability to learn of each row, 0 to 1.</param>
    /// <param name="weights">How much each row counts, at least 0.</param>
    /// <param name="denseLambda">Penalty of the numbers' weights, above 0.</param>
    /// <param name="wordLambda">Penalty of the words' weights, above 0.</param>
    /// <param name="buckets">How many buckets of words there are.</param>
    public static LogisticModel Fit(IReadOnlyList<ScaledVector> rows, double[] targets, double[] weights, double denseLambda, double wordLambda, int buckets)
    {
        var trainer = new LogisticTrainer(rows, targets, weights, denseLambda, wordLambda, buckets);
        return trainer.ToModel(trainer.Solve(), buckets);
    }

    private double[] Solve()
    {
        double[] x = new double[_size], gradient = new double[_size], next = new double[_size], nextGradient = new double[_size], direction = new double[_size];
        var mean = Target.Mean(_targets, _weights);
        x[0] = Target.LogOdds(mean);
        var loss = Loss(x, gradient);
        var (steps, changes, rho) = (new List<double[]>(), new List<double[]>(), new List<double>());
        for (var step = 0; step < MaxSteps; step++)
        {
            Direction(gradient, steps, changes, rho, direction);
            var slope = VectorMath.Dot(gradient, direction);
            if (slope > -1e-9) break;
            var length = step == 0 ? Math.Min(1, 1 / Math.Sqrt(VectorMath.Dot(gradient, gradient))) : 1;
            double nextLoss;
            while (true)
            {
                x.CopyTo(next, 0);
                VectorMath.Add(next, direction, length);
                nextLoss = Loss(next, nextGradient);
                if (nextLoss <= loss + (1e-4 * length * slope) || length < 1e-10) break;
                length /= 2;
            }
            if (!(nextLoss < loss)) break;
            Remember(x, gradient, next, nextGradient, steps, changes, rho);
            var gain = loss - nextLoss;
            (x, next, gradient, nextGradient, loss) = (next, x, nextGradient, gradient, nextLoss);
            if (gain < 1e-5 * (1 + Math.Abs(loss))) break; // Further steps no longer show in any figure.
        }
        return x;
    }

    private LogisticModel ToModel(double[] x, int buckets)
    {
        var dense = new float[_dense];
        var words = new float[buckets];
        for (var i = 0; i < dense.Length; i++) dense[i] = (float)x[1 + i];
        // Half precision is what the model file keeps: the model that is judged is the one that is written.
        for (var i = 0; i < _buckets.Length; i++) words[_buckets[i]] = (float)(Half)x[1 + _dense + i];
        return new LogisticModel(x[0], dense, words);
    }

    private double Loss(double[] x, double[] gradient)
    {
        Array.Clear(gradient);
        double loss = 0;
        var weights = x.AsSpan(1, _dense);
        var slopes = gradient.AsSpan(1, _dense);
        for (var r = 0; r < _numbers.Length; r++)
        {
            var (words, values) = (_words[r], _wordWeights[r]);
            var odds = x[0] + VectorMath.Dot(_numbers[r], weights);
            for (var i = 0; i < words.Length; i++) odds += x[words[i]] * values[i];

            loss += _weights[r] * Target.Loss(odds, _targets[r]);
            var error = _weights[r] * (Target.Probability(odds) - _targets[r]);
            gradient[0] += error;
            VectorMath.Add(slopes, _numbers[r], error);
            for (var i = 0; i < words.Length; i++) gradient[words[i]] += error * values[i];
        }
        ReadOnlySpan<double> numbers = x.AsSpan(1, _dense), rest = x.AsSpan(1 + _dense);
        VectorMath.Add(slopes, numbers, _denseLambda);
        VectorMath.Add(gradient.AsSpan(1 + _dense), rest, _wordLambda);
        return loss + (_denseLambda / 2 * VectorMath.Dot(numbers, numbers)) + (_wordLambda / 2 * VectorMath.Dot(rest, rest));
    }

    private static void Remember(double[] x, double[] gradient, double[] next, double[] nextGradient, List<double[]> steps, List<double[]> changes, List<double> rho)
    {
        double[] step = new double[x.Length], change = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            step[i] = next[i] - x[i];
            change[i] = nextGradient[i] - gradient[i];
        }
        var curvature = VectorMath.Dot(step, change);
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
            alpha[k] = rho[k] * VectorMath.Dot(steps[k], direction);
            VectorMath.Add(direction, changes[k], -alpha[k]);
        }
        if (steps.Count > 0)
        {
            var scale = 1 / (rho[^1] * VectorMath.Dot(changes[^1], changes[^1]));
            for (var i = 0; i < direction.Length; i++) direction[i] *= scale;
        }
        for (var k = 0; k < steps.Count; k++)
        {
            var beta = rho[k] * VectorMath.Dot(changes[k], direction);
            VectorMath.Add(direction, steps[k], alpha[k] - beta);
        }
    }
}
