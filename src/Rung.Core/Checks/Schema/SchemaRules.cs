using System.Collections.Frozen;
using System.Collections.Immutable;
using Rung.Core.Checks.Json;
using Rung.Core.Checks.Schema.Rules;

namespace Rung.Core.Checks.Schema;

/// <summary>Makes the rules of one schema object from its keywords, cheap rules first.</summary>
internal static class SchemaRules
{
    private static readonly ImmutableArray<(string Keyword, Counted Counted, bool IsMinimum)> Counts =
    [
        ("minLength", Counted.Characters, true), ("maxLength", Counted.Characters, false),
        ("minItems", Counted.Items, true), ("maxItems", Counted.Items, false),
        ("minProperties", Counted.Properties, true), ("maxProperties", Counted.Properties, false),
    ];

    private static readonly ImmutableArray<(string Keyword, BoundSide Side)> Bounds =
    [
        ("minimum", BoundSide.AtLeast), ("maximum", BoundSide.AtMost), ("exclusiveMinimum", BoundSide.Above), ("exclusiveMaximum", BoundSide.Below),
    ];

    /// <summary>The rules. Faults go to the compiler.</summary>
    public static IEnumerable<SchemaRule> For(SchemaPlace place) =>
        Values(place).Concat(Numbers(place)).Concat(CountsAndPatterns(place)).Concat(Arrays(place)).Concat(Objects(place)).Concat(Combinations(place));

    private static IEnumerable<SchemaRule> Values(SchemaPlace place)
    {
        if (place.TryValue("type", out var type))
        {
            var names = type.Kind == JsonKind.String ? [type.Text] : place.Names("type");
            if (names.FirstOrDefault(name => !TypeRule.Known.Contains(name)) is { } unknown) place.Refuse("type", $"has the unknown type {Excerpt.Of(unknown)}");
            else yield return new TypeRule(place.At("type"), names);
        }
        if (place.TryValue("enum", out var values))
        {
            if (values.Kind != JsonKind.Array) place.Refuse("enum", "must be a list of values");
            else yield return new EnumRule(place.At("enum"), values.Items);
        }
        if (place.TryValue("const", out var value)) yield return new EnumRule(place.At("const"), [value]);
    }

    private static IEnumerable<SchemaRule> Numbers(SchemaPlace place)
    {
        foreach (var (keyword, side) in Bounds)
        {
            if (place.TryNumber(keyword, out var bound)) yield return new BoundRule(place.At(keyword), side, bound);
        }
        if (!place.TryNumber("multipleOf", out var divisor)) yield break;
        if (divisor.Number.IsPositive) yield return new MultipleOfRule(place.At("multipleOf"), divisor);
        else place.Refuse("multipleOf", "must be greater than 0");
    }

    private static IEnumerable<SchemaRule> CountsAndPatterns(SchemaPlace place)
    {
        foreach (var (keyword, counted, isMinimum) in Counts)
        {
            if (place.TryCount(keyword, out var bound)) yield return new CountRule(place.At(keyword), counted, isMinimum, bound);
        }
        if (place.TryText("pattern", out var source) && place.Pattern(source, place.At("pattern")) is { } pattern)
        {
            yield return new PatternRule(place.At("pattern"), pattern);
        }
    }

    private static IEnumerable<SchemaRule> Arrays(SchemaPlace place)
    {
        if (place.TryFlag("uniqueItems")) yield return new UniqueItemsRule(place.At("uniqueItems"));

        var (prefix, rest) = Items(place);
        if (!prefix.IsEmpty || rest is not null) yield return new ItemsRule(place.Path, prefix, rest);

        var min = place.TryCount("minContains", out var least) ? least : 1;
        int? max = place.TryCount("maxContains", out var most) ? most : null;
        if (place.Node("contains") is { } contained) yield return new ContainsRule(place.At("contains"), contained, min, max);
    }

    /// <summary>The items by position and the rest, which were named differently before 2020-12.</summary>
    private static (ImmutableArray<SchemaNode> Prefix, SchemaNode? Further) Items(SchemaPlace place)
    {
        var isList = place.TryValue("items", out var items) && items.Kind == JsonKind.Array;
        if (!isList) return (place.Nodes("prefixItems"), place.Node("items"));
        if (place.Dialect < SchemaDraft.Draft202012)
        {
            return (items!.Items.IsEmpty ? [] : place.Nodes("items"), place.Node("additionalItems"));
        }
        place.Refuse("items", "must be one schema; a list of schemas is called prefixItems since draft 2020-12");
        return ([], null);
    }

    private static IEnumerable<SchemaRule> Objects(SchemaPlace place)
    {
        if (place.Names("required") is { IsEmpty: false } required) yield return new RequiredRule(place.At("required"), required, trigger: null);
        if (Properties(place) is { } properties) yield return properties;
        if (place.Node("propertyNames") is { } names) yield return new PropertyNamesRule(place.At("propertyNames"), names);

        foreach (var (trigger, value, at) in place.Entries("dependentRequired")) yield return new RequiredRule(at, place.Names(value, at), trigger);
        foreach (var (trigger, node) in place.NamedNodes("dependentSchemas")) yield return new DependentSchemaRule(node.Path, trigger, node);
        foreach (var (trigger, value, at) in place.Entries("dependencies"))
        {
            yield return value.Kind == JsonKind.Array
                ? new RequiredRule(at, place.Names(value, at), trigger)
                : new DependentSchemaRule(at, trigger, place.Node(value, at));
        }
    }

    private static PropertiesRule? Properties(SchemaPlace place)
    {
        var named = place.NamedNodes("properties").ToFrozenDictionary(StringComparer.Ordinal);
        var patterned = ImmutableArray.CreateBuilder<PatternProperty>();
        foreach (var (source, value, at) in place.Entries("patternProperties"))
        {
            if (place.Pattern(source, at) is { } pattern) patterned.Add(new PatternProperty(pattern, place.Node(value, at)));
        }
        var additional = place.Node("additionalProperties");
        return named.Count + patterned.Count == 0 && additional is null ? null : new PropertiesRule(place.Path, named, patterned.DrainToImmutable(), additional);
    }

    private static IEnumerable<SchemaRule> Combinations(SchemaPlace place)
    {
        if (place.TryText("$ref", out var reference)) yield return place.Reference("$ref", reference);
        if (place.Nodes("allOf") is { IsEmpty: false } all) yield return new AllOfRule(place.At("allOf"), all);
        if (place.Nodes("anyOf") is { IsEmpty: false } any) yield return new AnyOfRule(place.At("anyOf"), any);
        if (place.Nodes("oneOf") is { IsEmpty: false } one) yield return new OneOfRule(place.At("oneOf"), one);
        if (place.Node("not") is { } not) yield return new NotRule(place.At("not"), not);

        var (condition, then, otherwise) = (place.Node("if"), place.Node("then"), place.Node("else"));
        if (condition is not null && (then ?? otherwise) is not null) yield return new ConditionRule(place.At("if"), condition, then, otherwise);
    }
}
