using System.Text;
using Rung.Core.Checks;

namespace Rung.Core.Tests.Checks;

public sealed class JsonCheckTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData(" [1, 2.5e-3, \"a\", null, true] \r\n\t")]
    [InlineData("\"just a string\"")]
    [InlineData("12")]
    [InlineData("\"\\ud800\"")] // A lone surrogate is bad taste, yet JSON.
    public void One_json_value_passes(string content) => Assert.True(Some.Passes(CheckFactory.Json(), content));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \n ", "is empty")]
    [InlineData("```json\n{\"a\":1}\n```", "wrapped in a code fence")]
    [InlineData("\n~~~\n{}\n~~~", "wrapped in a code fence")]
    [InlineData("Sure! Here it is: {}", "begins with \"Sure! Here it is")]
    [InlineData("{\"a\": 1} I hope this helps.", "goes on after its JSON value: \"I hope this helps.\"")]
    [InlineData("{\"a\": 1}{}", "goes on after its JSON value")]
    [InlineData("{\"a\": [1, 2", "ends before its JSON is complete")]
    [InlineData("{\"a\": tr", "ends before its JSON is complete")]
    [InlineData("{\"a\": 1,}", "fault in line 1")]
    [InlineData("{'a': 1}", "not JSON")]
    [InlineData("\uFEFF{}", "byte order mark")]
    public void What_is_not_one_json_value_fails_with_a_reason_to_act_on(string content, string reason) =>
        Assert.Contains(reason, Some.Detail(CheckFactory.Json(), content));

    [Fact]
    public void Sixty_four_levels_pass_and_sixty_five_fail()
    {
        Assert.True(Some.Passes(CheckFactory.Json(), new string('[', 64) + new string(']', 64)));
        Assert.Contains("deeper than 64", Some.Detail(CheckFactory.Json(), new string('[', 65) + new string(']', 65)));
    }

    [Fact]
    public void Invalid_utf8_inside_a_string_fails()
    {
        byte[] content = [(byte)'"', 0xFF, (byte)'"'];
        Assert.Contains("UTF-8", CheckFactory.Json().Evaluate(Some.Answer(content)).Detail);
    }

    [Fact]
    public void A_detail_shows_at_most_forty_characters_of_a_long_answer()
    {
        var detail = Some.Detail(CheckFactory.Json(), "{} " + new string('z', 5000));
        Assert.True(detail.Count(character => character == 'z') <= 40);
        Assert.True(Encoding.UTF8.GetByteCount(detail) < 200);
    }

    [Fact]
    public void The_name_is_json() => Assert.Equal("json", CheckFactory.Json().Name);
}
