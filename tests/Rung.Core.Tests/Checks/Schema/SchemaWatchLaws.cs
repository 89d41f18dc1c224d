using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Checks.Schema;

namespace Rung.Core.Tests.Checks.Schema;

/// <summary>What holds of a watch for every schema, every document and every way to cut it. The seeds are fixed.</summary>
public sealed class SchemaWatchLaws
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(1500).WithReplay(20261122, 4713);

    private static readonly ImmutableArray<string> Sources =
    [
        "true",
        """{"type": ["object", "array"], "items": {"type": ["integer", "string"]}, "properties": {"a": {"enum": ["a", "ü🐲", 1, [1]]}, "b": {"maxLength": 1}}, "additionalProperties": false}""",
        """{"anyOf": [{"properties": {"a": {"const": "a"}}, "required": ["a"]}, {"items": {"$ref": "#"}, "maxItems": 2, "uniqueItems": true, "type": "array"}, {"type": ["string", "null"]}]}""",
        """{"oneOf": [{"type": "object", "maxProperties": 1}, {"required": ["b"]}, {"type": "number", "multipleOf": 0.5}, {"contains": {"type": "string"}, "maxContains": 1, "type": "array"}]}""",
        """{"if": {"required": ["a"]}, "then": {"properties": {"b": {"not": {"type": "string"}}}}, "else": {"propertyNames": {"maxLength": 1}}, "unevaluatedItems": false, "prefixItems": [true, {"type": "null"}]}""",
        """{"allOf": [{"properties": {"a": true}}, {"anyOf": [{"properties": {"b": {"type": "string"}}}, {"properties": {"c": {"minimum": 1}}}]}], "unevaluatedProperties": false}""",
        """{"dependentSchemas": {"a": {"properties": {"b": {"type": "integer"}}}}, "dependentRequired": {"c": ["a"]}, "patternProperties": {"^[ab]$": {"minLength": 1}}, "unevaluatedProperties": {"type": ["number", "object"]}}""",
        """{"$id": "https://x.test/tree", "$dynamicAnchor": "n", "properties": {"a": {"$dynamicRef": "#n"}, "b": {"$ref": "#/$defs/l"}}, "$defs": {"l": {"$id": "list", "$dynamicAnchor": "n", "items": {"$dynamicRef": "#n"}, "minItems": 1}}}""",
        """{"const": {"a": [1, "b"]}}""",
        """{"enum": ["", "a", "A.", 100, null, {"a": "a"}, ["a", 1]]}""",
    ];

    private static readonly ImmutableArray<JsonSchema> Schemas = [.. Sources.Select(source => Compile(source)!)];

    private static readonly Gen<(int Schema, byte[] Text, int Seed)> Cases =
        Gen.Choose(0, Schemas.Length - 1).SelectMany(schema => Gen.OneOf(AnyJson.Content, AnyJson.Value.Select(Encoding.UTF8.GetBytes), Mutated)
            .SelectMany(text => Gen.Choose(0, int.MaxValue - 1).Select(seed => (schema, text, seed))));

    [Fact]
    public void However_a_text_is_cut_it_is_doomed_at_the_same_byte_or_not_at_all() => Hold(Cases, one =>
        Watched(Schemas[one.Schema], one.Text, int.MaxValue, 0) == Watched(Schemas[one.Schema], one.Text, 1, one.Seed)
        && Watched(Schemas[one.Schema], one.Text, 1, 0) == Watched(Schemas[one.Schema], one.Text, 4, one.Seed));

    [Fact]
    public void A_document_is_valid_exactly_when_no_byte_of_it_dooms_it_and_it_is_whole() => Hold(Cases, one =>
    {
        var violations = Schemas[one.Schema].Validate(one.Text);
        var doomed = Watched(Schemas[one.Schema], one.Text, int.MaxValue, 0);
        if (violations.IsEmpty) return doomed is null && Schemas[one.Schema].IsValid(one.Text);
        return !Schemas[one.Schema].IsValid(one.Text) && (doomed is not null || IsIncomplete(violations[0].Message)) && violations[0].Message != "does not follow the schema";
    });

    [Fact]
    public void A_watch_and_its_schema_agree_with_the_document_after_the_doomed_byte_is_gone() => Hold(Cases, one =>
        Watched(Schemas[one.Schema], one.Text, int.MaxValue, 0) is not { } doomed || doomed > one.Text.Length || !IsDoomed(Schemas[one.Schema], one.Text.AsSpan(0, (int)doomed)));

    [Fact]
    public void The_reasons_are_gathered_for_every_document_that_fails() => Hold(Cases, one =>
    {
        var violations = Schemas[one.Schema].Validate(one.Text);
        return violations.Length <= 20 && violations.All(violation => violation.Message.Length > 0 && violation.SchemaPath.Length > 0);
    });

    [Fact]
    public void Neither_mutated_schemas_nor_mutated_documents_make_anything_throw()
    {
        var chance = new Random(4714);
        for (var i = 0; i < 3000; i++)
        {
            var source = Mutate(Encoding.UTF8.GetBytes(Sources[chance.Next(Sources.Length)]), chance, chance.Next(1, 4));
            var schema = JsonSchema.Compile(source, new SchemaOptions(), out var fault);
            Assert.Equal(schema is null, fault is not null);
            if (schema is null) continue;
            for (var k = 0; k < 5; k++)
            {
                var document = Mutate(Encoding.UTF8.GetBytes(Documents[chance.Next(Documents.Length)]), chance, chance.Next(0, 3));
                Assert.Equal(schema.IsValid(document), schema.Validate(document).IsEmpty);
            }
        }
    }

    private static readonly string[] Documents =
    [
        """{"a": "a", "b": "b", "c": 2}""", """[1, "a", [null, true], {"b": [1.5e3]}]""", """{"a": {"a": {"b": [{"a": 1}, []]}}}""", "[[], [[]], \"ü🐲\\ud83d\\ude00\"]", "\"A.\"", "100.0", "null",
        """{"a": [1, "b"]}""", """[1, null, 3]""", """{"c": 1, "a": 1, "b": 2}""",
    ];

    private static Gen<byte[]> Mutated =>
        Gen.Elements(Documents).SelectMany(document => Gen.Choose(0, int.MaxValue - 1).Select(seed =>
        {
            var chance = new Random(seed);
            return Mutate(Encoding.UTF8.GetBytes(document), chance, chance.Next(0, 3));
        }));

    private static byte[] Mutate(byte[] text, Random chance, int times)
    {
        var changed = text.ToList();
        const string Bytes = "{}[]\",:\\ 01-.eatfn\ud83d#$";
        for (var i = 0; i < times; i++)
        {
            var at = chance.Next(changed.Count);
            switch (chance.Next(4))
            {
                case 0: changed[at] = (byte)Bytes[chance.Next(Bytes.Length)]; break;
                case 1: changed.Insert(at, (byte)Bytes[chance.Next(Bytes.Length)]); break;
                case 2 when changed.Count > 1: changed.RemoveAt(at); break;
                default:
                    var length = Math.Min(chance.Next(1, 12), changed.Count - at);
                    changed.InsertRange(chance.Next(changed.Count), changed.GetRange(at, length));
                    break;
            }
        }
        return [.. changed];
    }

    /// <summary>Where a watch is doomed; a space at the end ends a number.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="text">The text.</param>
    /// <param name="size">Greatest size of a piece.</param>
    /// <param name="seed">Source of the sizes; 0: always the greatest.</param>
    private static long? Watched(JsonSchema schema, byte[] text, int size, int seed)
    {
        byte[] all = [.. text, (byte)' '];
        var chance = seed == 0 ? null : new Random(seed);
        var watch = schema.Watch();
        for (var at = 0; at < all.Length;)
        {
            var length = Math.Min(chance?.Next(1, 2 + size) ?? size, all.Length - at);
            watch.Append(all.AsSpan(at, length));
            at += length;
        }
        return watch.DoomedAt;
    }

    private static bool IsDoomed(JsonSchema schema, ReadOnlySpan<byte> text)
    {
        var watch = schema.Watch();
        watch.Append(text);
        return watch.DoomedAt is not null;
    }

    private static bool IsIncomplete(string message) => message.Contains("ends before") || message.Contains("is empty") || message.Contains("not valid UTF-8");

    private static JsonSchema? Compile(string source) => JsonSchema.Compile(Encoding.UTF8.GetBytes(source), new SchemaOptions(), out _);

    private static void Hold<T>(Gen<T> values, Func<T, bool> law) => FsCheck.Check.One(Fixed, Prop.ForAll(Arb.From(values), law));
}
