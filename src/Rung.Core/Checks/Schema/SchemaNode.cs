using System.Collections.Immutable;
using System.Globalization;
using Rung.Core.Checks.Schema.Compiling;
using Rung.Core.Checks.Schema.Formats;

namespace Rung.Core.Checks.Schema;

/// <summary>A schema for the properties whose names match a pattern.</summary>
internal sealed record PatternProperty(SchemaPattern Pattern, SchemaNode Node);

/// <summary>Properties that must be there, always or when another one is.</summary>
/// <param name="Path">Place of the keyword.</param>
/// <param name="Trigger">The one in whose presence they must, by its number; negative: always.</param>
/// <param name="Because">Why, behind the name; empty when always.</param>
/// <param name="Names">The properties.</param>
internal sealed record Requirement(string Path, int Trigger, string Because, ImmutableArray<KnownName> Names);

/// <summary>A schema that holds for objects that have a property.</summary>
internal sealed record Dependent(int Trigger, SchemaNode Node);

/// <summary><c>$dynamicRef</c> or <c>$recursiveRef</c>: by name in the outermost resource that was entered, else as bound.</summary>
internal sealed record DynamicTarget(string Anchor, SchemaNode Otherwise);

/// <summary>
/// One compiled schema: its keywords side by side. Written by the compiler, then unchanged; shared between threads. A node exists before its keywords
/// because schemas refer to each other in circles.
/// </summary>
internal sealed class SchemaNode(string path, SchemaResource resource)
{
    /// <summary>Place in the document: <c>#/properties/intent</c>.</summary>
    public string Path { get; } = path;

    /// <summary>The part with a name of its own (<c>$id</c>) that the schema stands in.</summary>
    public SchemaResource Resource { get; } = resource;

    public bool IsFalse { get; set; }
    public KindSet Types { get; set; } = KindSet.All;
    /// <summary>Whether of the numbers only those without fraction are of the type.</summary>
    public bool IntegersOnly { get; set; }
    public string TypeDemand { get; set; } = "";
    public ImmutableArray<ValueSet> Values { get; set; } = [];
    public ImmutableArray<NumberRule> Numbers { get; set; } = [];

    public int MinLength { get; set; }
    public int MaxLength { get; set; } = int.MaxValue;
    public SchemaPattern? Pattern { get; set; }
    public SchemaFormat? Format { get; set; }
    public string FormatName { get; set; } = "";

    public ImmutableArray<SchemaNode> Prefix { get; set; } = [];
    public SchemaNode? Items { get; set; }
    public int MinItems { get; set; }
    public int MaxItems { get; set; } = int.MaxValue;
    public bool Unique { get; set; }
    public SchemaNode? Contains { get; set; }
    public int MinContains { get; set; } = 1;
    public int MaxContains { get; set; } = int.MaxValue;
    /// <summary>Whether items that <c>contains</c> found count as evaluated: since draft 2020-12.</summary>
    public bool ContainsEvaluates { get; set; }
    public SchemaNode? UnevaluatedItems { get; set; }

    public NameTable? Names { get; set; }
    public ImmutableArray<PatternProperty> Patterns { get; set; } = [];
    public SchemaNode? Additional { get; set; }
    public SchemaNode? PropertyNames { get; set; }
    public int MinProperties { get; set; }
    public int MaxProperties { get; set; } = int.MaxValue;
    public ImmutableArray<Requirement> Requirements { get; set; } = [];
    public SchemaNode? UnevaluatedProperties { get; set; }

    /// <summary>Schemas that hold for the same value: <c>$ref</c> and <c>allOf</c>.</summary>
    public ImmutableArray<SchemaNode> Must { get; set; } = [];
    public DynamicTarget? Dynamic { get; set; }
    public ImmutableArray<SchemaNode> AnyOf { get; set; } = [];
    public ImmutableArray<SchemaNode> OneOf { get; set; } = [];
    public SchemaNode? Not { get; set; }
    public SchemaNode? If { get; set; }
    public SchemaNode? Then { get; set; }
    public SchemaNode? Else { get; set; }
    public ImmutableArray<Dependent> Dependents { get; set; } = [];

    /// <summary>Kinds that a value which follows the schema can have; found by <see cref="NodeShapes"/>.</summary>
    public KindSet Possible { get; set; } = KindSet.All;
    /// <summary>Kinds of which every value follows the schema.</summary>
    public KindSet Always { get; set; }
    /// <summary>Whether the beginning of a string can already be wrong: <c>enum</c>, <c>const</c>, <c>maxLength</c>, or only some of the alternatives take strings.</summary>
    public bool WatchesText { get; set; }

    public bool HasObjectKeywords =>
        Names is not null || !Patterns.IsEmpty || Additional is not null || PropertyNames is not null || CountsProperties || UnevaluatedProperties is not null || !Dependents.IsEmpty;

    public bool HasArrayKeywords =>
        !Prefix.IsEmpty || Items is not null || MinItems > 0 || MaxItems < int.MaxValue || Unique || Contains is not null || UnevaluatedItems is not null;

    public bool CountsProperties => MinProperties > 0 || MaxProperties < int.MaxValue;

    /// <summary>Whether further schemas apply to the same value.</summary>
    public bool IsCompound { get; set; }

    /// <summary>What is judged in the place of this node: itself, or for a mere reference its target.</summary>
    public SchemaNode Meant { get; set; } = null!; // Set by NodeShapes, at the end of the compilation.

    /// <summary>Whether it must be known which members or items were evaluated.</summary>
    public bool NeedsEvaluated => UnevaluatedItems is not null || UnevaluatedProperties is not null;

    /// <summary>Whether nothing can be wrong with any name but that it is none of the properties'.</summary>
    public bool IsClosed => Additional is { IsFalse: true } && Patterns.IsEmpty;

    /// <summary>Every schema that applies to the same value.</summary>
    public IEnumerable<SchemaNode> InPlace
    {
        get
        {
            foreach (var node in Must) yield return node;
            if (Dynamic is not null) yield return Dynamic.Otherwise;
            foreach (var node in AnyOf) yield return node;
            foreach (var node in OneOf) yield return node;
            if (Not is not null) yield return Not;
            if (If is not null) yield return If;
            if (Then is not null) yield return Then;
            if (Else is not null) yield return Else;
            foreach (var dependent in Dependents) yield return dependent.Node;
        }
    }

    /// <summary>Place of a keyword.</summary>
    public string At(string keyword) => $"{Path}/{keyword}";

    /// <summary>Place of an entry of a keyword.</summary>
    public string At(string keyword, int index) => string.Create(CultureInfo.InvariantCulture, $"{Path}/{keyword}/{index}");
}
