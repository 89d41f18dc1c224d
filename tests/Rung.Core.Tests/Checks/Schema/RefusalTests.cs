namespace Rung.Core.Tests.Checks.Schema;

/// <summary>What a schema may not say: refused with its place, never ignored.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("""{"$ref": "https://example.com/other.json"}""", "#/$ref points to another document")]
    [InlineData("""{"$ref": "https://example.com/other.json"}""", "(https://example.com/other.json), which is not given; nothing is fetched")]
    [InlineData("""{"properties": {"a": {"$dynamicRef": "#x"}}}""", "#/properties/a/$dynamicRef points to \"#x\", which is not in the file")]
    [InlineData("""{"$recursiveRef": "#"}""", "#/$recursiveRef is not part of draft 2020-12")]
    [InlineData("""{"$schema": "http://json-schema.org/draft-07/schema#", "unevaluatedProperties": false}""", "#/unevaluatedProperties is not part of the draft")]
    [InlineData("""{"$id": "#a"}""", "#/$id must be a URI without a fragment")]
    [InlineData("""{"$schema": "https://example.com/own"}""", "#/$schema names")]
    [InlineData("""{"$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x"}}}""", "#/$defs/b/$anchor repeats the anchor \"x\"")]
    [InlineData("""{"$ref": "other.json#/a"}""", "#/$ref points to another document")]
    [InlineData("""{"$ref": "#/$defs/absent"}""", "#/$ref points to \"#/$defs/absent\", which is not in the file")]
    [InlineData("""{"$ref": "#absent"}""", "which is not in the file")]
    [InlineData("""{"$schema": "http://json-schema.org/draft-04/schema#"}""", "#/$schema names")]
    [InlineData("""{"$schema": "http://json-schema.org/draft-07/schema#", "prefixItems": [true]}""", "#/prefixItems is not part of the draft")]
    [InlineData("""{"items": [true]}""", "#/items must be one schema")]
    [InlineData("""{"dependencies": {}}""", "#/dependencies is not part of this draft")]
    [InlineData("""{"type": "string", "nullable": true}""", "#/nullable belongs to OpenAPI")]
    [InlineData("""{"requird": ["a"]}""", "did you mean 'required'?")]
    [InlineData("""{"additionalproperties": false}""", "did you mean 'additionalProperties'?")]
    [InlineData("""{"properites": {}}""", "did you mean 'properties'?")]
    [InlineData("""{"type": "text"}""", "#/type has the unknown type \"text\"")]
    [InlineData("""{"type": 1}""", "#/type must be a list of strings")]
    [InlineData("""{"required": "a"}""", "#/required must be a list of strings")]
    [InlineData("""{"minimum": "1"}""", "#/minimum must be a number, not a string")]
    [InlineData("""{"exclusiveMinimum": true}""", "#/exclusiveMinimum must be a number, not a boolean")]
    [InlineData("""{"minLength": -1}""", "#/minLength must be a whole number")]
    [InlineData("""{"multipleOf": 0}""", "#/multipleOf must be greater than 0")]
    [InlineData("""{"properties": {"a": 1}}""", "#/properties/a must be a schema")]
    [InlineData("""{"anyOf": []}""", "#/anyOf must have at least one schema")]
    [InlineData("""{"pattern": "("}""", "#/pattern The pattern is not a regular expression")]
    [InlineData("""{"pattern": "(?i)a"}""", "ECMA-262 does not have")]
    [InlineData("""{"pattern": "\\Aa\\z"}""", "which ECMA-262 does not have")]
    [InlineData("""{"pattern": "[z-a]"}""", "reverse order")]
    [InlineData("""{"patternProperties": {"[": true}}""", "without an end")]
    [InlineData("""{"$ref": "#"}""", "judging would never end")]
    [InlineData("""{"anyOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"not": {"$ref": "#/$defs/b"}}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}}""", "judging would never end")]
    [InlineData("[]", "# must be a schema (an object, true or false), not an array")]
    [InlineData("{", "The schema ends before its JSON is complete")]
    [InlineData("", "The schema is empty")]
    public void A_schema_that_cannot_be_carried_out_is_refused_with_its_place(string schema, string fault) =>
        Assert.Contains(fault, Some.SchemaFault(schema));

    [Fact]
    public void One_run_counts_every_fault() =>
        Assert.EndsWith("(2 more.)", Some.SchemaFault("""{"minLength": -1, "required": 1, "type": "text"}"""));

    [Theory]
    [InlineData("""{"x-owner": "search", "title": "t", "description": "d", "examples": [1], "example": 1, "default": 1, "$comment": "c"}""")]
    [InlineData("""{"unknown": {"$ref": "nowhere.json"}}""")]
    [InlineData("""{"properties": {"$ref": {"type": "string"}, "unevaluatedItems": true, "nullable": true}}""")]
    [InlineData("""{"enum": [{"$id": "x", "$ref": "y", "$dynamicRef": "z"}]}""")]
    public void Annotations_and_names_that_only_look_like_keywords_are_welcome(string schema) => Some.Schema(schema);

    [Fact]
    public void A_chain_of_references_that_could_exhaust_the_stack_is_refused()
    {
        var links = Enumerable.Range(0, 5000).Select(i => $$"""
            "d{{i}}": {"$ref": "#/$defs/d{{i + 1}}"}
            """);
        Assert.Contains("through more than", Some.SchemaFault($$$"""{"$ref": "#/$defs/d0", "$defs": {{{{string.Join(',', links)}}}, "d5000": true}}"""));
    }
}
