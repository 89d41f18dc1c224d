using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Running;

/// <summary>What the outcome of a schema on a value means to the schema that asked for it.</summary>
internal enum Role : byte
{
    /// <summary>It must hold: a property, an item, <c>allOf</c>, <c>$ref</c>.</summary>
    Must = 0,
    AnyOf = 1,
    OneOf = 2,
    Not = 3,
    If = 4,
    Then = 5,
    Else = 6,
    /// <summary>It must hold when a property is there.</summary>
    Dependent = 7,
    /// <summary>Items for which it holds are counted.</summary>
    Contains = 8,
    /// <summary>It must hold for what nothing else has evaluated, which is known at the end.</summary>
    Unevaluated = 9,
}

/// <summary>One schema on one array or object while it is read. Used again and again; belongs to one run.</summary>
internal sealed class Evaluation
{
    public SchemaNode Node = null!; // Set by Begin, before anything else.
    public Evaluation? Parent;
    public Role Role;
    public int Slot;
    /// <summary>Whether the parent judges the same value.</summary>
    public bool InPlace;
    public int Nesting;
    public Scope? Scope;
    public bool Failed;
    /// <summary>Whether it must be known which members or items were evaluated, here or by a schema that applies this one to the same value.</summary>
    public bool Tracks;

    /// <summary>Alternatives that have not failed.</summary>
    public int AnyAlive;
    public int OneAlive;
    public int OneFirst;
    public int OneSecond;
    public int Contained;
    public bool NotMatched;
    /// <summary>How <c>if</c> came out; null while that is open.</summary>
    public bool? Condition;
    public bool ThenFailed;
    public bool ElseFailed;

    /// <summary>Names (by their numbers in the schema) that were there.</summary>
    public IndexSet Seen;
    /// <summary>Members or items, by position, that were evaluated.</summary>
    public IndexSet Evaluated;
    /// <summary>Members or items that the schema for unevaluated ones does not take.</summary>
    public IndexSet UnevaluatedFailed;
    public IndexSet DependentFailed;

    public readonly Dictionary<JsonValue, int> Items = [];
    public readonly List<SchemaError> Errors = [];
    /// <summary>Of the alternatives that failed, the error that lies deepest: most likely that one was meant.</summary>
    public SchemaError? ClosestAny;
    public SchemaError? ClosestOne;

    public void Begin(SchemaNode node, Evaluation? parent, Role role, int slot, bool inPlace, Scope? scope)
    {
        (Node, Parent, Role, Slot, InPlace, Scope) = (node, parent, role, slot, inPlace, scope);
        Nesting = inPlace ? parent!.Nesting + 1 : 0;
        Tracks = node.NeedsEvaluated || (inPlace && parent!.Tracks);
        Failed = NotMatched = ThenFailed = ElseFailed = false;
        Contained = 0;
        Condition = null;
        Seen.Clear();
        if (Tracks)
        {
            Evaluated.Clear();
            UnevaluatedFailed.Clear();
        }
        if (node.IsCompound)
        {
            (AnyAlive, OneAlive, OneFirst, OneSecond) = (node.AnyOf.Length, node.OneOf.Length, -1, -1);
            (ClosestAny, ClosestOne) = (null, null);
            DependentFailed.Clear();
        }
        if (Items.Count > 0) Items.Clear();
        if (Errors.Count > 0) Errors.Clear();
    }
}
