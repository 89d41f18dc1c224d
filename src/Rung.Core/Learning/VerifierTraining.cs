using System.Collections.Immutable;
using Rung.Core.Learning.Evaluation;
using Rung.Core.Learning.Features;
using Rung.Core.Learning.Models;

namespace Rung.Core.Learning;

/// <summary>What came of a training.</summary>
/// <param name="Verifier">The verifier, trained on all rows.</param>
/// <param name="Report">What cross-validation says of it.</param>
/// <param name="OutOfFold">Every row as a cascade sees it, scored by a model that saw neither it nor its group, in the order of the rows used.</param>
/// <param name="Ids">Their ids, in the same order.</param>
public sealed record VerifierTrainingResult(
    TrainedVerifier Verifier, VerifierReport Report, ImmutableArray<CascadeOutcome> OutOfFold, ImmutableArray<string> Ids);

/// <summary>
/// Trains a verifier and judges it by nested cross-validation: within each outer fold's training rows, inner folds choose the kind of model, its calibration and
/// the thresholds; the outer fold's own rows are only judged. Same rows, same options, same result.
/// </summary>
public sealed class VerifierTraining
{
    // Inner folds only choose; with many rows fewer of them are as sure.
    private const int ManyRows = 4_000;

    private readonly IReadOnlyList<TrainingRow> _rows;
    private readonly TrainingOptions _options;
    private readonly FitOptions _fit = new();
    private readonly GradedRows _graded;
    private readonly CurveRows _curve;
    private readonly CascadeCosts _costs;
    private readonly bool _promptOnly;
    private readonly int _withoutAnswer;
    private readonly string[] _groups;
    private readonly int[] _strata;
    private readonly int _innerFolds;
    private int _done;

    private VerifierTraining(IReadOnlyList<TrainingRow> rows, TrainingOptions options)
    {
        var answered = rows.Where(row => row.HasAnswer).ToArray();
        // With few answers kept there is more to learn from all the prompts.
        _promptOnly = answered.Length * 2 < rows.Count || answered.Length < TrainingOptions.LeastRows;
        _rows = _promptOnly ? rows : answered;
        _withoutAnswer = rows.Count - answered.Length;
        _options = options;
        _costs = CascadeCosts.Of(_rows);
        _groups = [.. _rows.Select(row => row.Group)];
        _strata = [.. _rows.Select(row => (row.WeakQuality >= 0.5 ? 2 : 0) + (row.StrongQuality >= 0.5 ? 1 : 0))];
        _innerFolds = _rows.Count > ManyRows ? 3 : 4;
        _graded = new GradedRows(
            new FeatureVector[_rows.Count], [.. _rows.Select(row => row.WeakQuality)], [.. _rows.Select(row => row.StrongQuality)]);
        _curve = new CurveRows(_graded.Weak, _graded.Strong, _costs.Weak, _costs.Strong);
    }

    /// <summary>Trains.</summary>
    /// <param name="rows">The graded queries.</param>
    /// <param name="options">Who, and how.</param>
    /// <exception cref="TrainingException">There are too few rows or groups.</exception>
    /// <exception cref="ArgumentException">A grade is not between 0 and 1.</exception>
    public static VerifierTrainingResult Train(IReadOnlyList<TrainingRow> rows, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        if (rows.Any(row => !(row.WeakQuality is >= 0 and <= 1 && row.StrongQuality is >= 0 and <= 1))) throw new ArgumentException("A grade is not between 0 and 1.", nameof(rows));
        if (rows.Count < TrainingOptions.LeastRows)
        {
            throw new TrainingException($"{rows.Count} graded rows with both models are too few to learn from.", $"At least {TrainingOptions.LeastRows} are needed; a few hundred are better.");
        }
        var groups = rows.Select(row => row.Group).Distinct(StringComparer.Ordinal).Count();
        if (groups < options.Folds * 4) throw new TrainingException($"The rows are only {groups} group{(groups == 1 ? "" : "s")} of near-identical prompts.", $"{options.Folds} folds need at least {options.Folds * 4} groups.");
        return new VerifierTraining(rows, options).Run();
    }

    private int Steps => (_options.Folds * (_innerFolds + 1)) + 1;

