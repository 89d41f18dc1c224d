namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>What can be said of schemas before any value is there: which kinds can follow them, which always do.</summary>
internal static class NodeShapes
{
    /// <summary>Finds it for all nodes, which must not refer to themselves without going into the value.</summary>
    /// <param name="nodes">All nodes.</param>
    /// <param name="hasDynamic">Whether it matters through which references judging came.</param>
    public static void Find(IReadOnlyCollection<SchemaNode> nodes, bool hasDynamic)
    {
        var found = new HashSet<SchemaNode>();
        foreach (var node in nodes) Find(node, found);
        foreach (var node in nodes)
        {
            var meant = node;
            while (!hasDynamic && IsMereReference(meant)) meant = meant.Must[0];
            node.Meant = meant;
        }
    }

    private static bool IsMereReference(SchemaNode node) =>
        node is { Must: [_], IsFalse: false, Types: KindSet.All, IntegersOnly: false, Values: [], Numbers: [], MinLength: 0, MaxLength: int.MaxValue, Pattern: null, Format: null }
        && !node.HasArrayKeywords && !node.HasObjectKeywords && node.InPlace.Count() == 1;

    private static void Find(SchemaNode node, HashSet<SchemaNode> found)
    {
        if (!found.Add(node)) return;
        foreach (var next in node.InPlace) Find(next, found);
        node.IsCompound = node.InPlace.Any();
        node.Possible = Possible(node);
        node.Always = Always(node);
        node.WatchesText = node.Possible.HasFlag(KindSet.String) && WatchesText(node);
    }

    private static KindSet Possible(SchemaNode node)
    {
        if (node.IsFalse) return KindSet.None;
        var kinds = node.Types;
        foreach (var values in node.Values) kinds &= values.Kinds;
        foreach (var must in node.Must) kinds &= must.Possible;
        if (!node.AnyOf.IsEmpty) kinds &= node.AnyOf.Aggregate(KindSet.None, (sum, branch) => sum | branch.Possible);
        if (!node.OneOf.IsEmpty) kinds &= node.OneOf.Aggregate(KindSet.None, (sum, branch) => sum | branch.Possible);
        return node.Not is null ? kinds : kinds & ~node.Not.Always;
    }

    private static KindSet Always(SchemaNode node)
    {
        if (node.IsFalse || !node.Values.IsEmpty || node.Dynamic is not null || !node.AnyOf.IsEmpty || !node.OneOf.IsEmpty || node.Not is not null || node.If is not null) return KindSet.None;
        var kinds = node.Types;
        if (node.IntegersOnly || !node.Numbers.IsEmpty) kinds &= ~KindSet.Number;
        if (node.MinLength > 0 || node.MaxLength < int.MaxValue || node.Pattern is not null || node.Format is not null) kinds &= ~KindSet.String;
        if (node.HasArrayKeywords) kinds &= ~KindSet.Array;
        if (node.HasObjectKeywords) kinds &= ~KindSet.Object;
        foreach (var must in node.Must) kinds &= must.Always;
        return kinds;
    }

    private static bool WatchesText(SchemaNode node) =>
        !node.Values.IsEmpty || node.MaxLength < int.MaxValue
        || node.Must.Any(must => must.WatchesText) || node.AnyOf.Any(branch => branch.WatchesText) || node.OneOf.Any(branch => branch.WatchesText);
}
