using System.Collections.Immutable;
using Rung.Core.Checks.Json;
using Rung.Core.Checks.Schema.Formats;

namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>Reads the keywords of one schema object into its node.</summary>
internal static class NodeBuilder
{
    private static readonly ImmutableArray<string> Types = ["null", "boolean", "object", "array", "number", "string", "integer"];

    private static readonly ImmutableArray<(string Keyword, NumberDemand Demand)> Bounds =
    [
        ("minimum", NumberDemand.AtLeast), ("maximum", NumberDemand.AtMost), ("exclusiveMinimum", NumberDemand.Above), ("exclusiveMaximum", NumberDemand.Below),
    ];

    /// <summary>Reads. Faults go to the compiler.</summary>
    public static void Build(SchemaPlace place, SchemaNode node)
    {
        if (place.Dialect.Draft == SchemaDraft.Draft7 && place.Has("$ref")) // Draft 7 ignores whatever stands beside a $ref.
        {
            References(place, node);
            return;
        }
        place.RefuseForeign();
        place.NamedNodes("$defs");
        place.NamedNodes("definitions");
        if (place.Dialect.Validates)
        {
            Values(place, node);
            Numbers(place, node);
            Texts(place, node);
            Counts(place, node);
        }
        Format(place, node);
        Arrays(place, node);
        Objects(place, node);
        Combinations(place, node);
        References(place, node);
    }

    private static void Values(SchemaPlace place, SchemaNode node)
    {
        if (place.TryValue("type", out var type))
        {
            var names = type.Kind == JsonKind.String ? [type.Text] : place.Names("type");
            if (names.FirstOrDefault(name => !Types.Contains(name)) is { } unknown) place.Refuse("type", $"has the unknown type {Excerpt.Of(unknown)}");
            else Type(node, names);
        }
        if (place.TryValue("enum", out var values))
        {
            if (values.Kind != JsonKind.Array) place.Refuse("enum", "must be a list of values");
            else node.Values = [new ValueSet(place.At("enum"), values.Items)];
        }
        if (place.TryValue("const", out var value)) node.Values = node.Values.Add(new ValueSet(place.At("const"), [value]));
    }

    private static void Type(SchemaNode node, ImmutableArray<string> names)
    {
        node.Types = names.Aggregate(KindSet.None, (kinds, name) => kinds | name switch
        {
            "null" => KindSet.Null,
            "boolean" => KindSet.Boolean,
            "object" => KindSet.Object,
            "array" => KindSet.Array,
            "string" => KindSet.String,
            _ => KindSet.Number,
        });
        node.IntegersOnly = names.Contains("integer") && !names.Contains("number");
        node.TypeDemand = "be " + string.Join(" or ", names.Select(type => type switch
        {
            "null" => type,
            "object" or "array" or "integer" => "an " + type,
            _ => "a " + type,
        }));
    }

    private static void Numbers(SchemaPlace place, SchemaNode node)
    {
        var rules = ImmutableArray.CreateBuilder<NumberRule>();
        foreach (var (keyword, demand) in Bounds)
        {
            if (place.TryNumber(keyword, out var bound)) rules.Add(new NumberRule(place.At(keyword), demand, bound));
        }
        if (place.TryNumber("multipleOf", out var divisor))
        {
            if (divisor.Number.IsPositive) rules.Add(new NumberRule(place.At("multipleOf"), NumberDemand.MultipleOf, divisor));
            else place.Refuse("multipleOf", "must be greater than 0");
        }
        node.Numbers = rules.DrainToImmutable();
    }

    private static void Texts(SchemaPlace place, SchemaNode node)
    {
        if (place.TryText("pattern", out var source)) node.Pattern = place.Pattern(source, place.At("pattern"));
    }

    private static void Format(SchemaPlace place, SchemaNode node)
    {
        if (!place.AssertsFormats || !place.TryText("format", out var name) || !SchemaFormats.TryFind(name, out var rule)) return;
        node.Format = rule;
        node.FormatName = name;
    }

    private static void Counts(SchemaPlace place, SchemaNode node)
    {
        node.MinLength = place.Count("minLength", 0);
        node.MaxLength = place.Count("maxLength", int.MaxValue);
        node.MinItems = place.Count("minItems", 0);
        node.MaxItems = place.Count("maxItems", int.MaxValue);
        node.MinProperties = place.Count("minProperties", 0);
        node.MaxProperties = place.Count("maxProperties", int.MaxValue);
        node.Unique = place.TryFlag("uniqueItems");
    }

