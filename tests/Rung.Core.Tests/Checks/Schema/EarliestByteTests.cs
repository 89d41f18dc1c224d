using System.Text;
using Rung.Core.Checks;
using Rung.Core.Checks.Schema;

namespace Rung.Core.Tests.Checks.Schema;

/// <summary>For each keyword, the first byte after which no continuation can be valid. The text up to that byte stands before the mark ‸.</summary>
public sealed class EarliestByteTests
{
    [Theory]
    [InlineData("true", "```json\n{}", "‸```json\n{}")]
    [InlineData("true", "{\"a\": tru3}", "{\"a\": tru‸3}")]
    [InlineData("true", "{} and more", "{} ‸and more")]
    [InlineData("true", "[01]", "[0‸1]")]
    [InlineData("true", "[1,]", "[1,‸]")]
    [InlineData("true", "\"\\x\"", "\"\\‸x\"")]
    [InlineData("""{"type": "object"}""", "[1]", "‸[1]")]
    [InlineData("""{"type": "string"}""", "-1", "‸-1")]
    [InlineData("""{"properties": {"a": {"type": "boolean"}}}""", """{"a": null}""", """{"a": ‸null}""")]
    [InlineData("""{"type": "integer"}""", "[1.5]", "‸[1.5]")]
    [InlineData("""{"items": {"type": "integer"}}""", "[1.5 ]", "[1.5‸ ]")]
    [InlineData("""{"items": {"maximum": 5}}""", "[4,50,1]", "[4,50‸,1]")]
    [InlineData("""{"items": {"multipleOf": 2}}""", "[3]", "[3‸]")]
    [InlineData("""{"enum": ["billing", "blocked"]}""", "\"black\"", "\"bl‸ack\"")]
    [InlineData("""{"const": "ab"}""", "\"abc\"", "\"ab‸c\"")]
    [InlineData("""{"const": "abc"}""", "\"ab\"", "\"ab‸\"")]
    [InlineData("""{"const": "über"}""", "\"\\u00fcbung\"", "\"\\u00fcb‸ung\"")]
    [InlineData("""{"maxLength": 2}""", "\"🐲🐲🐲\"", "\"🐲🐲‸🐲\"")]
    [InlineData("""{"minLength": 3}""", "\"ab\"", "\"ab‸\"")]
    [InlineData("""{"pattern": "^a"}""", "\"ba\"", "\"ba‸\"")]
    [InlineData("""{"properties": {"name": true, "number": true}, "additionalProperties": false}""", """{"nummer": 1}""", """{"num‸mer": 1}""")]
    [InlineData("""{"properties": {"name": true}, "additionalProperties": false}""", """{"na": 1}""", """{"na‸": 1}""")]
    [InlineData("""{"propertyNames": {"maxLength": 2}}""", """{"abc": 1}""", """{"ab‸c": 1}""")]
    [InlineData("""{"required": ["a"]}""", """{"b": 1} """, """{"b": 1‸} """)]
    [InlineData("""{"dependentRequired": {"b": ["a"]}}""", """{"b": 1}""", """{"b": 1‸}""")]
    [InlineData("""{"maxProperties": 1}""", """{"a": 1, "b": 2}""", """{"a": 1, "b‸": 2}""")]
    [InlineData("""{"maxItems": 1}""", "[1, 2]", "[1, ‸2]")]
    [InlineData("""{"minItems": 2}""", "[1]", "[1‸]")]
    [InlineData("""{"prefixItems": [true], "items": false}""", "[1, 2]", "[1, ‸2]")]
    [InlineData("""{"uniqueItems": true}""", "[\"a\",\"a\",2]", "[\"a\",\"a‸\",2]")]
    [InlineData("""{"contains": {"type": "null"}}""", "[1]", "[1‸]")]
    [InlineData("""{"contains": {"type": "null"}, "maxContains": 1}""", "[null, null]", "[null, ‸null]")]
    [InlineData("""{"anyOf": [{"const": "left"}, {"const": "list"}]}""", "\"log\"", "\"l‸og\"")]
    [InlineData("""{"oneOf": [{"properties": {"k": {"const": "a"}}}, {"properties": {"k": {"const": "bc"}}}]}""", """{"k": "bd"}""", """{"k": "b‸d"}""")]
    [InlineData("""{"allOf": [{"$ref": "#/$defs/s"}], "$defs": {"s": {"type": "array"}}}""", "{}", "‸{}")]
    [InlineData("""{"not": {"type": "string"}}""", "\"a\"", "‸\"a\"")]
    [InlineData("""{"not": {"required": ["a"]}}""", """{"a": 1}""", """{"a": 1‸}""")]
    [InlineData("""{"if": {"properties": {"k": {"const": 1}}}, "else": {"properties": {"k": {"maximum": 5}}}}""", """{"k": 9 }""", """{"k": 9‸ }""")]
    [InlineData("""{"allOf": [{"properties": {"a": true}}], "unevaluatedProperties": false}""", """{"a": 1, "b": 2}""", """{"a": 1, "b‸": 2}""")]
    [InlineData("""{"prefixItems": [true], "unevaluatedItems": false}""", "[1, 2]", "[1, ‸2]")]
    [InlineData("false", "1", "‸1")]
    public void A_watch_is_doomed_at_the_first_byte_that_leaves_no_way(string schema, string text, string marked)
    {
        var doomed = Encoding.UTF8.GetByteCount(marked[..marked.IndexOf('‸', StringComparison.Ordinal)]);
        foreach (var size in new[] { 1, 2, 3, 5, 1000 })
        {
            var watch = Watch(schema);
            foreach (var piece in Encoding.UTF8.GetBytes(text + " ").Chunk(size)) watch.Append(piece);
            Assert.Equal(doomed, watch.DoomedAt);
            Assert.NotNull(watch.Detail);
            Assert.False(watch.Append("1"u8));
        }
    }

