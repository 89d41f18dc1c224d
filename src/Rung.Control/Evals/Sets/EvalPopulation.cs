using Rung.Storage.Content;

namespace Rung.Control.Evals.Sets;

/// <summary>What an eval set can be drawn from: calls that were captured, or lines of files.</summary>
public sealed record EvalPopulation
{
    /// <summary>Most rows that are held at once: of more, so many are drawn first, and each stands for more.</summary>
    public const int MostRows = 20_000;

    /// <summary>The rows.</summary>
    public required IReadOnlyList<EvalSourceRow> Rows { get; init; }
    /// <summary>Calls or lines that could be used, before any was thinned out.</summary>
    public required int Seen { get; init; }
    /// <summary>Lines that could not be used.</summary>
    public int Bad { get; init; }
    /// <summary>Some of these: place and reason, without content.</summary>
    public IReadOnlyList<string> BadExamples { get; init; } = [];
    /// <summary>What was left out on purpose: why, and how many.</summary>
    public IReadOnlyDictionary<string, int> LeftOut { get; init; } = new Dictionary<string, int>();
    /// <summary>Formats that were recognised, by file; empty for captured calls.</summary>
    public IReadOnlyList<string> Formats { get; init; } = [];
    /// <summary>An exported set, read back whole; null for anything else.</summary>
    public EvalSetFile? Exported { get; init; }

    /// <summary>Calls that the rows stand for.</summary>
    public double Mass => Rows.Sum(row => row.Mass);
    /// <summary>Whether any of it is made up.</summary>
    public bool Simulated => Rows.Any(row => row.Simulated);
}

/// <summary>Holds at most so many rows of any number, every row with the same chance, whatever the order.</summary>
/// <param name="most">How many.</param>
/// <param name="seed">Decides which.</param>
internal sealed class BoundedRows(int most, long seed)
{
    private const ulong ThinPurpose = 1;

    private readonly PriorityQueue<EvalSourceRow, (ulong, string)> _largest = new(Comparer<(ulong, string)>.Create((a, b) =>
        b.Item1 != a.Item1 ? b.Item1.CompareTo(a.Item1) : string.CompareOrdinal(b.Item2, a.Item2)));
    private readonly Sampling.SeededPriority _priority = new(unchecked((ulong)seed));

    /// <summary>Rows seen.</summary>
    public int Seen { get; private set; }

    /// <summary>Takes a row, and lets another go when there are too many.</summary>
    public void Add(EvalSourceRow row)
    {
        Seen++;
        _largest.Enqueue(row, (_priority.Bits(row.Id, ThinPurpose), row.Id));
        if (_largest.Count > most) _largest.Dequeue();
    }

    /// <summary>The rows that stayed, each standing for its share of those that did not.</summary>
    public IReadOnlyList<EvalSourceRow> Take()
    {
        var share = _largest.Count == 0 ? 1 : (double)Seen / _largest.Count;
        return [.. _largest.UnorderedItems.Select(item => share == 1 ? item.Element : item.Element with { Mass = item.Element.Mass * share })];
    }
}