    private static void Arrays(SchemaPlace place, SchemaNode node)
    {
        var isList = place.TryValue("items", out var items) && items.Kind == JsonKind.Array;
        if (!isList)
        {
            if (place.Draft >= SchemaDraft.Draft202012) node.Prefix = place.Nodes("prefixItems");
            node.Items = place.Node("items");
        }
        else if (place.Draft < SchemaDraft.Draft202012)
        {
            node.Prefix = items!.Items.IsEmpty ? [] : place.Nodes("items");
            node.Items = place.Node("additionalItems");
        }
        else
        {
            place.Refuse("items", "must be one schema; a list of schemas is called prefixItems since draft 2020-12");
        }
        node.Contains = place.Node("contains");
        node.ContainsEvaluates = place.Draft >= SchemaDraft.Draft202012;
        if (place.Draft < SchemaDraft.Draft201909) return;
        if (place.Dialect.Validates)
        {
            node.MinContains = place.Count("minContains", 1);
            node.MaxContains = place.Count("maxContains", int.MaxValue);
        }
        node.UnevaluatedItems = place.Node("unevaluatedItems");
    }

    private static void Objects(SchemaPlace place, SchemaNode node)
    {
        var names = new NameCollector();
        foreach (var (name, property) in place.NamedNodes("properties")) names.Property(name, property);
        var patterns = ImmutableArray.CreateBuilder<PatternProperty>();
        foreach (var (source, value, at) in place.Entries("patternProperties"))
        {
            if (place.Pattern(source, at) is { } pattern) patterns.Add(new PatternProperty(pattern, place.Node(value, at)));
        }
        node.Patterns = patterns.DrainToImmutable();
        node.Additional = place.Node("additionalProperties");
        node.PropertyNames = place.Node("propertyNames");
        if (place.Draft >= SchemaDraft.Draft201909) node.UnevaluatedProperties = place.Node("unevaluatedProperties");

        var required = new List<(string Path, string? Trigger, ImmutableArray<string> Names)>();
        var dependents = new List<(string Trigger, SchemaNode Node)>();
        if (place.Dialect.Validates && place.Names("required") is { IsEmpty: false } always) required.Add((place.At("required"), null, always));
        if (place.Draft >= SchemaDraft.Draft201909)
        {
            foreach (var (trigger, value, at) in place.Dialect.Validates ? place.Entries("dependentRequired") : []) required.Add((at, trigger, place.Names(value, at)));
            foreach (var (trigger, dependent) in place.NamedNodes("dependentSchemas")) dependents.Add((trigger, dependent));
        }
        foreach (var (trigger, value, at) in place.Entries("dependencies"))
        {
            if (value.Kind == JsonKind.Array) required.Add((at, trigger, place.Names(value, at)));
            else dependents.Add((trigger, place.Node(value, at)));
        }
        foreach (var (_, trigger, wanted) in required)
        {
            if (trigger is not null) names.Watch(trigger);
            foreach (var name in wanted) names.Watch(name);
        }
        foreach (var (trigger, _) in dependents) names.Watch(trigger);

        if (names.IsEmpty) return;
        node.Names = names.Table();
        node.Requirements =
        [
            .. required.Where(one => !one.Names.IsEmpty).Select(one => new Requirement(
                one.Path, one.Trigger is null ? -1 : names.Index(one.Trigger), one.Trigger is null ? "" : $", which {Excerpt.Of(one.Trigger)} requires",
                [.. one.Names.Distinct(StringComparer.Ordinal).Select(names.Known)])),
        ];
        node.Dependents = [.. dependents.Select(one => new Dependent(names.Index(one.Trigger), one.Node))];
    }

    private static void Combinations(SchemaPlace place, SchemaNode node)
    {
        node.Must = place.Nodes("allOf");
        node.AnyOf = place.Nodes("anyOf");
        node.OneOf = place.Nodes("oneOf");
        node.Not = place.Node("not");
        node.If = place.Node("if");
        var (then, otherwise) = (place.Node("then"), place.Node("else"));
        if (node.If is null) return;
        node.Then = then;
        node.Else = otherwise;
    }

    private static void References(SchemaPlace place, SchemaNode node)
    {
        if (place.TryText("$ref", out var reference) && place.Target("$ref", reference) is { } target) node.Must = node.Must.Insert(0, place.Node(target));
        if (place.Draft == SchemaDraft.Draft202012 && place.TryText("$dynamicRef", out var dynamicReference)) Dynamic(place, node, "$dynamicRef", dynamicReference);
        if (place.Draft == SchemaDraft.Draft201909 && place.TryText("$recursiveRef", out var recursive)) Dynamic(place, node, "$recursiveRef", recursive);
    }

    /// <summary>A dynamic reference is dynamic only when what it leads to at first is a dynamic anchor; else it is a reference like any other.</summary>
    private static void Dynamic(SchemaPlace place, SchemaNode node, string keyword, string reference)
    {
        if (place.Target(keyword, reference) is not { } target) return;
        var name = keyword == "$recursiveRef" ? "" : Uri.UnescapeDataString(reference[(reference.IndexOf('#') + 1)..]);
        var isDynamic = target.Resource.DynamicAnchors.TryGetValue(name, out var anchor) && anchor.Pointer == target.Pointer;
        if (isDynamic) node.Dynamic = place.DynamicTarget(name, target);
        else node.Must = node.Must.Add(place.Node(target));
    }
}
