using System.Collections.Immutable;

namespace Rung.Core.Checks;

/// <summary>
/// A check made of checks. Verdicts are three-valued (passed, failed, not known yet; Kleene's strong logic), so the order in which things are found
/// out never changes the verdict, and nothing is asked that could not change it.
/// </summary>
/// <remarks>S. C. Kleene, "On notation for ordinal numbers", J. Symbolic Logic 3 (1938), 150–155.</remarks>
internal abstract class CompositeCheck : Check
{
    private const int MostNameLength = 160;

    private readonly int depth;

    protected CompositeCheck(string word, ImmutableArray<Check> members)
    {
        Members = members;
        depth = 1 + members.Max(DepthOf);
        NeedsContext = members.Any(member => member.NeedsContext);
        var name = $"{word}({string.Join(", ", members.Select(member => member.Name))})";
        Name = name.Length <= MostNameLength ? name : $"{word}({members.Length} checks)";
    }

    public override string Name { get; }

    public override bool NeedsContext { get; }

    protected ImmutableArray<Check> Members { get; }

    /// <summary>How many levels of checks in checks there are; 0 for a check that holds none.</summary>
    public static int DepthOf(Check check) => check is CompositeCheck composite ? composite.depth : 0;
}
