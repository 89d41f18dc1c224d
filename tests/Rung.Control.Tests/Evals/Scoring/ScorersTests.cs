using Rung.Control.Evals;
using Rung.Control.Evals.Asking;
using Rung.Control.Evals.Scoring;
using Rung.Core.Comparisons;
using Rung.Core.Policies;
using Rung.Storage.Content;

namespace Rung.Control.Tests.Evals.Scoring;

public sealed class ScorersTests
{
    private static readonly ScriptedJudge s_nobody = new(_ => throw new InvalidOperationException("Nobody is to be asked."));

    [Theory]
    [InlineData("exact", "Paris", " Paris\n", 1)]
    [InlineData("exact", "paris", "Paris", 0)]
    [InlineData("normalised", "\"paris.\"", "Paris", 1)]
    [InlineData("numeric", "The total is 18.", "18.0", 1)]
    [InlineData("regex, pattern: 'Answer: (\\w+)'", "Well. Answer: B because", "Answer: B", 1)]
    [InlineData("json", """{"a":1,"b":3}""", """{"b":2,"a":1}""", 0.5)]
    [InlineData("set", "b\na", "a\nb", 1)]
    [InlineData("list", "b\na", "a\nb", 0.5)]
    [InlineData("ranking", "[1,2,3]", "[1,2,3]", 1)]
    public async Task Every_kind_of_comparison_grades_against_the_reference(string score, string answer, string reference, double expected)
    {
        var graded = await Of(score).ScoreAsync(AnyEval.Case(answer, reference), CancellationToken.None);

        Assert.Equal(expected, graded.Score!.Value, 9);
        Assert.Null(graded.ReferenceScore); // The reference is right by definition.
        Assert.Equal(expected < 1, graded.Kind is not null);
    }

    [Fact]
    public async Task Several_right_answers_count_only_where_they_came_with_the_data()
    {
        var given = await Of("normalised").ScoreAsync(AnyEval.Case("four", """["4", "four"]""", source: ReferenceSource.Given), CancellationToken.None);
        var said = await Of("normalised").ScoreAsync(AnyEval.Case("four", """["4", "four"]""", source: ReferenceSource.Model), CancellationToken.None);
        var lists = await Of("set").ScoreAsync(AnyEval.Case("b", """[["a"],["b"]]""", source: ReferenceSource.Given), CancellationToken.None);

        Assert.Equal((1.0, 0.0, 1.0), (given.Score, said.Score, lists.Score));
    }

    [Fact]
    public async Task What_ended_badly_is_named_by_its_ending_and_what_never_came_is_not_graded()
    {
        var scorer = Of("exact");
        var cut = await scorer.ScoreAsync(new ScoringCase(AnyEval.Row("Paris"), "haiku", AnyEval.Answered("Par", "length")), CancellationToken.None);
        var refused = await scorer.ScoreAsync(new ScoringCase(AnyEval.Row("Paris"), "haiku", AnyEval.Answered("") with { Message = """{"content":null,"refusal":"I cannot."}"""u8.ToArray() }), CancellationToken.None);
        var failed = await scorer.ScoreAsync(new ScoringCase(AnyEval.Row("Paris"), "haiku", new ModelAnswer { Status = AskStatus.Failed, Why = "upstream 503" }), CancellationToken.None);
        var alone = await scorer.ScoreAsync(AnyEval.Case("Paris", reference: null), CancellationToken.None);
        var empty = await scorer.ScoreAsync(AnyEval.Case(" ", "Paris"), CancellationToken.None);

        Assert.Equal((0.0, FailureKind.Truncated), (cut.Score, cut.Kind));
        Assert.Equal((0.0, FailureKind.Refused), (refused.Score, refused.Kind));
        Assert.Equal((null, FailureKind.NoAnswer, "upstream 503"), (failed.Score, failed.Kind, failed.Reason));
        Assert.Equal((null, FailureKind.NoReference), (alone.Score, alone.Kind));
        Assert.Equal((0.0, FailureKind.Empty), (empty.Score, empty.Kind));
    }

