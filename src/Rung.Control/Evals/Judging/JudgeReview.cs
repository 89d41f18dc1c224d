using System.Text.Json;
using Rung.Control.Evals.Runs;
using Rung.Core.Policies;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Judging;

/// <summary>Puts together what the store holds on the judge of a run: its verdicts, what people said of the same answers, its anchors.</summary>
/// <param name="store">The store.</param>
/// <param name="clock">Stamps what is kept.</param>
public sealed class JudgeReview(ContentStore store, TimeProvider clock)
{
    /// <summary>Reports on the judge of a run, and keeps what people and the judge said of the same answers, so that later runs of the tag build on it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="terms">The terms that hold.</param>
    /// <param name="labels">People's labels beside the reviews in the store; empty for none.</param>
    /// <param name="familyOf">Family of a model by the policy's name; null when unknown.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EvalException">No judge was asked in the run, or a label is about something else.</exception>
    public async Task<JudgeReport> ReportAsync(
        EvalRun run, EvalTerms terms, IReadOnlyList<HumanLabel> labels, Func<string, string?> familyOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(labels);
        var answers = await AnswersAsync(run, cancellationToken);
        if (answers.Count == 0) throw new EvalException($"No judge was asked in run {run.Id}.", "Only runs that are graded by rubric or pairwise have one.");
        var people = new PeopleScores(run, answers);
        people.Add(labels);
        foreach (var label in await ReviewsAsync(run, answers[0].Scale, cancellationToken)) people.AddIfJudged(label);
        var labelled = people.Join();
        await KeepAsync(run, labelled, cancellationToken);
        var earlier = await store.ReadDoublyJudgedAsync(run.Tag, model: null, cancellationToken);
        return JudgeReport.Of(run.Id, run.Tag, terms, labelled, earlier, await store.ReadAnchorRunsAsync(run.Tag, cancellationToken), familyOf);
    }

    private async Task<List<JudgedAnswer>> AnswersAsync(EvalRun run, CancellationToken cancellationToken)
    {
        var judged = new List<JudgedAnswer>();
        foreach (var answer in await store.ReadEvalAnswersAsync(run.Id, withContent: true, cancellationToken))
        {
            if (answer.Grade is not { Verdicts.IsEmpty: false } grade) continue;
            var verdicts = JsonSerializer.Deserialize<List<JudgeVerdict>>(grade.Verdicts.Span, RunJson.Options) ?? [];
            if (verdicts.Count > 0) judged.Add(new JudgedAnswer { RowId = answer.RowId, Candidate = answer.Candidate, Score = grade.Score, Verdicts = verdicts });
        }
        return judged;
    }

    // What reviewers said of the answers of this very run, on the judge's scale; under whatever tag they were planned.
    private async Task<List<HumanLabel>> ReviewsAsync(EvalRun run, JudgeScale scale, CancellationToken cancellationToken)
    {
        var labels = new List<HumanLabel>();
        foreach (var reviewed in await store.ReadReviewsAsync(new ReviewQuery { Set = run.SetName, JudgedOnly = true }, cancellationToken))
        {
            if (reviewed.Item is not { Source: ReviewSource.Run, RowId: { } row, Candidate: { } candidate } item || item.Run != run.Id) continue;
            foreach (var verdict in reviewed.Verdicts)
            {
                if ((scale == JudgeScale.Preference ? verdict.Preference : verdict.Score) is { } score) labels.Add(new HumanLabel(row, candidate, score, verdict.Reviewer, 1 / item.SampledAt));
            }
        }
        return labels;
    }

    private async Task KeepAsync(EvalRun run, IReadOnlyList<JudgedAnswer> answers, CancellationToken cancellationToken)
    {
        var pairs = JudgeReport.Pairs(run.Id, run.Tag, answers, clock.GetUtcNow());
        if (pairs.Count == 0) return;
        // The calls behind the rows, so that a deletion finds what is kept of them.
        var rows = (await store.ReadEvalRowsAsync(run.SetName, run.SetVersion, cancellationToken)).ToDictionary(row => row.Id, StringComparer.Ordinal);
        await store.SaveDoublyJudgedAsync(
            [.. pairs.Where(pair => rows.ContainsKey(pair.RowId)).Select(pair => pair with { CallId = rows[pair.RowId].CallId, Session = rows[pair.RowId].Session, User = rows[pair.RowId].User })],
            cancellationToken);
    }

    /// <summary>People's scores, by answer; several people on one answer count by their mean.</summary>
    private sealed class PeopleScores(EvalRun run, List<JudgedAnswer> answers)
    {
        private readonly HashSet<(string, string)> known = [.. answers.Select(answer => (answer.RowId, answer.Candidate))];
        private readonly HashSet<string> candidates = [.. answers.Select(answer => answer.Candidate)];
        private readonly Dictionary<(string, string), List<HumanLabel>> scores = [];

        /// <exception cref="EvalException">A label is about something else.</exception>
        public void Add(IReadOnlyList<HumanLabel> labels)
        {
            foreach (var label in labels)
            {
                var candidate = label.Candidate ?? (candidates.Count == 1 ? candidates.First()
                    : throw new EvalException($"The label of row {label.RowId} names no candidate, and run {run.Id} has {candidates.Count}.", "Add a candidate to each label."));
                if (!candidates.Contains(candidate)) throw new EvalException($"Run {run.Id} has no judged answer of {candidate}.", $"Its candidates are: {string.Join(", ", candidates.Order(StringComparer.Ordinal))}.");
                AddIfJudged(label with { Candidate = candidate });
            }
            if (labels.Count > 0 && scores.Count == 0) throw new EvalException($"No label is about an answer that the judge of run {run.Id} has judged.", "Labels name rows as the run does: r- and 16 hexadecimal digits.");
        }

        public void AddIfJudged(HumanLabel label)
        {
            var key = (label.RowId, label.Candidate!);
            if (!known.Contains(key)) return;
            if (!scores.TryGetValue(key, out var said)) scores[key] = said = [];
            said.Add(label);
        }

        public IReadOnlyList<JudgedAnswer> Join() =>
        [
            .. answers.Select(answer => !scores.TryGetValue((answer.RowId, answer.Candidate), out var said) ? answer : answer with
            {
                Human = said.Average(label => label.Score),
                HumanWeight = said.Max(label => label.Weight),
                Reviewer = string.Join(" + ", said.Select(label => label.Reviewer ?? HumanLabel.Anonymous).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
            }),
        ];
    }
}
