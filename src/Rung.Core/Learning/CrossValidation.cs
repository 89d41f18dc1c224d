using Rung.Core.Learning.Evaluation;
using Rung.Core.Learning.Features;
using Rung.Core.Learning.Models;

namespace Rung.Core.Learning;

/// <summary>Out-of-fold predictions of rows, and what is chosen from them.</summary>
internal static class CrossValidation
{
    /// <summary>Every kind of model, the most careful one first: a later one must be better to be chosen.</summary>
    public static readonly Learner[] Learners = [Learner.Blend, Learner.Logistic, Learner.Trees];

    /// <summary>Predictions of every row by models that saw neither it nor its group.</summary>
    /// <returns>By learner, then by row.</returns>
    public static RawPrediction[][] Predict(GradedRows rows, int[] folds, int foldCount, FitOptions options, ulong seed, Action fitted)
    {
        var predictions = Learners.Select(_ => new RawPrediction[rows.Count]).ToArray();
        for (var fold = 0; fold < foldCount; fold++)
        {
            var model = GainTrainer.Fit(rows.Take(Rows(folds, row => folds[row] != fold)), options, TextHash.Join(seed, (ulong)fold));
            fitted();
            var byLearner = Learners.Select(model.For).ToArray();
            foreach (var row in Rows(folds, row => folds[row] == fold))
            {
                for (var i = 0; i < byLearner.Length; i++) predictions[i][row] = byLearner[i].Predict(rows.Features[row]);
            }
        }
        return predictions;
    }

    /// <summary>Chooses the kind of model by the area under its cascade curve, and its calibration by log loss.</summary>
    public static Choice Choose(RawPrediction[][] predictions, CurveRows rows, int[] folds, int foldCount)
    {
        Choice? best = null;
        var areas = new double[Learners.Length];
        for (var i = 0; i < Learners.Length; i++)
        {
            var logOdds = predictions[i].Select(raw => raw.Right).ToArray();
            var calibration = Models.Calibration.Best(logOdds, rows.Weak, folds, foldCount);
            var scored = predictions[i].Select(raw => VerifierModel.Calibrate(raw, calibration)).ToArray();
            var keep = scored.Select(one => one.KeepScore).ToArray();
            var curve = new CascadeCurve(keep, rows, CascadeCurve.Order(keep));
            areas[i] = curve.Area();
            if (best is null || areas[i] > areas[best.Index] + 1e-12) best = new Choice(i, calibration, scored, curve, areas);
        }
        return best!;
    }

    /// <summary>The rows that a condition holds for.</summary>
    public static int[] Rows(int[] folds, Func<int, bool> isIn) => [.. Enumerable.Range(0, folds.Length).Where(isIn)];

    /// <summary>What was chosen.</summary>
    /// <param name="Index">The kind of model, as an index of <see cref="Learners"/>.</param>
    /// <param name="Calibration">Its calibration.</param>
    /// <param name="Scored">Its calibrated predictions of the rows.</param>
    /// <param name="Curve">Its curve.</param>
    /// <param name="Areas">The area under the curve of every kind.</param>
    public sealed record Choice(int Index, Models.Calibration Calibration, VerifierPrediction[] Scored, CascadeCurve Curve, double[] Areas)
    {
        /// <summary>The kind of model.</summary>
        public Learner Learner => Learners[Index];
    }
}
