namespace Rung.Core.Policies.Documents;

/// <summary>Walks checks that hold checks.</summary>
internal static class CheckTree
{
    /// <summary>The checks directly inside one.</summary>
    public static IEnumerable<CheckEntry> Members(CheckEntry entry) => entry switch
    {
        ListCheckEntry list => list.Members,
        NotCheckEntry not => [not.Member],
        ScoreCheckEntry score => score.Of.Select(part => part.Check),
        _ => [],
    };

    /// <summary>A check and every check inside it.</summary>
    public static IEnumerable<CheckEntry> Walk(CheckEntry entry) => Members(entry).SelectMany(Walk).Prepend(entry);

    /// <summary>How many checks it holds that hold none.</summary>
    public static int Leaves(CheckEntry entry) => Walk(entry).Count(part => part is not (ListCheckEntry or NotCheckEntry or ScoreCheckEntry));
}