    [Fact]
    public async Task Without_a_reference_a_pattern_must_match()
    {
        var scorer = Of("regex, pattern: '^\\d+$'");

        Assert.Equal(1, (await scorer.ScoreAsync(AnyEval.Case("42", reference: null), CancellationToken.None)).Score);
        Assert.Equal(FailureKind.NoMatch, (await scorer.ScoreAsync(AnyEval.Case("no", reference: null), CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task Tool_calls_are_compared_whatever_is_said_beside_them()
    {
        static byte[] Call(string arguments) => System.Text.Encoding.UTF8.GetBytes($$$"""{"content":"Let me see.","tool_calls":[{"id":"x","type":"function","function":{"name":"find","arguments":{{{arguments}}}}}]}""");
        var row = AnyEval.Row("x") with { Reference = Call("\"{\\\"city\\\":\\\"Paris\\\",\\\"n\\\":1}\"") };

        var same = await Of("tool_calls").ScoreAsync(new ScoringCase(row, "haiku", AnyEval.Answered("") with { Message = Call("\"{\\\"n\\\":1.0,\\\"city\\\":\\\"Paris\\\"}\"") }), CancellationToken.None);
        var other = await Of("tool_calls").ScoreAsync(new ScoringCase(row, "haiku", AnyEval.Answered("") with { Message = Call("\"{}\"") }), CancellationToken.None);

        Assert.Equal(1, same.Score);
        Assert.Equal(FailureKind.WrongArguments, other.Kind);
    }

    [Fact]
    public async Task Code_is_taken_out_of_its_fences_and_the_reference_is_run_once_a_row()
    {
        var seen = new List<string>();
        var policy = AnyEval.Policy("""
            commands: { tests: { run: ["/bin/true", "{file}"], file: answer.py } }
            tags: { job: { tier: frontier, why: x, eval: { score: code, command: tests } } }
            default: { tier: frontier, why: x }
            """);
        var scorer = Scorers.Of(policy.Tags["job"].Eval, policy.Tags["job"], policy, AnyEval.World(s_nobody) with
        {
            RunCommand = (_, text, _) =>
            {
                seen.Add(text.Trim());
                return Task.FromResult<(bool, string?)?>((text.Contains("good", StringComparison.Ordinal), "It ended with exit code 1: assert failed"));
            },
        });

        var bad = await scorer.ScoreAsync(AnyEval.Case("Here:\n```python\nbad()\n```\nDone.", "```\ngood()\n```"), CancellationToken.None);
        var good = await scorer.ScoreAsync(AnyEval.Case("good()", "```\ngood()\n```"), CancellationToken.None);

        Assert.Equal(["bad()", "good()", "good()"], seen);
        Assert.Equal((0.0, 1.0, FailureKind.CommandFailed), (bad.Score, bad.ReferenceScore, bad.Kind));
        Assert.Equal((1.0, 1.0), (good.Score, good.ReferenceScore));
    }

    [Fact]
    public async Task The_checks_of_the_route_grade_candidate_and_reference_and_a_verifier_is_asked_and_booked()
    {
        var policy = AnyEval.Policy("""
            verifiers: { nice: { llm: { model: opus, rubric: "It is polite." } } }
            tags: { job: { tier: small, why: x, checks: [ { regex: 'Paris' }, { verifier: { use: nice, at_least: 0.7 } } ], eval: { score: checks } } }
            default: { tier: frontier, why: x }
            """);
        var judge = new ScriptedJudge(question => AnyEval.Text(question).Contains("please", StringComparison.Ordinal) ? """{"reason":"polite","score":0.9}""" : """{"reason":"rude","score":0.2}""");
        var scorer = Scorers.Of(policy.Tags["job"].Eval, policy.Tags["job"], policy, AnyEval.World(judge));

        var rude = await scorer.ScoreAsync(AnyEval.Case("Paris!", "Paris, please."), CancellationToken.None);
        var polite = await scorer.ScoreAsync(AnyEval.Case("Paris, please", "Paris, please."), CancellationToken.None);
        var wrong = await scorer.ScoreAsync(AnyEval.Case("Rome, please", "Paris, please."), CancellationToken.None);

        Assert.Equal((0.0, 1.0, FailureKind.CheckFailed, 2_000L), (rude.Score, rude.ReferenceScore, rude.Kind, rude.CostNanoUsd));
        Assert.Equal((1.0, 1.0, 1_000L), (polite.Score, polite.ReferenceScore, polite.CostNanoUsd));
        Assert.Equal((0.0, 0L), (wrong.Score, wrong.CostNanoUsd)); // The pattern failed it: nobody was asked.
        Assert.Equal(3, judge.Asked.Count);
    }

    [Fact]
    public async Task A_verifier_that_cannot_be_asked_leaves_the_answer_ungraded()
    {
        var policy = AnyEval.Policy("""
            verifiers: { nice: { llm: { model: opus, rubric: "It is polite." } } }
            tags: { job: { tier: small, why: x, checks: [ { verifier: { use: nice, at_least: 0.7, unavailable: pass } } ], eval: { score: checks } } }
            default: { tier: frontier, why: x }
            """);
        var scorer = Scorers.Of(policy.Tags["job"].Eval, policy.Tags["job"], policy, AnyEval.World(new ScriptedJudge(_ => null)));

        var graded = await scorer.ScoreAsync(AnyEval.Case("Paris", reference: null), CancellationToken.None);

        Assert.Equal((null, FailureKind.NoVerdict), (graded.Score, graded.Kind));
    }

    [Fact]
    public void Incomplete_terms_say_what_is_missing_and_how_to_write_it()
    {
        var policy = AnyEval.Policy("default: { tier: frontier, why: x }");
        EvalException Fault(EvalTerms terms) => Assert.Throws<EvalException>(() => Scorers.Of(terms, policy.Default, policy, AnyEval.World(s_nobody)));

        Assert.Contains("does not say how answers of default are graded", Fault(new EvalTerms()).Problem);
        Assert.Contains("judge: judge-answers", Fault(new EvalTerms { Score = ScoreKind.Rubric }).Fix);
        Assert.Contains("is not in the policy", Fault(new EvalTerms { Score = ScoreKind.Pairwise, Judge = "nobody" }).Problem);
        Assert.Contains("needs a command", Fault(new EvalTerms { Score = ScoreKind.Code }).Problem);
    }

    private static IScorer Of(string score)
    {
        var policy = AnyEval.Policy($$"""
            tags: { job: { tier: small, why: x, eval: { score: {{score}} } } }
            default: { tier: frontier, why: x }
            """);
        return Scorers.Of(policy.Tags["job"].Eval, policy.Tags["job"], policy, AnyEval.World(s_nobody));
    }
}
