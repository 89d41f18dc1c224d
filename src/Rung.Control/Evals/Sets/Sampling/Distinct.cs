namespace Rung.Control.Evals.Sets.Sampling;

/// <summary>A row that is not a duplicate of another one, with what it stands for.</summary>
internal sealed class DistinctRow
{
    public required EvalSourceRow Source { get; init; }
    public required RowText Text { get; init; }
    /// <summary>Calls that it stands for, its duplicates included.</summary>
    public double Mass { get; set; }
}

/// <summary>Leaves out duplicates and near-duplicates; what is left stands for them.</summary>
internal sealed class Distinct
{
    // Below, a word that most rows have may be what they are about; above, it is a template that says nothing about any of them.
    private const int LeastRowsForTemplates = 20;
    private const int TemplateBuckets = 1 << 20;
    private const ulong OrderPurpose = 2;

    private Distinct(IReadOnlyList<DistinctRow> rows, Grouping groups, IReadOnlyDictionary<ulong, string> words, int exact, int near)
    {
        Rows = rows;
        Groups = groups;
        Words = words;
        Exact = exact;
        Near = near;
    }

    /// <summary>What is left, by id.</summary>
    public IReadOnlyList<DistinctRow> Rows { get; }
    /// <summary>Which of them belong together: one session, one named group, or alike (only where near-duplicates were kept).</summary>
    public Grouping Groups { get; }
    /// <summary>Words by hash.</summary>
    public IReadOnlyDictionary<ulong, string> Words { get; }
    /// <summary>Rows with the same request as another one.</summary>
    public int Exact { get; }
    /// <summary>Rows that are nearly the same as another one.</summary>
    public int Near { get; }

    /// <summary>Sorts rows out.</summary>
    /// <param name="rows">The rows, in any order.</param>
    /// <param name="nearDuplicates">Likeness from which a row is left out.</param>
    /// <param name="priority">Which of several alike stays.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Distinct Of(IReadOnlyList<EvalSourceRow> rows, double nearDuplicates, SeededPriority priority, CancellationToken cancellationToken)
    {
        // 1. In an order that chance decides and reading does not. The first of several alike stays.
        var ordered = rows.OrderBy(row => priority.Bits(row.Id, OrderPurpose)).ThenBy(row => row.Id, StringComparer.Ordinal).ToList();

        // 2. The same request: the same row, heavier.
        var words = new Dictionary<ulong, string>();
        var byRequest = new Dictionary<string, DistinctRow>(StringComparer.Ordinal);
        var different = new List<DistinctRow>();
        foreach (var source in ordered)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = RequestKey(source);
            if (byRequest.TryGetValue(key, out var same))
            {
                same.Mass += source.Mass;
                continue;
            }
            var row = new DistinctRow { Source = source, Text = RowText.Of(source.Request, (hash, word) => words.TryAdd(hash, word)), Mass = source.Mass };
            byRequest.Add(key, row);
            different.Add(row);
        }

        // 3. What most of them have in common is their template's, and would make all of them look alike.
        LeaveOutTemplates(different);

        // 4. Nearly the same request, with the same tools: the one that stands first stays.
        var (kept, near) = (new List<DistinctRow>(), 0);
        var groups = new Grouping();
        var index = new NearDuplicates();
        var sameGroup = Math.Min(nearDuplicates, EvalSampling.DefaultNearDuplicates);
        foreach (var row in different)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var like = index.Like(row.Text, sameGroup);
            var stays = like.Where(found => found.Likeness >= nearDuplicates && kept[found.Index].Text.Tools == row.Text.Tools).OrderByDescending(found => found.Likeness).ThenBy(found => found.Index)
                .Select(found => kept[found.Index]).FirstOrDefault();
            if (stays is not null)
            {
                stays.Mass += row.Mass;
                near++;
                continue;
            }
            foreach (var (other, _) in like) groups.Join(row.Source.Id, kept[other].Source.Id);
            index.Add(row.Text);
            kept.Add(row);
        }

        // 5. One session, one group that the file names.
        foreach (var row in kept)
        {
            if (row.Source.Session is { } session) groups.Join(row.Source.Id, "session:" + session);
            if (row.Source.GroupHint is { } hint) groups.Join(row.Source.Id, "hint:" + hint);
        }
        return new Distinct([.. kept.OrderBy(row => row.Source.Id, StringComparer.Ordinal)], groups, words, ordered.Count - different.Count, near);
    }

    private static string RequestKey(EvalSourceRow row) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(row.Request.Span));

    private static void LeaveOutTemplates(List<DistinctRow> rows)
    {
        if (rows.Count < LeastRowsForTemplates) return;
        // Counted by a part of the hash: that one of a million buckets counts a few rows too many moves no row across the half.
        var counts = new int[TemplateBuckets];
        foreach (var shingle in rows.SelectMany(row => row.Text.Shingles)) counts[shingle & (TemplateBuckets - 1)]++;
        foreach (var row in rows) row.Text.LeaveOut(shingle => counts[shingle & (TemplateBuckets - 1)] * 2 > rows.Count);
    }
}
