using Rung.Storage.Content;

namespace Rung.Control.Evals.Sets;

/// <summary>What one version of a set has that another has not.</summary>
public sealed record EvalSetDiff
{
    /// <summary>Rows that only the second has.</summary>
    public required IReadOnlyList<EvalRow> Added { get; init; }
    /// <summary>Rows that only the first has.</summary>
    public required IReadOnlyList<EvalRow> Removed { get; init; }
    /// <summary>Rows of both that differ.</summary>
    public required IReadOnlyList<EvalRowChange> Changed { get; init; }
    /// <summary>Rows of both that are the same.</summary>
    public required int Same { get; init; }
    /// <summary>Rows of both that changed sides between tune and test: what was learned from one may not be judged on it.</summary>
    public int MovedParts => Changed.Count(change => change.Fields.Contains("part"));

    /// <summary>Compares.</summary>
    public static EvalSetDiff Of(IReadOnlyList<EvalRow> first, IReadOnlyList<EvalRow> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var before = first.ToDictionary(row => row.Id, StringComparer.Ordinal);
        var after = second.ToDictionary(row => row.Id, StringComparer.Ordinal);
        var changed = second.Where(row => before.ContainsKey(row.Id)).Select(row => new EvalRowChange(row.Id, row.Origin, Fields(before[row.Id], row))).Where(change => change.Fields.Count > 0).ToArray();
        return new EvalSetDiff
        {
            Added = [.. second.Where(row => !before.ContainsKey(row.Id))],
            Removed = [.. first.Where(row => !after.ContainsKey(row.Id))],
            Changed = changed,
            Same = second.Count(row => before.ContainsKey(row.Id)) - changed.Length,
        };
    }

    // What the hash counts; the request is in the id.
    private static List<string> Fields(EvalRow before, EvalRow after)
    {
        var fields = new List<string>();
        if (!before.Request.Span.SequenceEqual(after.Request.Span)) fields.Add("request");
        if (!before.Reference.Span.SequenceEqual(after.Reference.Span)) fields.Add(before.Reference.IsEmpty ? "reference added" : after.Reference.IsEmpty ? "reference removed" : "reference");
        else if (before.ReferenceSource != after.ReferenceSource || before.ReferenceBy != after.ReferenceBy) fields.Add("reference's author");
        if (before.Part != after.Part) fields.Add("part");
        if (before.DataClass != after.DataClass) fields.Add("data class");
        if (before.Stratum != after.Stratum) fields.Add("stratum");
        if (before.Weight != after.Weight) fields.Add("weight");
        if (before.Group != after.Group) fields.Add("group");
        return fields;
    }
}

/// <summary>One row that differs.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Fields">What differs, in words.</param>
public sealed record EvalRowChange(string Id, string Origin, IReadOnlyList<string> Fields);
