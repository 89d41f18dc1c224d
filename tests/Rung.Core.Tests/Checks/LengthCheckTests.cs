using Rung.Core.Checks;

namespace Rung.Core.Tests.Checks;

public sealed class LengthCheckTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("äöü", 3)]
    [InlineData("🐲🐲", 2)]
    public void Length_counts_code_points(string content, int length)
    {
        Assert.True(Some.Passes(Some.Length(length, length), content));
        Assert.False(Some.Passes(Some.Length(length + 1, null), content));
        if (length > 0) Assert.False(Some.Passes(Some.Length(null, length - 1), content));
    }

    [Fact]
    public void Invalid_bytes_count_as_the_replacement_characters_they_would_become()
    {
        byte[] content = [(byte)'a', 0xFF, 0xFE, (byte)'b'];
        Assert.True(Some.Length(4, 4).Evaluate(Some.Answer(content)).Passed);
    }

    [Fact]
    public void The_detail_gives_both_numbers()
    {
        Assert.Equal("The answer has 2 characters; at least 3 were expected.", Some.Detail(Some.Length(3, null), "ab"));
        Assert.Equal("The answer has 2 characters; at most 1 were expected.", Some.Detail(Some.Length(null, 1), "ab"));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(-1, null)]
    [InlineData(null, -1)]
    [InlineData(3, 2)]
    public void Bounds_that_make_no_sense_are_faults(int? min, int? max)
    {
        Assert.Null(CheckFactory.Length(min, max, out var fault));
        Assert.NotNull(fault);
    }

    [Fact]
    public void The_name_is_length() => Assert.Equal("length", Some.Length(1, null).Name);
}
