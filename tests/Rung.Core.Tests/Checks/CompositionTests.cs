using System.Collections.Immutable;
using Rung.Core.Checks;
using Rung.Core.Verifiers;

namespace Rung.Core.Tests.Checks;

public sealed class CompositionTests
{
    private static readonly Check Asks = CheckFactory.Command("c");
    private static readonly Check Good = Some.Regex("good");

    [Fact]
    public void One_failed_member_of_all_spares_the_question_wherever_it_stands()
    {
        var check = All(Asks, Good);

        Assert.Equal("regex: The answer does not match the pattern good; it begins with \"bad\".", check.Evaluate(Some.Answer("bad")).Detail);
        Assert.Equal(new CommandInquiry("c"), check.Evaluate(Some.Answer("good")).Pending);
        Assert.True(check.Evaluate(Found("good", 1)).Passed);
        Assert.False(check.Evaluate(Found("good", 0)).Passed);
    }

    [Fact]
    public void One_passed_member_of_any_spares_the_question()
    {
        var check = CheckFactory.Any([Asks, Good], out _)!;

        Assert.True(check.Evaluate(Some.Answer("good")).Passed);
        Assert.NotNull(check.Evaluate(Some.Answer("bad")).Pending);
        Assert.True(check.Evaluate(Found("bad", 1)).Passed);
        Assert.StartsWith("None of 2 checks passed; the first, command c, says: ", check.Evaluate(Found("bad", 0)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_is_decided_as_soon_as_nothing_can_change_it()
    {
        var check = CheckFactory.Score(0.6, [new(2, Good), new(1, Asks)], out _)!;

        Assert.True(check.Evaluate(Some.Answer("good")) is { Passed: true, Pending: null, Score: null });
        Assert.True(check.Evaluate(Some.Answer("bad")) is { Passed: false, Pending: null, Score: null });
        Assert.Equal(1, check.Evaluate(Found("good", 1)).Score);
        Assert.Equal(2 / 3.0, check.Evaluate(Found("good", 0)).Score!.Value, 9);
        Assert.Equal("The score is at most 0.333; at least 0.6 is wanted. Weakest is regex.", Some.Detail(check, "bad"));
    }

    [Fact]
    public void Names_say_what_is_inside_and_stay_short()
    {
        Assert.Equal("all(regex, not(command c))", All(Good, CheckFactory.Not(Asks, out _)!).Name);
        Assert.Equal("score(regex)", CheckFactory.Score(1, [new(1, Good)], out _)!.Name);
        Assert.Equal("all(30 checks)", All([.. Enumerable.Repeat(Good, 30)]).Name);
    }

    [Fact]
    public void A_composed_check_needs_what_its_members_need()
    {
        Assert.False(All(Good, Asks).NeedsContext);
        Assert.True(CheckFactory.Not(All(Good, CheckFactory.Cites(true, null, 1, out _)!), out _)!.NeedsContext);
        Assert.NotNull(All(Good, Some.Length(null, 3)).Watch());
        Assert.Null(CheckFactory.Any([Good, Some.Length(null, 3)], out _)!.Watch());
        Assert.Null(CheckFactory.Not(Some.Length(null, 3), out _)!.Watch());
    }

    [Fact]
    public void What_makes_no_check_is_refused_with_a_sentence()
    {
        Assert.Null(CheckFactory.All([], out var empty));
        Assert.Null(CheckFactory.Score(2, [new(1, Good)], out var threshold));
        Assert.Null(CheckFactory.Score(0.5, [new(0, Good)], out var weights));
        Assert.Null(CheckFactory.Score(0.5, [new(-1, Good)], out var negative));
        Assert.All([empty, threshold, weights, negative], fault => Assert.False(string.IsNullOrEmpty(fault)));

        var deep = Good;
        for (var level = 0; level < CheckFactory.DeepestComposition; level++) deep = CheckFactory.Not(deep, out _)!;
        Assert.NotNull(deep);
        Assert.Null(CheckFactory.Not(deep, out var tooDeep));
        Assert.Contains("8 levels", tooDeep, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_says_why_it_refuses()
    {
        Assert.Equal("The command c does not accept the answer.", Asks.Evaluate(Found("x", 0)).Detail);
        Assert.Equal("The command c could not be run: it took longer than 5 s.", Asks.Evaluate(Some.Answer("x").With(new CommandInquiry("c"), new Finding { Unavailable = "it took longer than 5 s" })).Detail);
        Assert.Contains("line 1", Asks.Evaluate(Some.Answer("x").With(new CommandInquiry("c"), new Finding { Score = 0, Detail = "line 1:\nsyntax" })).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.49, false)]
    [InlineData(1.5, false)]
    [InlineData(double.NaN, false)]
    public void A_verifier_passes_from_its_threshold_up(double score, bool passes)
    {
        var check = CheckFactory.Verifier(new AskedVerifier("v"), 0.5, passUnavailable: false, out _)!;
        var answer = Some.Answer("x") with { Context = new CallContext { Prompt = default, Given = default } };

        Assert.Equal(new VerifierInquiry("v"), check.Evaluate(answer).Pending);
        var result = check.Evaluate(answer.With(new VerifierInquiry("v"), new Finding { Score = score }));
        Assert.Equal((passes, score is >= 0 and <= 1 ? score : null), (result.Passed, result.Score));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_verifier_that_cannot_say_is_judged_as_the_policy_wants(bool passes)
    {
        var check = CheckFactory.Verifier(new AskedVerifier("v"), 0.5, passes, out _)!;
        var silent = Some.Answer("x") with { Context = new CallContext { Prompt = default, Given = default } };
        var result = check.Evaluate(silent.With(new VerifierInquiry("v"), new Finding { Unavailable = "no reply within 2 s" }));

        Assert.Equal((passes, null), (result.Passed, result.Score));
        Assert.Equal(passes ? null : "The verifier v is unavailable: no reply within 2 s.", result.Detail);
        Assert.Equal(passes, check.Evaluate(Some.Answer("x")).Passed);
    }

    private static Check All(params Check[] members) => CheckFactory.All([.. members], out _)!;

    private static Answer Found(string text, double score) => Some.Answer(text).With(new CommandInquiry("c"), new Finding { Score = score });
}
