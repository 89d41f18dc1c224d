namespace Rung.Core.Learning.Evaluation;

/// <summary>How good probabilities are.</summary>
internal static class ProbabilityMeasures
{
    private const int Bins = 10;

    /// <summary>
    /// Area under the receiver operating characteristic by ranks, ties counted half (H. Mann, D. Whitney, Ann. Math. Statist. 18 (1947), 50–60); null when
    /// all targets are alike. A grade of one half and more counts as right.
    /// </summary>
    /// <param name="scores">The scores.</param>
    /// <param name="targets">The grades.</param>
    /// <param name="order">Rows by rising score; rows may occur more than once.</param>
    public static double? Auroc(double[] scores, double[] targets, ReadOnlySpan<int> order)
    {
        double rankSum = 0, right = 0;
        for (var i = 0; i < order.Length;)
        {
            var start = i;
            double tied = 0;
            var score = scores[order[i]];
            for (; i < order.Length && scores[order[i]] == score; i++) tied += targets[order[i]] >= 0.5 ? 1 : 0;
            rankSum += tied * ((start + 1 + i) / 2.0);
            right += tied;
        }
        var wrong = order.Length - right;
        return right < 1 || wrong < 1 ? null : (rankSum - (right * (right + 1) / 2)) / (right * wrong);
    }

    /// <summary>Expected calibration error over ten bins of equal size (M. Naeini et al., AAAI 2015).</summary>
    public static double Ece(double[] probabilities, double[] targets)
    {
        var order = CascadeCurve.Order(probabilities);
        double error = 0;
        for (var bin = 0; bin < Bins; bin++)
        {
            var rows = order.AsSpan((int)((long)order.Length * bin / Bins)..(int)((long)order.Length * (bin + 1) / Bins));
            double said = 0, was = 0;
            foreach (var row in rows)
            {
                said += probabilities[row];
                was += targets[row];
            }
            error += Math.Abs(said - was);
        }
        return error / Math.Max(1, order.Length);
    }
}