    [Theory]
    [InlineData("""{"enum": ["billing", "blocked"]}""", "\"black", "must be one of \"billing\", \"blocked\" but begins with \"black\"")]
    [InlineData("""{"properties": {"a": {"type": "integer"}}}""", """{"a": "x""", "/a must be an integer but is a string (#/properties/a/type).")]
    [InlineData("""{"properties": {"a": true}, "additionalProperties": false}""", """{"bet""", "The answer has a property that begins with \"bet\", which is not allowed; known are: a (#/additionalProperties).")]
    [InlineData("""{"items": {"minimum": 3}}""", "[1,", "/0 must be at least 3 but is 1 (#/items/minimum).")]
    [InlineData("true", "Sure! ", "The answer is not JSON; it begins with \"Sure! \".")]
    [InlineData("true", "```json", "The answer is wrapped in a code fence; write the JSON alone.")]
    public void A_doomed_answer_says_what_is_wrong(string schema, string text, string detail)
    {
        var watch = Watch(schema);
        Assert.False(watch.Append(Encoding.UTF8.GetBytes(text)));
        Assert.Contains(detail, watch.Detail);
    }

    [Theory]
    [InlineData("""{"a": {"b": 1}, "c""", """{"a": {"b": 1}""")]
    [InlineData("[\"ab\",", "[\"ab\"")]
    [InlineData("{} ", "{}")]
    [InlineData("\"ab\"", "\"ab\"")]
    [InlineData("[12,", "[12,")] // Only the comma ends the number.
    public void A_first_part_that_is_whole_makes_a_valid_prefix(string text, string first)
    {
        foreach (var watch in new[] { Watch("true"), CheckFactory.Json().Watch()! })
        {
            watch.Append(Encoding.UTF8.GetBytes(first[..^1]));
            Assert.False(watch.HasValidPrefix);
            watch.Append(Encoding.UTF8.GetBytes(text[(first.Length - 1)..]));
            Assert.True(watch.HasValidPrefix);
        }
    }

    [Fact]
    public void A_first_part_that_is_wrong_makes_none()
    {
        var watch = Watch("""{"items": {"type": "string", "minLength": 2}}""");
        watch.Append("[\"a\","u8);
        Assert.False(watch.HasValidPrefix);
    }

    [Fact]
    public void A_long_name_or_string_in_small_pieces_costs_time_in_proportion()
    {
        foreach (var schema in new[] { """{"propertyNames": {"maxLength": 3000000, "pattern": "x"}}""", """{"additionalProperties": {"maxLength": 3000000}}""" })
        {
            var watch = Watch(schema);
            watch.Append(schema.Contains("propertyNames", StringComparison.Ordinal) ? "{\"a"u8 : "{\"a\": \"a"u8);
            for (var i = 0; i < 100_000; i++) Assert.True(watch.Append("äbc"u8)); // Quadratic, this would take minutes.
        }
    }

    [Fact]
    public void A_text_beyond_the_limit_is_doomed_there()
    {
        var watch = Watch("true");
        watch.Append("\""u8);
        var piece = Encoding.UTF8.GetBytes(new string('a', 64 * 1024));
        while (watch.Append(piece)) { }
        Assert.Equal(4 * 1024 * 1024, watch.DoomedAt);
    }

    private static AnswerWatch Watch(string schema)
    {
        var compiled = JsonSchema.Compile(Encoding.UTF8.GetBytes(schema), new SchemaOptions(), out var fault);
        Assert.Null(fault);
        return compiled!.Watch();
    }
}
