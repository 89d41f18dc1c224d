using Rung.Core.Guarantees;
using Rung.Core.Statistics;

namespace Rung.Control.Evals.Runs;

/// <summary>Failures of one kind.</summary>
/// <param name="Kind">The kind, in a word or two.</param>
/// <param name="Count">How many.</param>
/// <param name="Examples">A few of them.</param>
public sealed record FailureKind(string Kind, int Count, IReadOnlyList<FailureExample> Examples);

/// <summary>One failure.</summary>
/// <param name="RowId">The row.</param>
/// <param name="Reason">The grader's words, which may quote the answer; null when content is not shown, or there are none.</param>
/// <param name="Answer">The beginning of the answer; null when content is not shown.</param>
public sealed record FailureExample(string RowId, string? Reason, string? Answer);

/// <summary>What a run says of one candidate.</summary>
public sealed record CandidateReport
{
    /// <summary>The model.</summary>
    public required RunCandidate Model { get; init; }
    /// <summary>Names and versions that the upstream reported, sorted; several where it changed during the run.</summary>
    public IReadOnlyList<string> Reported { get; init; } = [];
    /// <summary>Rows that count: graded, or not answered, which counts as wrong.</summary>
    public required int Rows { get; init; }
    /// <summary>Groups of them: near-identical rows count as one piece of evidence.</summary>
    public int Groups { get; init; }
    /// <summary>Rows that were answered.</summary>
    public int Answered { get; init; }
    /// <summary>Rows whose every attempt failed.</summary>
    public int Failed { get; init; }
    /// <summary>Rows that a pin keeps away from it.</summary>
    public int Forbidden { get; init; }
    /// <summary>Rows that it cannot take.</summary>
    public int DoesNotFit { get; init; }
    /// <summary>Answers that could not be graded: left out.</summary>
    public int Ungraded { get; init; }
    /// <summary>Rows still to be answered or graded.</summary>
    public int Missing { get; init; }
    /// <summary>Mean score, 0 to 1, with its two-sided interval; null without a row.</summary>
    public Interval? Quality { get; init; }
    /// <summary>The test against the reference, at the confidence that <see cref="TestedAt"/> says; null without a row.</summary>
    public NonInferiorityResult? Test { get; init; }
    /// <summary>The confidence of its test: raised where several candidates are tested (Holm).</summary>
    public double TestedAt { get; init; }
    /// <summary>Rows about needed for a decision; null when there is one, or when it cannot be said.</summary>
    public int? RowsNeeded { get; init; }
    /// <summary>Mean cost of a call, in nano-USD, every attempt counted; null when no row has a known cost.</summary>
    public double? CostNanoUsd { get; init; }
    /// <summary>Mean cost of the reference on the same rows, in nano-USD; null when unknown.</summary>
    public double? ReferenceCostNanoUsd { get; init; }
    /// <summary>Rows whose costs are compared.</summary>
    public int CostRows { get; init; }
    /// <summary>Of these, rows whose reference cost was paid for; of the others it is worked out: the candidate's tokens at the reference model's price.</summary>
    public int CostRowsPaid { get; init; }
    /// <summary>Attempts whose price is unknown: their rows are not compared.</summary>
    public int UnknownPriceAttempts { get; init; }
    /// <summary>Share of the reference's cost that is saved, with its two-sided interval; null when costs are unknown.</summary>
    public Interval? Saving { get; init; }
    /// <summary>Median latency, in milliseconds; null when nothing was answered.</summary>
    public double? LatencyP50Ms { get; init; }
    /// <summary>95th percentile of it.</summary>
    public double? LatencyP95Ms { get; init; }
    /// <summary>Cost of all its questions, in nano-USD, grades included.</summary>
    public long SpentNanoUsd { get; init; }
    /// <summary>Failures by kind, the most frequent first.</summary>
    public IReadOnlyList<FailureKind> Failures { get; init; } = [];
    /// <summary>The decision.</summary>
    public required EvalDecision Decision { get; init; }
    /// <summary>The decision in one sentence.</summary>
    public required string Sentence { get; init; }
}

/// <summary>What a run says.</summary>
public sealed record EvalRunReport
{
    /// <summary>The run's id.</summary>
    public required string Run { get; init; }
    /// <summary>What was run.</summary>
    public required EvalRunPlan Plan { get; init; }
    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset BegunAt { get; init; }
    /// <summary>When it ended, UTC; null: it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    /// <summary>Rows that were asked about.</summary>
    public required int Rows { get; init; }
    /// <summary>Rows of the part that were left out, since they have no reference.</summary>
    public int WithoutReference { get; init; }
    /// <summary>Rows that were removed from the set since it was made.</summary>
    public int Removed { get; init; }
    /// <summary>Rows about which the reference's model was asked, too, since their reference is not its own answer.</summary>
    public int ReferenceAskedRows { get; init; }
    /// <summary>Rows on which candidates are compared with an answer that the reference's model did not write, and that model was not asked.</summary>
    public int KnownAnswerRows { get; init; }
    /// <summary>Mean quality of the reference on the same rows, with its interval; null when no row counts.</summary>
    public Interval? ReferenceQuality { get; init; }
    /// <summary>What the judge's word is worth; null when no judge was asked.</summary>
    public JudgeStanding? Judge { get; init; }
    /// <summary>How several candidates are tested at once, in words.</summary>
    public required string Multiplicity { get; init; }
    /// <summary>The candidates, in the order that they were named.</summary>
    public required IReadOnlyList<CandidateReport> Candidates { get; init; }
    /// <summary>Known cost of the whole run, in nano-USD.</summary>
    public long SpentNanoUsd { get; init; }
    /// <summary>Of it, what the judge cost.</summary>
    public long JudgeNanoUsd { get; init; }
    /// <summary>Questions that were cut off by an interruption, and asked again.</summary>
    public int CutOff { get; init; }
    /// <summary>Of these, the ones that the ledger knows to have been answered and paid for.</summary>
    public int CutOffPaid { get; init; }
    /// <summary>What those cost, in nano-USD: part of <see cref="SpentNanoUsd"/>.</summary>
    public long CutOffNanoUsd { get; init; }

    /// <summary>Whether every answer is there.</summary>
    public bool IsWhole => Candidates.All(candidate => candidate.Missing == 0);
}
