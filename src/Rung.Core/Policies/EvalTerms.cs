using System.Collections.Immutable;
using Rung.Core.Checks;

namespace Rung.Core.Policies;

/// <summary>How an answer is graded.</summary>
public enum ScoreKind : byte
{
    /// <summary><c>exact</c>: the texts are equal, white space at the ends aside.</summary>
    Exact = 0,
    /// <summary><c>normalised</c>: equal without regard to case, punctuation at the ends, and white space.</summary>
    Normalised = 1,
    /// <summary><c>numeric</c>: the final numbers are equal within a tolerance.</summary>
    Numeric = 2,
    /// <summary><c>regex</c>: what a pattern finds is equal; without a reference: the pattern matches.</summary>
    Regex = 3,
    /// <summary><c>schema</c>: the answer is JSON that follows a schema.</summary>
    Schema = 4,
    /// <summary><c>json</c>: both are the same JSON value; with fields, the share of fields that are equal.</summary>
    Json = 5,
    /// <summary><c>set</c>: F1 of the items, without regard to order.</summary>
    Set = 6,
    /// <summary><c>list</c>: share of the items in common, in order.</summary>
    List = 7,
    /// <summary><c>ranking</c>: normalised discounted cumulative gain of the order.</summary>
    Ranking = 8,
    /// <summary><c>tool_calls</c>: the same tools are called with the same arguments.</summary>
    ToolCalls = 9,
    /// <summary><c>code</c>: a command of the policy accepts it.</summary>
    Code = 10,
    /// <summary><c>checks</c>: the checks and verifiers of the tag's route pass.</summary>
    Checks = 11,
    /// <summary><c>rubric</c>: a judge grades it by a rubric, without seeing the reference's author.</summary>
    Rubric = 12,
    /// <summary><c>pairwise</c>: a judge compares it with the reference, blind, both orders asked.</summary>
    Pairwise = 13,
}

/// <summary>How the answers of a tag are graded, and what a cheaper model must prove before it may serve it.</summary>
public sealed record EvalTerms
{
    /// <summary>The terms where a policy says nothing.</summary>
    public static EvalTerms Default { get; } = new();

    /// <summary>The words of the policy, in the order of <see cref="ScoreKind"/>.</summary>
    public static ImmutableArray<string> ScoreWords { get; } =
        ["exact", "normalised", "numeric", "regex", "schema", "json", "set", "list", "ranking", "tool_calls", "code", "checks", "rubric", "pairwise"];

    /// <summary>How an answer is graded; null: the policy does not say, and whoever grades must.</summary>
    public ScoreKind? Score { get; init; }
    /// <summary>Of <see cref="ScoreKind.Numeric"/>: greatest difference that counts as equal.</summary>
    public double Tolerance { get; init; } = 1e-6;
    /// <summary>Of <see cref="ScoreKind.Regex"/>; null when not stated.</summary>
    public string? Pattern { get; init; }
    /// <summary>Of <see cref="ScoreKind.Schema"/>: path as written; null when not stated.</summary>
    public string? Schema { get; init; }
    /// <summary><see cref="Schema"/>, ready to judge an answer; null when not stated.</summary>
    public Check? SchemaCheck { get; init; }
    /// <summary>Of <see cref="ScoreKind.Code"/>: name of a command of the policy; null when not stated.</summary>
    public string? Command { get; init; }
    /// <summary>What a good answer is, for a judge; null: correct, complete, and what was asked for.</summary>
    public string? Rubric { get; init; }
    /// <summary>The tag whose route asks the judge; null when there is none.</summary>
    public string? Judge { get; init; }
    /// <summary>Least agreement of the judge with people (Cohen's kappa) for it to open a gate, 0 to 1.</summary>
    public double JudgeKappa { get; init; } = 0.6;
    /// <summary>How much worse than the reference a model may be, as a difference of mean scores, 0 to 0.5.</summary>
    public double Margin { get; init; } = 0.03;
    /// <summary>How sure that must be, 0.5 to 0.999; one-sided.</summary>
    public double Confidence { get; init; } = 0.95;
    /// <summary>Evidence older than this is out of date, in days.</summary>
    public int MaxAgeDays { get; init; } = 90;

    /// <summary>The policy's word for <see cref="Score"/>; null when not stated.</summary>
    public string? ScoreWord => Score is { } score ? ScoreWords[(int)score] : null;
}
