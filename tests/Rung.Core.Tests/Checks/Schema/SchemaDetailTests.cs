using System.Text;
using Rung.Core.Checks;

namespace Rung.Core.Tests.Checks.Schema;

/// <summary>What a failed schema check tells the reader, and how it behaves on hostile answers.</summary>
public sealed class SchemaDetailTests
{
    [Theory]
    [InlineData("""{"type": "object"}""", "[1, 2]", "The answer must be an object but is an array (#/type).")]
    [InlineData("""{"properties": {"a": {"items": {"type": "integer"}}}}""", """{"a": [1, "x"]}""", "/a/1 must be an integer but is the string \"x\" (#/properties/a/items/type).")]
    [InlineData("""{"properties": {"i": {"enum": ["a", "b"]}}}""", """{"i": "c"}""", "/i must be one of \"a\", \"b\" but is the string \"c\" (#/properties/i/enum).")]
    [InlineData("""{"required": ["a"]}""", "{}", "The answer lacks the property \"a\" (#/required).")]
    [InlineData("""{"properties": {"a": true}, "additionalProperties": false}""", """{"b": 1}""", "The answer has the property \"b\", which is not allowed; known are: a (#/additionalProperties).")]
    [InlineData("""{"anyOf": [{"type": "string"}, {"properties": {"a": {"minimum": 1}}, "type": "object"}]}""", """{"a": 0}""",
        "The answer matches none of the 2 alternatives; the closest fails because /a must be at least 1 but is 0 (#/anyOf).")]
    [InlineData("""{"uniqueItems": true}""", "[1, 2, 1]", "The answer has equal items at 0 and 2; every item must be different (#/uniqueItems).")]
    public void An_error_names_the_place_the_demand_and_the_keyword(string schema, string content, string detail) =>
        Assert.Equal(detail, Some.Detail(Some.Schema(schema), content));

    [Fact]
    public void Several_errors_are_told_at_once_and_the_rest_is_counted()
    {
        var detail = Some.Detail(Some.Schema("""{"required": ["a", "b", "c", "d"]}"""), "{}");
        Assert.Contains("\"a\"", detail);
        Assert.Contains("\"c\"", detail);
        Assert.EndsWith("And 1 more.", detail);
    }

    [Fact]
    public void Json_that_is_fenced_or_cut_short_is_told_as_such()
    {
        var check = Some.Schema("{}");
        Assert.Contains("code fence", Some.Detail(check, "```json\n{}\n```"));
        Assert.Contains("ends before", Some.Detail(check, "{\"a\": "));
    }

    [Fact]
    public void A_detail_never_holds_more_than_eighty_characters_of_the_answer()
    {
        var key = new string('z', 300);
        var check = Some.Schema("""{"additionalProperties": {"additionalProperties": {"anyOf": [{"type": "number"}, {"additionalProperties": {"const": 1}}]}}}""");
        var json = $$$"""{"{{{key}}}": {"{{{key}}}": "{{{key}}}", "z{{{key}}}": {"{{{key}}}": 2}}, "zz{{{key}}}": {"{{{key}}}": "{{{key}}}"}}""";
        Assert.True(Some.Detail(check, json).Count(character => character == 'z') <= 80);
    }

    [Fact]
    public void Alternatives_that_multiply_at_every_level_end_at_a_limit()
    {
        var check = Some.Schema("""{"anyOf": [{"items": {"$ref": "#"}, "minItems": 1, "type": "array"}, {"items": {"$ref": "#"}, "minItems": 1, "type": "array"}]}""");
        var detail = Some.Detail(check, new string('[', 60) + new string(']', 60));
        Assert.Contains("at once to judge, so it counts as failed", detail);
    }

    [Fact]
    public void A_pattern_that_takes_too_long_fails_even_under_not()
    {
        var check = Some.Schema("""{"not": {"pattern": "^(?=a)(a+)+$"}}""");
        Assert.Contains("takes longer than", Some.Detail(check, $"\"{new string('a', 100)}!\""));
    }

    [Fact]
    public void Many_unique_items_are_judged_in_linear_time()
    {
        var items = new StringBuilder("[0");
        for (var i = 1; i < 100_000; i++) items.Append(',').Append(i);
        Assert.True(Some.Passes(Some.Schema("""{"uniqueItems": true}"""), items.Append(']').ToString()));
    }

    [Fact]
    public void Lone_surrogates_are_characters_like_others()
    {
        Assert.True(Some.Passes(Some.Schema("""{"minLength": 1, "maxLength": 1, "pattern": "^[^a]?"}"""), "\"\\ud800\""));
        Assert.True(Some.Passes(Some.Schema("""{"properties": {"a": {"type": "null"}}}"""), "{\"\\udfff\": 1, \"a\": null}"));
        Assert.Contains("must be a number", Some.Detail(Some.Schema("""{"type": "number"}"""), "\"\\ud800\""));
    }

    [Theory]
    [InlineData("schemas/intent.json", "schema intent.json")]
    [InlineData("intent.json", "schema intent.json")]
    [InlineData("C:\\schemas\\intent.json", "schema intent.json")]
    public void The_name_shows_the_last_part_of_the_path(string name, string shown) =>
        Assert.Equal(shown, CheckFactory.Schema(name, "{}"u8.ToArray(), out _)!.Name);
}
