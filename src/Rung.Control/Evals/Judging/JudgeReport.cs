using Rung.Core.Policies;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Judging;

/// <summary>Everything there is to say on the judge of a run: its agreement with people, its habits, its anchors, what its scores are worth, and whether they may open a gate.</summary>
public sealed record JudgeReport
{
    /// <summary>The job.</summary>
    public required string Tag { get; init; }
    /// <summary>The judge's tag; null when the terms name none any more.</summary>
    public required string? JudgeTag { get; init; }
    /// <summary>The run.</summary>
    public required string Run { get; init; }
    /// <summary>Agreement over every run of the tag with the same models as judge: what the gate looks at.</summary>
    public required JudgeAgreement Agreement { get; init; }
    /// <summary>Of <see cref="Agreement"/>, items of this run.</summary>
    public required int ItemsOfRun { get; init; }
    /// <summary>Least κ that the tag wants.</summary>
    public required double WantedKappa { get; init; }
    /// <summary>Its habits in this run.</summary>
    public required JudgeHygieneReport Hygiene { get; init; }
    /// <summary>The newest run over anchors; null when there is none.</summary>
    public required AnchorStanding? Anchors { get; init; }
    /// <summary>Quality of each candidate by people's measure.</summary>
    public required IReadOnlyList<CandidateQuality> Candidates { get; init; }
    /// <summary>Whether it may open a gate.</summary>
    public required JudgeTrust Trust { get; init; }

    /// <summary>Works it out. Pure.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="tag">The job.</param>
    /// <param name="terms">Its terms.</param>
    /// <param name="answers">What was judged in the run, with people's scores where there are any.</param>
    /// <param name="earlier">Answers of other runs of the tag that the same judge and people have judged.</param>
    /// <param name="anchorRuns">Runs over the tag's anchors, oldest first.</param>
    /// <param name="familyOf">Family of a model by the policy's name; null when unknown.</param>
    public static JudgeReport Of(
        string run, string tag, EvalTerms terms, IReadOnlyList<JudgedAnswer> answers, IReadOnlyList<DoublyJudged> earlier, IReadOnlyList<JudgeAnchorRun> anchorRuns, Func<string, string?> familyOf)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(anchorRuns);
        var hygiene = JudgeHygieneReport.Of(answers, familyOf, terms.Confidence);
        var mine = Pairs(run, tag, answers, DateTimeOffset.UnixEpoch);
        var agreement = JudgeAgreement.Of([.. earlier.Where(item => item.Run != run && item.Tag == tag && hygiene.Models.Contains(item.Model)), .. mine], terms.Confidence);
        var standing = anchorRuns.Count == 0 ? null : AnchorStanding.Of(anchorRuns[^1], anchorRuns, terms.Confidence);
        return new JudgeReport
        {
            Tag = tag,
            JudgeTag = terms.Judge,
            Run = run,
            Agreement = agreement,
            ItemsOfRun = mine.Select(item => (item.RowId, item.Candidate)).Distinct().Count(),
            WantedKappa = terms.JudgeKappa,
            Hygiene = hygiene,
            Anchors = standing,
            Candidates = [.. answers.GroupBy(answer => answer.Candidate).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => CandidateQuality.Of(group.Key, [.. group], terms.Confidence))],
            Trust = JudgeTrust.Of(agreement, terms, standing?.Drift),
        };
    }

    /// <summary>The answers that the judge and people have both judged, as they are kept.</summary>
    public static IReadOnlyList<DoublyJudged> Pairs(string run, string tag, IReadOnlyList<JudgedAnswer> answers, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(answers);
        return
        [
            .. from answer in answers
               where answer is { Score: not null, Human: not null }
               select new DoublyJudged
               {
                   Tag = tag, Run = run, RowId = answer.RowId, Candidate = answer.Candidate, Model = answer.Verdicts.Select(verdict => verdict.Model).OfType<string>().FirstOrDefault() ?? "none",
                   Reviewer = answer.Reviewer ?? HumanLabel.Anonymous, Scale = answer.Scale, Judge = answer.Score!.Value, Human = answer.Human!.Value, Weight = answer.HumanWeight, At = at,
               },
        ];
    }
}
