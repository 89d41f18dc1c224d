using System.Text.Json;
using Rung.Core.Guarantees;
using Rung.Core.Statistics;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Runs;

/// <summary>Makes the report of a run from what is stored of it. The same rows and answers give the same report, in whatever order they came.</summary>
public sealed class EvalRunReporter(ContentStore store, IJudgeTrust judges)
{
    private const int ExamplesOfAKind = 3;
    private const int LongestExample = 240;
    private const string NotAnswered = "no answer";

    /// <summary>Makes it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="withContent">Whether the examples of failures show reasons and answers, which quote content.</param>
    /// <param name="terms">Other terms to decide by (margin, confidence); null: those of the run.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="EvalException">The set, or a run of this version, is not there.</exception>
    public async Task<EvalRunReport> ReportAsync(EvalRun run, bool withContent, RunTerms? terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var plan = EvalRunPlan.Parse(run.Plan);
        if (terms is not null) plan = plan with { Terms = terms };
        var set = await store.FindEvalSetAsync(run.SetName, run.SetVersion, cancellationToken)
            ?? throw new EvalException($"The eval set {run.SetName}@{run.SetVersion} of run {run.Id} is not there.", "List the sets: rung eval list");
        var all = (await store.ReadEvalRowsAsync(run.SetName, run.SetVersion, cancellationToken)).Where(row => run.Part is null || row.Part == run.Part).OrderBy(row => row.Position).ToList();
        var answers = await store.ReadEvalAnswersAsync(run.Id, withContent: false, cancellationToken);
        var flights = await store.ReadEvalFlightsAsync(run.Id, cancellationToken);
        var lost = flights.Where(flight => flight.Lost).ToList();

        var rows = plan.Terms.NeedsReference ? all.Where(row => !row.Reference.IsEmpty).ToList() : all;
        var known = rows.Count(plan.ComparesWithKnown);
        var judge = plan.Terms.Judge is null ? null : await judges.OfAsync(run, plan.Terms, cancellationToken) ?? JudgeStanding.Unmeasured;
        var byCandidate = answers.ToLookup(answer => answer.Candidate);
        var beside = plan.ReferenceAsked is { } asked ? byCandidate[asked.Name].ToDictionary(answer => answer.RowId, StringComparer.Ordinal) : [];
        var drafts = plan.Candidates.Select(candidate => Draft.Of(plan, candidate, rows, byCandidate[candidate.Name], beside)).ToList();
        var tests = RunDecisions.Holm([.. drafts.Select(draft => draft.Pairs)], plan.Terms.Margin, plan.Terms.Confidence);
        var candidates = new List<CandidateReport>();
        for (var i = 0; i < drafts.Count; i++)
        {
            var report = drafts[i].Report with
            {
                Test = tests[i]?.Test, TestedAt = tests[i]?.At ?? plan.Terms.Confidence, Groups = tests[i]?.Test.Groups ?? 0,
                Failures = await FailuresAsync(run.Id, drafts[i], withContent, cancellationToken),
            };
            candidates.Add(RunDecisions.Decide(report, tests[i]?.NotWorse ?? false, plan, known > 0 ? "the known answers" : plan.ReferenceTier, judge));
        }
        return new EvalRunReport
        {
            Run = run.Id, Plan = plan, BegunAt = run.BegunAt, EndedAt = run.EndedAt, Rows = rows.Count, WithoutReference = all.Count - rows.Count, Removed = set.Removed,
            ReferenceAskedRows = rows.Count(plan.AsksReference), KnownAnswerRows = known,
            ReferenceQuality = MeanQuality.Of([.. drafts.OrderByDescending(draft => draft.Pairs.Length).First().Pairs.Select(pair => pair with { Candidate = pair.Reference })], plan.Terms.Confidence),
            Judge = judge, Multiplicity = RunDecisions.Multiplicity(plan.Candidates.Count), Candidates = candidates,
            SpentNanoUsd = answers.Sum(answer => answer.CostNanoUsd + (answer.Grade?.CostNanoUsd ?? 0)) + lost.Sum(flight => flight.CostNanoUsd ?? 0),
            JudgeNanoUsd = answers.Sum(answer => answer.Grade?.CostNanoUsd ?? 0),
            CutOff = lost.Count, CutOffPaid = lost.Count(flight => flight.CostNanoUsd is not null), CutOffNanoUsd = lost.Sum(flight => flight.CostNanoUsd ?? 0),
        };
    }

