using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Running;

/// <summary>An array or object that is being read.</summary>
internal sealed class Frame
{
    public JsonKind Kind;
    /// <summary>Its evaluations: a range of the run's.</summary>
    public int First;
    public int End;
    /// <summary>Members or items that have begun.</summary>
    public int Count;
    /// <summary>Different names, when somebody counts them.</summary>
    public int Distinct => Names.Count;
    public bool CountsNames;
    /// <summary>Whether its items are compared with each other.</summary>
    public bool ComparesItems;
    /// <summary>What its text is kept under; negative when nobody needs it.</summary>
    public long KeptFrom;
    /// <summary>Name of the current member, a range of the run's bytes.</summary>
    public int NameStart;
    public int NameEnd;
    public readonly HashSet<string> Names = new(StringComparer.Ordinal);
    /// <summary>The names in order, when words may be wanted.</summary>
    public readonly List<string> InOrder = [];
}