    private VerifierTrainingResult Run()
    {
        const int chunk = 256;
        _options.ForEach((_rows.Count + chunk - 1) / chunk, at =>
        {
            for (var row = at * chunk; row < Math.Min(_rows.Count, (at + 1) * chunk); row++) _graded.Features[row] = AnswerFeatures.Of(_rows[row].WeakAnswer, _promptOnly);
        });

        var folds = Folds.Deal(_groups, _strata, _options.Folds, _options.Seed);
        var outer = new OuterFold[_options.Folds];
        VerifierModel? final = null;
        var raw = CrossValidation.Learners.Select(_ => new RawPrediction[_rows.Count]).ToArray();
        _options.ForEach(_options.Folds + 1, fold =>
        {
            if (fold < _options.Folds) outer[fold] = JudgeFold(folds, fold, raw);
            else final = new VerifierModel(_promptOnly, Learner.Blend, Fit(_graded, (ulong)fold), Models.Calibration.FitPlatt([], []));
        });

        var choice = CrossValidation.Choose(raw, _curve, folds, _options.Folds);
        final = final! with { Learner = choice.Learner, Gain = final.Gain.For(choice.Learner), Calibration = choice.Calibration };
        var thresholds = VerifierReport.Targets.Select(choice.Curve.Threshold).ToArray();
        var scored = new VerifierPrediction[_rows.Count];
        var climbs = VerifierReport.Targets.Select(_ => new bool[_rows.Count]).ToArray();
        foreach (var fold in outer)
        {
            for (var i = 0; i < fold.Rows.Length; i++)
            {
                scored[fold.Rows[i]] = fold.Scored[i];
                for (var level = 0; level < climbs.Length; level++) climbs[level][fold.Rows[i]] = fold.Scored[i].KeepScore < fold.Thresholds[level];
            }
        }
        var report = new ReportWriter(_curve, _costs, _groups, scored, climbs, thresholds, _options.Seed)
            .Write(_rows.Count, _withoutAnswer, _promptOnly, choice);
        var verifier = new TrainedVerifier("trained", final, _options.Weak, _options.Strong, thresholds);
        return new VerifierTrainingResult(verifier, report, Outcomes(scored), [.. _rows.Select(row => row.Id)]);
    }

    private sealed record OuterFold(int[] Rows, VerifierPrediction[] Scored, double[] Thresholds);

    // Everything that is chosen is chosen on the other folds' rows.
    private OuterFold JudgeFold(int[] folds, int fold, RawPrediction[][] raw)
    {
        var training = CrossValidation.Rows(folds, row => folds[row] != fold);
        var rows = _graded.Take(training);
        var seed = TextHash.Join(_options.Seed, (ulong)fold);
        var inner = Folds.Deal([.. training.Select(row => _groups[row])], [.. training.Select(row => _strata[row])], _innerFolds, seed);
        var predictions = CrossValidation.Predict(rows, inner, _innerFolds, _fit, seed, Step);
        var curve = new CurveRows(rows.Weak, rows.Strong, [.. training.Select(row => _costs.Weak[row])], [.. training.Select(row => _costs.Strong[row])]);
        var choice = CrossValidation.Choose(predictions, curve, inner, _innerFolds);

        var model = Fit(rows, (ulong)fold);
        var byLearner = CrossValidation.Learners.Select(model.For).ToArray();
        var held = CrossValidation.Rows(folds, row => folds[row] == fold);
        var scored = new VerifierPrediction[held.Length];
        for (var i = 0; i < held.Length; i++)
        {
            for (var learner = 0; learner < byLearner.Length; learner++) raw[learner][held[i]] = byLearner[learner].Predict(_graded.Features[held[i]]);
            scored[i] = VerifierModel.Calibrate(raw[choice.Index][held[i]], choice.Calibration);
        }
        return new OuterFold(held, scored, [.. VerifierReport.Targets.Select(choice.Curve.Threshold)]);
    }

    private GainModel Fit(GradedRows rows, ulong part)
    {
        var model = GainTrainer.Fit(rows, _fit, TextHash.Join(_options.Seed, 1000 + part));
        Step();
        return model;
    }

    private void Step() => _options.Progress(new TrainingProgress(Interlocked.Increment(ref _done), Steps));

    private ImmutableArray<CascadeOutcome> Outcomes(VerifierPrediction[] scored) =>
        [.. _rows.Select((row, i) => new CascadeOutcome(scored[i].KeepScore, row.WeakQuality, row.StrongQuality, _costs.Weak[i], _costs.Strong[i], row.Group))];
}
