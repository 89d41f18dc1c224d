using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Evals;
using Rung.Core.Guarantees;
using Rung.Core.Learning;
using Rung.Core.Policies;
using Rung.Recorded;
using Rung.Storage.Content;

namespace Rung.Commands;

/// <summary><c>rung calibrate</c>: the cheapest threshold of a tag's cascade whose loss is controlled, and the certificate of it.</summary>
internal static class CalibrateCommand
{
    public static Command Create(TimeProvider clock)
    {
        var options = new CalibrateOptions();
        var command = new Command("calibrate", "Find the cheapest threshold of a tag's cascade whose loss of quality is bounded with a guarantee. Exit code 1 when none qualifies.");
        foreach (var option in options.All) command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            if (options.Fault(parsed) is { } fault) return Task.FromResult(Output.Fail(error, fault.Message, fault.Fix));
            return PolicyCommand.GuardAsync(error, async () =>
            {
                try
                {
                    return await RunAsync(options, parsed, clock, cancellationToken);
                }
                catch (OutsideNeededException outside)
                {
                    return Output.Fail(error, outside.Message, "Calibrate with checks that judge the answer itself, and a trained verifier.");
                }
                catch (EvalException unusable)
                {
                    return Output.Fail(error, unusable.Problem, unusable.Fix);
                }
                catch (Exception unusable) when (unusable is InvalidDataException or FormatException)
                {
                    return Output.Fail(error, unusable.Message);
                }
            });
        });
        return command;
    }

    private static async Task<int> RunAsync(CalibrateOptions options, ParseResult parsed, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var now = clock.GetUtcNow();

        // 1. The policy's cascade.
        var found = await new PolicyFinder(parsed.GetRequiredValue(options.Data), clock).FindAsync(parsed.GetRequiredValue(options.Policy), cancellationToken);
        var snapshot = found.Snapshot;
        var cascade = TagCascade.Of(snapshot, parsed.GetRequiredValue(options.Tag), parsed.GetValue(options.Weak), parsed.GetValue(options.Strong));

        // 2. What is known of it, as that cascade would have seen it.
        var label = parsed.GetValue(options.Label);
        var (recorded, graded, data) = parsed.GetValue(options.Eval) is { } eval
            ? await FromEvalAsync(eval, options, parsed, cascade, clock, cancellationToken) : await FromFilesAsync(options, parsed, snapshot, cascade, now, cancellationToken);
        var folds = parsed.GetValue(options.CrossFit);
        WarnOfTraining(snapshot, cascade, graded, label, folds is not null, error);
        var rows = folds is { } count ? VerifierScores.CrossFitted(recorded, cascade, count, parsed.GetValue(options.Seed), error, cancellationToken) : recorded.Rows;

        // 3. The threshold.
        var plan = new CalibrationPlan { MostLoss = parsed.GetValue(options.QualityLoss), Confidence = parsed.GetValue(options.Confidence), Test = TestOf(parsed.GetValue(options.Method)!) };
        var report = new CalibrateReport(ThresholdCalibration.Run(rows, plan), recorded.CostsKnown)
        {
            Tag = cascade.Route.Name, Policy = found.Name, Weak = cascade.Weak.UpstreamId, Strong = cascade.Strong.UpstreamId, Verifier = cascade.Rule.Verifier,
            CrossFitted = folds is not null, LeftOut = recorded.LeftOut, CostSource = recorded.CostSource,
        };
        if (parsed.GetValue(options.Splits) is { } splits)
        {
            if (report.Groups < 2) throw new PolicyUnusableException("All rows are one group of near-identical prompts: there is nothing to split.", "Leave out --splits, or grade more prompts.");
            var progress = new CalibrateProgress(error, splits);
            report = report with
            {
                Splits = CalibrateReport.SplitsReport.Of(SplitExperiment.Run(rows, plan, splits, parsed.GetValue(options.Seed), parsed.GetValue(options.SplitShare), progress.Report)),
            };
        }

        // 4. The certificate, and the policy.
        var certificate = CertificateOf(report, cascade, label, data, DateOnly.FromDateTime(now.UtcDateTime));
        var written = certificate is null ? null : CalibrateFiles.Write(certificate, cascade.Rule, found, parsed.GetValue(options.Out), parsed.GetValue(options.Write));
        report = report with { Certificate = written?.Certificate, PolicyEdited = written?.PolicyEdited ?? false };
        if (parsed.GetValue(options.Json))
        {
            Output.WriteJson(output, report);
        }
        else
        {
            CalibrateTable.Write(output, report);
            foreach (var line in written?.Lines ?? []) Lines.Write(output, "", line);
        }
        return report.Result.Certified is null ? ExitCode.Faults : ExitCode.Ok;
    }

    private static async Task<(RecordedCascade Recorded, IReadOnlyList<CertifiedFile> Graded, IReadOnlyList<CertifiedFile> Data)> FromFilesAsync(
        CalibrateOptions options, ParseResult parsed, PolicySnapshot snapshot, TagCascade cascade, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (named, answers) = (parsed.GetRequiredValue(options.Outcomes), parsed.GetValue(options.Responses) ?? []);
        var outcomes = await RecordedOutcomes.ReadAsync(named, answers, new RecordedReading { Label = parsed.GetValue(options.Label) }, cancellationToken);
        UpstreamCommand.ReportReading(outcomes, parsed.InvocationConfiguration.Error);
        var graded = await TrainingRows.HashAsync(named, cancellationToken);
        var beside = await TrainingRows.HashAsync([.. RecordedOutcomes.ResponsesBeside(named, answers), .. answers], cancellationToken);
        var recorded = RecordedCascade.Of(outcomes, cascade.Route, cascade.Rule, cascade.Weak, cascade.Strong, new OfflineCascade(outcomes, snapshot, now),
            parsed.GetValue(options.TagFromSource) ? cascade.Route.Name : null);
        if (recorded.Rows.Count == 0)
            throw new PolicyUnusableException($"No row has an answer by {cascade.Weak.UpstreamId} with its grade and the grade of {cascade.Strong.UpstreamId}.", $"Recorded are: {string.Join(", ", outcomes.Models.Take(8))}");
        return (recorded, graded, [.. graded, .. beside]);
    }

    private static async Task<(RecordedCascade Recorded, IReadOnlyList<CertifiedFile> Graded, IReadOnlyList<CertifiedFile> Data)> FromEvalAsync(
        string eval, CalibrateOptions options, ParseResult parsed, TagCascade cascade, TimeProvider clock, CancellationToken cancellationToken)
    {
        var pairs = await GradedRuns.ReadAsync(
            parsed.GetRequiredValue(options.Data), clock, eval, EvalPart.Test, cascade.Weak.Name, cascade.Strong.Name, parsed.InvocationConfiguration.Error, cancellationToken);
        CertifiedFile[] source = [new(pairs.Name, pairs.Sha256)];
        return (GradedRuns.ToCascade(pairs, cascade.Rule), source, source);
    }

    /// <summary>A verifier knows the rows that it was trained on: on them its scores are better than they will ever be again, and a certificate would be void.</summary>
    private static void WarnOfTraining(PolicySnapshot policy, TagCascade cascade, IReadOnlyList<CertifiedFile> graded, string? label, bool isCrossFitted, TextWriter error)
    {
        foreach (var (known, seen) in TrainingRows.Seen(policy, cascade.Rule.Texts, graded))
        {
            // Cross-fitting stands in for the one verifier whose threshold is calibrated. One inside an all, any, not or score keeps its own scores.
            if (isCrossFitted && known == cascade.Rule.Verifier) continue;
            throw new PolicyUnusableException(
                $"Verifier {known} was trained on {seen}, the very rows that it would be judged by: no threshold found on them would be worth a certificate.",
                known == cascade.Rule.Verifier ? "Calibrate on other rows, or with --cross-fit 5, where each row is scored by a verifier that has not seen it." : "Calibrate on other rows.");
        }
        if (cascade.Rule.Verifier is not { } name || !policy.TrainedVerifiers.TryGetValue(name, out var file) || file.Verifier is not TrainedVerifier verifier)
        {
            if (isCrossFitted) throw new PolicyUnusableException($"Tag {cascade.Route.Name} has no check by a trained verifier, so there is nothing to fit.", "Leave out --cross-fit, or add a verifier check.");
            return;
        }
        // A verifier of an eval knows the reference by the policy's name of it.
        if (verifier.Weak != cascade.Weak.UpstreamId || (verifier.Strong != cascade.Strong.UpstreamId && verifier.Strong != cascade.Strong.Name))
            error.WriteLine($"rung: verifier {name} was trained for {verifier.Weak} → {verifier.Strong}; its scores are used for {cascade.Weak.UpstreamId} → {cascade.Strong.UpstreamId}");
        if (verifier.Provenance is { } from && from.Label != (label ?? "correct"))
            error.WriteLine($"rung: verifier {name} was trained on grades \"{from.Label}\", and is calibrated on \"{label ?? "correct"}\"; --label chooses");
    }

    private static RiskTest TestOf(string word) => word switch
    {
        "hoeffding_bentkus" => RiskTest.HoeffdingBentkus,
        "binomial" => RiskTest.Binomial,
        _ => RiskTest.Betting,
    };

    private static Certificate? CertificateOf(CalibrateReport report, TagCascade cascade, string? label, IReadOnlyList<CertifiedFile> files, DateOnly today) =>
        report.Result.Certified is not { } point ? null : new Certificate
        {
            Tag = report.Tag,
            Date = today,
            Weak = new CertifiedModel(cascade.Weak.Name, cascade.Weak.UpstreamId),
            Strong = new CertifiedModel(cascade.Strong.Name, cascade.Strong.UpstreamId),
            QualityLoss = report.QualityLoss,
            Confidence = report.Confidence,
            Test = report.Result.Plan.Test,
            CrossFitted = report.CrossFitted,
            Threshold = report.AtLeast,
            RuleSha256 = cascade.Rule.Sha256,
            Rule = cascade.Rule.Texts,
            Label = label,
            Files = [.. files],
            Rows = report.Rows,
            Groups = report.Groups,
            Loss = point.Loss,
            Bound = point.Bound,
            KeptShare = point.KeptShare,
            CostNanoUsd = report.CostsKnown ? point.CostNanoUsd : null,
            CostLowNanoUsd = report.CostsKnown ? point.CostLowNanoUsd : null,
            CostHighNanoUsd = report.CostsKnown ? point.CostHighNanoUsd : null,
            CostShare = report.CostsKnown ? point.CostShare : null,
        };

    /// <summary>Says on standard error how far the splits are, now and then.</summary>
    private sealed class CalibrateProgress(TextWriter error, int splits)
    {
        private readonly int _step = Math.Max(1, splits / 4);

        public void Report(int done)
        {
            if (done % _step == 0 && splits >= 200) error.WriteLine($"rung: {done:N0} of {splits:N0} splits");
        }
    }
}
