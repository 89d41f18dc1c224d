namespace Rung.Storage.Content;

/// <summary>A version of an eval set before it has a number: what <see cref="ContentStore.AddEvalSetAsync(EvalSetDraft, CancellationToken)"/> takes.</summary>
public sealed record EvalSetDraft
{
    /// <summary>Longest name of a set, in characters.</summary>
    public const int LongestName = 64;

    /// <summary>Name: 1 to 64 of a-z, 0-9, '.', '_', '-'.</summary>
    public required string Name { get; init; }
    /// <summary>The job that it is about; null when none is known.</summary>
    public string? Tag { get; init; }
    /// <summary>How it was made, in one line: the command.</summary>
    public required string MadeBy { get; init; }
    /// <summary>Seed of every random choice.</summary>
    public long Seed { get; init; }
    /// <summary>What the inputs look like, as JSON; null when it was not worked out.</summary>
    public string? Profile { get; init; }
    /// <summary>Whether its numbers come from simulated or made-up models or traffic.</summary>
    public bool Simulated { get; init; }
    /// <summary>The rows, at least one, with ids and positions of their own.</summary>
    public required IReadOnlyList<EvalRow> Rows { get; init; }

    /// <summary>Whether a text can be the name of a set.</summary>
    public static bool IsName(string? text)
    {
        if (text is null || text.Length is 0 or > LongestName) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('.' or '_' or '-')) return false;
        }
        return true;
    }

    /// <exception cref="ArgumentException">It is no set that can be stored.</exception>
    internal static void Require(EvalSetDraft draft)
    {
        if (!IsName(draft.Name)) throw new ArgumentException($"'{draft.Name}' is no name of a set: 1 to {LongestName} of a-z, 0-9, '.', '_', '-'.", nameof(draft));
        if (draft.Rows.Count == 0) throw new ArgumentException("A set has at least one row.", nameof(draft));
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var positions = new HashSet<int>();
        foreach (var row in draft.Rows)
        {
            if (!ids.Add(row.Id)) throw new ArgumentException($"Two rows have the id {row.Id}.", nameof(draft));
            if (row.Position < 0 || !positions.Add(row.Position)) throw new ArgumentException($"Row {row.Id} has a position that is not its own: {row.Position}.", nameof(draft));
            if (row.Request.IsEmpty) throw new ArgumentException($"Row {row.Id} has no request.", nameof(draft));
            if (!double.IsFinite(row.Weight) || row.Weight <= 0) throw new ArgumentException($"Row {row.Id} has a weight that is not above 0: {row.Weight}.", nameof(draft));
            if (row.Reference.IsEmpty != (row.ReferenceSource == ReferenceSource.None)) throw new ArgumentException($"Row {row.Id} has a reference without a source, or a source without a reference.", nameof(draft));
        }
    }
}
