using Rung.Core.Checks;

namespace Rung.Core.Tests.Checks;

public sealed class RegexCheckTests
{
    [Theory]
    [InlineData("^[A-Z]{3}-\\d+$", "ABC-12", true)]
    [InlineData("^[A-Z]{3}-\\d+$", "see ABC-12", false)]
    [InlineData("a.c", "a\nc", false)] // A full stop matches no line feed.
    [InlineData("^b$", "a\nb", false)] // The ends of the text, not of a line.
    [InlineData("(?m)^b$", "a\nb", true)]
    [InlineData("(?i)strasse", "STRASSE", true)]
    [InlineData("^(?!.*sorry).*$", "fine", true)] // Look-around: backtracking with a limit.
    [InlineData("^(?!.*sorry).*$", "I am sorry", false)]
    [InlineData("(\\w)\\1", "hello", true)]
    public void An_answer_passes_when_it_matches(string pattern, string content, bool passes)
    {
        Assert.Equal(passes, Some.Passes(Some.Regex(pattern), content));
        Assert.Equal(!passes, Some.Passes(Some.Regex(pattern, mustMatch: false), content));
    }

    [Fact]
    public void A_pattern_that_would_explode_is_linear_where_the_engine_can() =>
        Assert.Contains("does not match", Some.Detail(Some.Regex("^(a+)+$"), new string('a', 50_000) + "!"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Running_into_the_time_limit_fails_either_way_and_says_so(bool mustMatch)
    {
        var check = CheckFactory.Regex("^(?=a)(a+)+$", mustMatch, TimeSpan.FromMilliseconds(20), out _);
        Assert.Contains("longer than 20 ms", Some.Detail(check!, new string('a', 60) + "!"));
    }

    [Fact]
    public void The_detail_shows_the_pattern_and_the_start_of_the_answer() =>
        Assert.Equal("The answer does not match the pattern ^x$; it begins with \"y\".", Some.Detail(Some.Regex("^x$"), "y"));

    [Fact]
    public void Bad_patterns_and_limits_are_faults()
    {
        Assert.Null(CheckFactory.Regex("(", mustMatch: true, TimeSpan.FromSeconds(1), out var pattern));
        Assert.Contains("not a regular expression", pattern);
        Assert.Null(CheckFactory.Regex("a", mustMatch: true, TimeSpan.Zero, out var limit));
        Assert.Contains("above zero", limit);
        Assert.Null(CheckFactory.Regex("a", mustMatch: true, TimeSpan.MaxValue, out limit));
        Assert.NotNull(limit);
    }

    [Fact]
    public void The_name_is_regex() => Assert.Equal("regex", Some.Regex("a").Name);
}
