using Rung.Core.Checks;
using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Prices;

namespace Rung.Core.Tests.Decisions;

public sealed class AnswerTrialTests
{
    private const string Yaml = """
        version: 1
        tiers: { small: { models: [mini] }, large: { models: [big] } }
        models:
          mini: { provider: ollama, id: mini, cost: { usd_per_hour: 1, slots: 1 } }
          big: { provider: ollama, id: big, cost: { usd_per_hour: 1, slots: 1 } }
        verifiers: { sure: { llm: { model: big, rubric: "It is right." } } }
        tags:
          t: { tier: small, checks: [ { regex: "^[0-9]+$" }, { verifier: { use: sure, at_least: 0.5 } } ], escalate: { to: large } }
        default: { tier: large }
        """;

    private static readonly Route s_route =
        PolicyCompiler.Compile(new PolicySource("t.yaml", Yaml, static _ => null), PriceBook.Embedded, new DateOnly(2026, 11, 22)).Snapshot!.Tags["t"];

    [Fact]
    public void A_verifier_is_asked_about_an_answer_that_could_still_be_climbed_from()
    {
        var trial = Begin(decides: true, "12");

        Assert.Equal(new VerifierInquiry("sure"), trial.Next()?.Inquiry);
    }

    [Fact]
    public void An_answer_that_is_served_whatever_is_said_of_it_is_judged_by_the_other_checks_alone()
    {
        var trial = Begin(decides: false, "12");

        Assert.Null(trial.Next());
        Assert.Equal(["regex"], trial.ToJudgement().Verdicts.Select(verdict => verdict.Check));
        Assert.Equal(ClimbCause.None, trial.ToJudgement().Causes);
        Assert.Equal(ClimbCause.CheckFailed, Begin(decides: false, "twelve").ToJudgement().Causes);
    }

    [Fact]
    public void Nothing_is_asked_about_an_answer_that_has_failed_already() => Assert.Null(Begin(decides: true, "twelve").Next());

    private static AnswerTrial Begin(bool decides, string text) => new(s_route, decides,
        [new Answer { Content = System.Text.Encoding.UTF8.GetBytes(text), Context = new CallContext { Prompt = "6+6?"u8.ToArray(), Given = "6+6?"u8.ToArray() } }], "unreadable");
}
