namespace Rung.Core.Tests.Checks.Schema;

/// <summary>Each keyword by a value that follows it and one that does not.</summary>
public sealed class KeywordTests
{
    [Theory]
    [InlineData("""{"type": "string"}""", "\"a\"", "1")]
    [InlineData("""{"type": "integer"}""", "1.0", "1.5")]
    [InlineData("""{"type": "integer"}""", "1e400", "\"1\"")]
    [InlineData("""{"type": ["null", "object"]}""", "{}", "[]")]
    [InlineData("""{"type": "boolean"}""", "false", "0")]
    [InlineData("""{"enum": ["a", 1, {"b": [null]}]}""", """{"b": [null]}""", """{"b": []}""")]
    [InlineData("""{"enum": [1]}""", "1.0", "true")]
    [InlineData("""{"const": {"a": 1, "b": 2}}""", """{"b": 2, "a": 1.0}""", """{"a": 1}""")]
    [InlineData("""{"minimum": 0.1}""", "0.1", "0.0999999999999999999999999999999999")]
    [InlineData("""{"maximum": 3}""", "3", "3.00000000000000000000000000000000001")]
    [InlineData("""{"exclusiveMinimum": 0}""", "1e-500", "-0.0")]
    [InlineData("""{"exclusiveMaximum": 0}""", "-1", "0")]
    [InlineData("""{"multipleOf": 0.1}""", "0.3", "0.35")]
    [InlineData("""{"multipleOf": 7}""", "700000000000000000000000000000000000000000000", "1e300")]
    [InlineData("""{"multipleOf": 1e-8}""", "12391239123", "1e-9")]
    [InlineData("""{"minLength": 2}""", "\"🐲🐲\"", "\"🐲\"")]
    [InlineData("""{"maxLength": 1}""", "\"\\ud83d\\ude00\"", "\"ab\"")]
    [InlineData("""{"pattern": "^\\d{3}$"}""", "\"123\"", "\"123\\n\"")]
    [InlineData("""{"pattern": "^\\w+$"}""", "\"abc_1\"", "\"é\"")]
    [InlineData("""{"pattern": "^.$"}""", "\"🐲\"", "\"ab\"")]
    [InlineData("""{"pattern": "^[^a]$"}""", "\"🐲\"", "\"a\"")]
    [InlineData("""{"pattern": "^\\p{Letter}+$"}""", "\"π\"", "\"1\"")]
    [InlineData("""{"items": {"type": "number"}}""", "[1, 2]", "[1, \"2\"]")]
    [InlineData("""{"prefixItems": [{"const": 1}], "items": false}""", "[1]", "[1, 2]")]
    [InlineData("""{"contains": {"type": "null"}}""", "[1, null]", "[1]")]
    [InlineData("""{"contains": {"type": "null"}, "minContains": 2, "maxContains": 3}""", "[null, null]", "[null, null, null, null]")]
    [InlineData("""{"contains": {"type": "null"}, "minContains": 0}""", "[]", null)]
    [InlineData("""{"minItems": 1}""", "[1]", "[]")]
    [InlineData("""{"maxItems": 1}""", "[1]", "[1, 2]")]
    [InlineData("""{"uniqueItems": true}""", "[1, \"1\", [1], {\"a\": 1}]", "[{\"a\": 1, \"b\": 2}, {\"b\": 2.0, \"a\": 1}]")]
    [InlineData("""{"properties": {"a": {"type": "string"}}}""", "{\"b\": 1}", "{\"a\": 1}")]
    [InlineData("""{"properties": {"a": true}, "additionalProperties": false}""", "{\"a\": 1}", "{\"b\": 1}")]
    [InlineData("""{"patternProperties": {"^x": {"type": "null"}}, "additionalProperties": {"type": "number"}}""", """{"x1": null, "y": 1}""", """{"x1": 1}""")]
    [InlineData("""{"propertyNames": {"maxLength": 2}}""", """{"ab": 1}""", """{"abc": 1}""")]
    [InlineData("""{"required": ["a"]}""", """{"a": null}""", "{}")]
    [InlineData("""{"minProperties": 1}""", """{"a": 1}""", "{}")]
    [InlineData("""{"maxProperties": 1}""", """{"a": 1, "a": 2}""", """{"a": 1, "b": 2}""")] // One name twice is one property.
    [InlineData("""{"dependentRequired": {"card": ["address"]}}""", """{"card": 1, "address": 2}""", """{"card": 1}""")]
    [InlineData("""{"dependentSchemas": {"card": {"required": ["address"]}}}""", """{"other": 1}""", """{"card": 1}""")]
    [InlineData("""{"allOf": [{"minimum": 1}, {"maximum": 2}]}""", "2", "3")]
    [InlineData("""{"anyOf": [{"type": "string"}, {"minimum": 1}]}""", "\"a\"", "0")]
    [InlineData("""{"oneOf": [{"type": "integer"}, {"minimum": 2}]}""", "2.5", "3")]
    [InlineData("""{"not": {"type": "string"}}""", "1", "\"a\"")]
    [InlineData("""{"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}""", """{"a": 1, "b": 1}""", """{"a": 1, "c": 1}""")]
    [InlineData("""{"$ref": "#/$defs/p", "$defs": {"p": {"type": "string"}}}""", "\"a\"", "1")]
    [InlineData("""{"$ref": "#/definitions/a~1b%25", "definitions": {"a/b%": {"type": "string"}}}""", "\"a\"", "1")]
    [InlineData("""{"$ref": "#price", "$defs": {"p": {"$anchor": "price", "type": "number"}}}""", "1", "\"a\"")]
    [InlineData("""{"$id": "https://example.com/s.json", "properties": {"next": {"$ref": "https://example.com/s.json"}}, "required": ["v"]}""", """{"v": 1, "next": {"v": 2}}""", """{"v": 1, "next": {}}""")]
    [InlineData("""{"properties": {"next": {"$ref": "#"}}, "additionalProperties": false}""", """{"next": {"next": {}}}""", """{"next": {"x": 1}}""")]
    [InlineData("true", "1", null)]
    [InlineData("false", null, "1")]
    [InlineData("""{"properties": {"a": false}}""", "{}", """{"a": 1}""")]
    [InlineData("""{"format": "email"}""", "\"not an address\"", null)] // An annotation: never asserted.
    [InlineData("""{"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}], "additionalItems": false}""", "[\"a\"]", "[\"a\", 1]")]
    [InlineData("""{"$schema": "http://json-schema.org/draft-07/schema#", "dependencies": {"a": ["b"], "c": {"required": ["d"]}}}""", """{"a": 1, "b": 1}""", """{"c": 1}""")]
    public void A_keyword_holds_for_one_value_and_not_for_the_other(string schema, string? valid, string? invalid)
    {
        var check = Some.Schema(schema);
        if (valid is not null) Assert.Null(check.Evaluate(Some.Answer(valid)).Detail);
        if (invalid is not null) Assert.False(Some.Passes(check, invalid));
    }
}
