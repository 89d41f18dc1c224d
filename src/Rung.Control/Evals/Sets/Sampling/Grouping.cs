namespace Rung.Control.Evals.Sets.Sampling;

/// <summary>Things that belong together, directly or by way of others (union and find; R. Tarjan, J. ACM 22, 1975).</summary>
internal sealed class Grouping
{
    private readonly Dictionary<string, string> _parents = new(StringComparer.Ordinal);

    /// <summary>Says that two belong together.</summary>
    public void Join(string one, string other)
    {
        var (a, b) = (Root(one), Root(other));
        if (a == b) return;
        // The smaller name stands for both: whichever order they were joined in.
        if (string.CompareOrdinal(a, b) < 0) _parents[b] = a;
        else _parents[a] = b;
    }

    /// <summary>What stands for all that belong together with it.</summary>
    public string Root(string one)
    {
        var root = one;
        while (_parents.TryGetValue(root, out var parent)) root = parent;
        while (one != root)
        {
            var next = _parents[one];
            _parents[one] = root;
            one = next;
        }
        return root;
    }
}
