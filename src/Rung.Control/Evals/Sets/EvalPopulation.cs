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

/// <summary>Holds at most so many rows, and at most so many bytes of them, of any number, every row with the same chance, whatever the order.</summary>
/// <param name="most">How many.</param>
/// <param name="seed">Decides which.</param>
/// <param name="mostBytes">Most bytes of requests and answers.</param>
internal sealed class BoundedRows(int most, long seed, long mostBytes = BoundedRows.MostBytes)
{
    /// <summary>Bytes of requests and answers that are held at once: 512 MiB.</summary>
    public const long MostBytes = 512L * 1024 * 1024;

    private const ulong ThinPurpose = 1;

    // The largest first: a row that compares as less goes sooner.
    private static readonly Comparer<(ulong Bits, string Id)> s_order = Comparer<(ulong Bits, string Id)>.Create((a, b) =>
        b.Bits != a.Bits ? b.Bits.CompareTo(a.Bits) : string.CompareOrdinal(b.Id, a.Id));

    private readonly PriorityQueue<EvalSourceRow, (ulong, string)> _largest = new(s_order);
    private (ulong Bits, string Id)? _limit; // The smallest that had to go.
    private long _bytes;
    private readonly Sampling.SeededPriority _priority = new(unchecked((ulong)seed));

    /// <summary>Rows seen.</summary>
    public int Seen { get; private set; }

    /// <summary>Takes a row, and lets others go when there are too many.</summary>
    public void Add(EvalSourceRow row)
    {
        Seen++;
        var rank = (_priority.Bits(row.Id, ThinPurpose), row.Id);
        // What comes behind a row that had to go goes too: else small rows would slip in where large ones had no room.
        if (_limit is { } limit && s_order.Compare(rank, limit) <= 0) return;
        _largest.Enqueue(row, rank);
        _bytes += BytesOf(row);
        while (_largest.Count > 1 && (_largest.Count > most || _bytes > mostBytes))
        {
            _largest.TryDequeue(out var gone, out var at);
            _bytes -= BytesOf(gone!);
            _limit = at;
        }
    }

    /// <summary>The rows that stayed, each standing for its share of those that did not.</summary>
    public IReadOnlyList<EvalSourceRow> Take()
    {
        var share = _largest.Count == 0 ? 1 : (double)Seen / _largest.Count;
        return [.. _largest.UnorderedItems.Select(item => share == 1 ? item.Element : item.Element with { Mass = item.Element.Mass * share })];
    }

    private static long BytesOf(EvalSourceRow row) => row.Request.Length + row.Given.Length + row.Captured.Length;
}
