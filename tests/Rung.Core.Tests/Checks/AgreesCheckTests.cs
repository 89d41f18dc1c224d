using Rung.Core.Checks;

namespace Rung.Core.Tests.Checks;

public sealed class AgreesCheckTests
{
    [Fact]
    public void Enough_equal_numbers_pass_and_the_share_is_the_score()
    {
        var check = Check(4, 3, AgreeBy.Number);

        Assert.Equal(new SamplesInquiry(3, 0.7), check.Evaluate(Some.Answer("so 12")).Pending);
        var good = Judge(check, "It is $1,200.00.", "#### 1200", "2\nThe answer is 1200 euros and 3 cents", "7");
        Assert.Equal((true, 0.75), (good.Passed, good.Score));
        var bad = Judge(check, "12", "13", "13", "12");
        Assert.Equal((false, 0.5), (bad.Passed, bad.Score));
        Assert.Equal("Of 4 answers to the same request only 2 say what this one says; at least 3 were expected.", bad.Detail);
    }

    [Fact]
    public void A_majority_for_another_answer_does_not_speak_for_this_one() => Assert.False(Judge(Check(4, 3, AgreeBy.Number), "1", "2", "2", "2").Passed);

    [Fact]
    public void Answers_that_did_not_come_disagree()
    {
        var result = Judge(Check(3, 2, AgreeBy.Text), "Yes.");
        Assert.False(result.Passed);
        Assert.Equal("Of 3 answers to the same request no other says what this one says; at least 2 were expected. 2 further answers did not come.", result.Detail);
        Assert.True(Judge(Check(3, 2, AgreeBy.Text), "Yes.", " yes ").Passed);
    }

    [Fact]
    public void More_answers_than_were_asked_for_do_not_count() => Assert.Equal(0.5, Judge(Check(2, 2, AgreeBy.Text), "a", "b", "a", "a").Score);

    [Theory]
    [InlineData(AgreeBy.Number, "no number here")]
    [InlineData(AgreeBy.Json, "{")]
    [InlineData(AgreeBy.Text, " ")]
    public void An_answer_with_nothing_to_compare_fails_without_asking(AgreeBy by, string text) =>
        Assert.True(Check(3, 2, by).Evaluate(Some.Answer(text)) is { Passed: false, Pending: null, Detail.Length: > 0 });

    [Fact]
    public void Json_is_compared_by_value() =>
        Assert.True(Judge(Check(2, 2, AgreeBy.Json), """{"a": 1.0, "b": [true]}""", """{ "b": [true], "a": 1 }""").Passed);

    [Fact]
    public void Tool_calls_are_compared_without_their_order()
    {
        var check = Check(2, 2, AgreeBy.ToolCalls);
        var given = Some.Answer("") with { ToolCalls = Some.Calls(("a", """{"x": 1}"""), ("b", "")) };
        var same = Some.Answer("words") with { ToolCalls = Some.Calls(("b", "{}"), ("a", """{"x": 1.0}""")) };
        var twice = Some.Answer("") with { ToolCalls = Some.Calls(("a", """{"x": 1}"""), ("a", """{"x": 1}""")) };

        Assert.True(check.Evaluate(given.With(new SamplesInquiry(1, 0.7), new Finding { Samples = [same] })).Passed);
        Assert.False(check.Evaluate(given.With(new SamplesInquiry(1, 0.7), new Finding { Samples = [twice] })).Passed);
    }

    [Theory]
    [InlineData("first 3, then 4", "4")]
    [InlineData("#### 12 (of 15)", "12")]
    [InlineData("so \\boxed{7} of 9", "7")]
    [InlineData("the result is -5", "-5")]
    [InlineData("a-5", "5")]
    [InlineData("costs 1,234,567.50 USD.", "1234567.5")]
    public void The_number_that_an_answer_ends_in_is_found(string text, string expected) =>
        Assert.True(Judge(Check(2, 2, AgreeBy.Number), text, expected).Passed);

    [Fact]
    public void What_makes_no_check_is_refused_with_a_sentence()
    {
        Assert.Null(CheckFactory.Agrees(1, 2, AgreeBy.Text, null, out var few));
        Assert.Null(CheckFactory.Agrees(17, 2, AgreeBy.Text, null, out var many));
        Assert.Null(CheckFactory.Agrees(3, 1, AgreeBy.Text, null, out var one));
        Assert.Null(CheckFactory.Agrees(3, 4, AgreeBy.Text, null, out var all));
        Assert.Null(CheckFactory.Agrees(3, 2, AgreeBy.Text, 2.5, out var hot));
        Assert.All([few, many, one, all, hot], fault => Assert.False(string.IsNullOrEmpty(fault)));
    }

    private static Check Check(int samples, int atLeast, AgreeBy by) => CheckFactory.Agrees(samples, atLeast, by, 0.7, out _)!;

    private static CheckResult Judge(Check check, string given, params string[] samples)
    {
        var answer = Some.Answer(given);
        return check.Evaluate(answer.With(check.Evaluate(answer).Pending!, new Finding { Samples = [.. samples.Select(Some.Answer)] }));
    }
}
