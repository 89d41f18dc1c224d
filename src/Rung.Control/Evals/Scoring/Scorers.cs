using Rung.Control.Evals.Judging;
using Rung.Core.Comparisons;
using Rung.Core.Policies;

namespace Rung.Control.Evals.Scoring;

/// <summary>Makes the scorer that the terms of a tag ask for.</summary>
public static class Scorers
{
    /// <summary>Makes it.</summary>
    /// <param name="terms">The terms: the route's, perhaps with a kind that the command line chose.</param>
    /// <param name="route">The route of the tag: its checks and its name.</param>
    /// <param name="policy">The policy: its commands, verifiers and the judge's route.</param>
    /// <param name="world">What it may use of the world.</param>
    /// <exception cref="EvalException">The terms are incomplete.</exception>
    public static IScorer Of(EvalTerms terms, Route route, PolicySnapshot policy, ScoringWorld world)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(world);
        return terms.Score switch
        {
            null => throw new EvalException($"The policy does not say how answers of {route.Name} are graded.", "Add \"eval: { score: … }\" to the tag, or choose with --score."),
            ScoreKind.Exact => new ReferenceScorer("exact text", AnswerLikeness.Exact, AnswerLikeness.Alternatives),
            ScoreKind.Normalised => new ReferenceScorer("text, normalised", AnswerLikeness.Normalised, AnswerLikeness.Alternatives),
            ScoreKind.Numeric => new ReferenceScorer(
                FormattableString.Invariant($"final number, within {terms.Tolerance:0.############}"), (given, wanted) => AnswerLikeness.Numeric(given, wanted, terms.Tolerance), AnswerLikeness.Alternatives),
            ScoreKind.Regex => new PatternScorer(Pattern(terms, route)),
            ScoreKind.Schema => new SchemaScorer(terms.SchemaCheck ?? throw Missing(terms, route, "a schema", "schema: schemas/answer.json")),
            ScoreKind.Json => new ReferenceScorer("JSON, share of equal fields", AnswerLikeness.Json, AnswerLikeness.AlternativeLists),
            ScoreKind.Set => new ReferenceScorer("items as a set, F1", AnswerLikeness.Set, AnswerLikeness.AlternativeLists),
            ScoreKind.List => new ReferenceScorer("items in order, longest common part", AnswerLikeness.List, AnswerLikeness.AlternativeLists),
            ScoreKind.Ranking => new ReferenceScorer("ranking, nDCG", AnswerLikeness.Ranking, AnswerLikeness.AlternativeLists),
            ScoreKind.ToolCalls => new ReferenceScorer("tool calls", AnswerLikeness.ToolCalls, alternatives: null),
            ScoreKind.Code => Code(terms, route, policy, world),
            ScoreKind.Checks => new CheckScorer(route, policy, world),
            ScoreKind.Rubric => new RubricScorer(Judge(terms, route, policy, world), terms.Rubric),
            ScoreKind.Pairwise => new PairwiseScorer(Judge(terms, route, policy, world), terms.Rubric),
            _ => throw new EvalException($"The way of grading {terms.Score} is unknown.", $"Known are: {string.Join(", ", EvalTerms.ScoreWords)}."),
        };
    }

    private static AnswerPattern Pattern(EvalTerms terms, Route route)
    {
        if (terms.Pattern is null) throw Missing(terms, route, "a pattern", "pattern: 'Answer: (\\w+)'");
        return AnswerPattern.Compile(terms.Pattern, out var fault) ?? throw new EvalException($"The pattern of {route.Name} cannot be used: {fault}", "Correct \"pattern\" in its eval.");
    }

    private static CodeScorer Code(EvalTerms terms, Route route, PolicySnapshot policy, ScoringWorld world)
    {
        if (terms.Command is null) throw Missing(terms, route, "a command", "command: run-tests");
        if (!policy.Commands.TryGetValue(terms.Command, out var command)) throw new EvalException($"The policy has no command {terms.Command}.", "Add it under \"commands\".");
        return new CodeScorer(command, world.RunCommand ?? throw new EvalException("Commands cannot be run here.", "Grade in another way, or run this where the gateway runs."));
    }

    private static JudgeDesk Judge(EvalTerms terms, Route route, PolicySnapshot policy, ScoringWorld world) =>
        terms.Judge is null ? throw Missing(terms, route, "a judge", "judge: judge-answers") : JudgeDesk.Of(terms.Judge, route.Name, policy, world);

    private static EvalException Missing(EvalTerms terms, Route route, string what, string example) =>
        new($"\"{terms.ScoreWord}\" needs {what}, and the eval of {route.Name} names none.", $"Add it: eval: {{ score: {terms.ScoreWord}, {example} }}");
}
