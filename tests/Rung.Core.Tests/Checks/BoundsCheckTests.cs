using Rung.Core.Checks;

namespace Rung.Core.Tests.Checks;

public sealed class BoundsCheckTests
{
    [Theory]
    [InlineData("0.5", true)]
    [InlineData(" 1 \n", true)]
    [InlineData("5e-1", true)]
    [InlineData("+.5", true)]
    [InlineData("-0", true)]
    [InlineData("1.0000000000000000000000000000000000001", false)] // More digits than a decimal has.
    [InlineData("-1e-400", false)] // Smaller than any double.
    [InlineData("1e999999999999999999999", false)]
    [InlineData("half", false)]
    [InlineData("0,5", false)]
    [InlineData("50%", false)]
    [InlineData("", false)]
    [InlineData("NaN", false)]
    public void The_whole_answer_is_a_number_between_0_and_1(string content, bool passes) =>
        Assert.Equal(passes, Some.Passes(Some.Bounds(null, 0, 1), content));

    [Theory]
    [InlineData("""{"score": 0.7}""", null)]
    [InlineData("""{"score": 7e-1}""", null)]
    [InlineData("""{"score": 1.2}""", "The field score is 1.2; at most 1 was expected.")]
    [InlineData("""{"score": -3}""", "The field score is -3; at least 0 was expected.")]
    [InlineData("""{"score": "0.7"}""", "The field score is the string \"0.7\"; a number was expected: write it without quotes.")]
    [InlineData("""{"score": "high"}""", "The field score is the string \"high\"; a number was expected.")]
    [InlineData("""{"score": null}""", "The field score is null; a number was expected.")]
    [InlineData("{}", "The field score is missing; a number was expected.")]
    public void A_field_is_a_number_between_0_and_1(string content, string? detail) =>
        Assert.Equal(detail, Some.Bounds("score", 0, 1).Evaluate(Some.Answer(content)).Detail);

    [Fact]
    public void Bounds_are_inclusive_and_may_be_one_sided()
    {
        Assert.True(Some.Passes(Some.Bounds(null, 3, 3), "3.000"));
        Assert.True(Some.Passes(Some.Bounds(null, 3, null), "1e300"));
        Assert.True(Some.Passes(Some.Bounds(null, null, 3), "-1e300"));
    }

    [Fact]
    public void Bounds_that_make_no_sense_are_faults()
    {
        Assert.Null(CheckFactory.Bounds(null, null, null, out var none));
        Assert.Contains("no bound", none);
        Assert.Null(CheckFactory.Bounds(null, 2, 1, out var crossed));
        Assert.Contains("nothing could pass", crossed);
    }

    [Fact]
    public void The_name_says_which_field()
    {
        Assert.Equal("bounds", Some.Bounds(null, 0, null).Name);
        Assert.Equal("bounds a.b", Some.Bounds("a.b", 0, null).Name);
    }
}