    private async Task<IReadOnlyList<FailureKind>> FailuresAsync(string run, Draft draft, bool withContent, CancellationToken cancellationToken)
    {
        var kinds = new List<FailureKind>();
        foreach (var kind in draft.Failures.GroupBy(failure => failure.Kind, StringComparer.Ordinal).OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Key, StringComparer.Ordinal))
        {
            var examples = new List<FailureExample>();
            foreach (var failure in kind.Take(ExamplesOfAKind))
            {
                var answer = withContent ? await store.FindEvalAnswerAsync(run, draft.Report.Model.Name, failure.RowId, cancellationToken) : null;
                // Why nothing came holds no content, and may always be shown.
                examples.Add(new FailureExample(failure.RowId, answer?.Grade?.Reason is { } reason ? Short(reason) : failure.Why, answer is null ? null : Short(TextOf(answer.Message))));
            }
            kinds.Add(new FailureKind(kind.Key, kind.Count(), examples));
        }
        return kinds;
    }

    private static string TextOf(ReadOnlyMemory<byte> message)
    {
        if (message.IsEmpty) return "";
        using var document = JsonDocument.Parse(message);
        return document.RootElement.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String ? content.GetString()! : document.RootElement.GetRawText();
    }

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= LongestExample ? line : $"{line[..LongestExample]}…";
    }

    /// <summary>One candidate's rows, counted.</summary>
    private sealed class Draft
    {
        public required CandidateReport Report { get; init; }

        public required PairedScore[] Pairs { get; init; }

        public List<(string Kind, string RowId, string? Why)> Failures { get; } = [];

        public static Draft Of(EvalRunPlan plan, RunCandidate candidate, List<EvalRow> rows, IEnumerable<EvalRunAnswer> answers, Dictionary<string, EvalRunAnswer> beside)
        {
            var there = answers.ToDictionary(answer => answer.RowId, StringComparer.Ordinal);
            var groups = new Dictionary<string, int>(StringComparer.Ordinal);
            var (pairs, costs, latencies) = (new List<PairedScore>(rows.Count), new List<PairedCost>(rows.Count), new List<long>(rows.Count));
            var failures = new List<(string, string, string?)>();
            var (ungraded, missing, paid) = (0, 0, 0);
            foreach (var row in rows)
            {
                var group = GroupOf(row, groups);
                var answer = there.GetValueOrDefault(row.Id);
                if (answer is null or { Status: EvalAnswerStatus.Answered, Grade: null })
                {
                    missing++;
                    continue;
                }
                double? known = null;
                EvalRunAnswer? against = null;
                if (plan.AsksReference(row))
                {
                    against = beside.GetValueOrDefault(row.Id);
                    if (against is null or { Status: EvalAnswerStatus.Answered, Grade: null })
                    {
                        missing++;
                        continue;
                    }
                    // A reference that failed, may not be asked, or cannot be graded says nothing about this row. Were it wrong there, an outage of it would make
                    // every candidate look good.
                    known = against.Grade?.Score;
                    if (known is null)
                    {
                        ungraded++;
                        failures.Add(("no reference", row.Id, against.Why));
                        continue;
                    }
                }
                if (answer.Status == EvalAnswerStatus.Answered)
                {
                    latencies.Add(answer.LatencyMicros);
                    if (answer.Grade!.Score is not { } score)
                    {
                        ungraded++;
                        failures.Add((answer.Grade.Kind ?? "not graded", row.Id, null));
                    }
                    else
                    {
                        var reference = known ?? answer.Grade.ReferenceScore ?? 1;
                        pairs.Add(new PairedScore(score, reference, row.Weight, group));
                        if (score < reference) failures.Add((answer.Grade.Kind ?? "worse", row.Id, null));
                    }
                }
                else
                {
                    // Whoever needs this row answered gets nothing from this model: it loses.
                    pairs.Add(new PairedScore(0, known ?? (plan.Terms.IsPairwise ? 0.5 : 1), row.Weight, group));
                    failures.Add((Words(answer.Status), row.Id, answer.Why));
                }
                var spent = against is { UnknownPriceAttempts: 0 } ? against.CostNanoUsd : row.ReferenceCostNanoUsd;
                if (answer.UnknownPriceAttempts == 0 && (spent ?? answer.BaselineNanoUsd) is { } cost)
                {
                    costs.Add(new PairedCost(answer.CostNanoUsd, cost, row.Weight, group));
                    if (spent is not null) paid++;
                }
            }
            var weight = costs.Sum(row => row.Weight);
            latencies.Sort();
            var draft = new Draft
            {
                Pairs = [.. pairs],
                Report = new CandidateReport
                {
                    Model = candidate, Rows = pairs.Count, Ungraded = ungraded, Missing = missing,
                    Answered = Count(EvalAnswerStatus.Answered), Failed = Count(EvalAnswerStatus.Failed), Forbidden = Count(EvalAnswerStatus.Forbidden), DoesNotFit = Count(EvalAnswerStatus.DoesNotFit),
                    Reported = [.. there.Values.Select(answer => answer.UpstreamModel).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                    Quality = MeanQuality.Of(pairs, plan.Terms.Confidence),
                    CostNanoUsd = weight > 0 ? costs.Sum(row => row.Weight * row.Candidate) / weight : null,
                    ReferenceCostNanoUsd = weight > 0 ? costs.Sum(row => row.Weight * row.Reference) / weight : null,
                    CostRows = costs.Count, CostRowsPaid = paid, UnknownPriceAttempts = there.Values.Sum(answer => answer.UnknownPriceAttempts),
                    Saving = SavingEstimate.Of(costs, plan.Terms.Confidence),
                    LatencyP50Ms = Quantile(latencies, 0.5), LatencyP95Ms = Quantile(latencies, 0.95),
                    SpentNanoUsd = there.Values.Sum(answer => answer.CostNanoUsd + (answer.Grade?.CostNanoUsd ?? 0)),
                    Decision = EvalDecision.CannotBeSaid, Sentence = "",
                },
            };
            draft.Failures.AddRange(failures);
            return draft;

            int Count(EvalAnswerStatus status) => there.Values.Count(answer => answer.Status == status);
        }

        private static int GroupOf(EvalRow row, Dictionary<string, int> groups)
        {
            var name = row.Group is { } group ? $"g {group}" : $"r {row.Id}";
            if (!groups.TryGetValue(name, out var number)) groups.Add(name, number = groups.Count);
            return number;
        }

        private static double? Quantile(List<long> sorted, double share) =>
            sorted.Count == 0 ? null : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)] / 1000.0;

        private static string Words(EvalAnswerStatus status) => status switch
        {
            EvalAnswerStatus.Forbidden => "forbidden by a pin",
            EvalAnswerStatus.DoesNotFit => "does not fit",
            _ => NotAnswered,
        };
    }
}
