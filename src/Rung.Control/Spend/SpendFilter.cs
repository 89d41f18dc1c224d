using System.Collections.Immutable;
using Rung.Control.Measurement;

namespace Rung.Control.Spend;

/// <summary>Which part of the spending is looked at: what is stated must match. A stated null means the calls that have none.</summary>
public sealed record SpendFilter
{
    private readonly ImmutableSortedDictionary<SpendGrouping, string?> _stated = ImmutableSortedDictionary<SpendGrouping, string?>.Empty;

    /// <summary>Everything.</summary>
    public static SpendFilter None { get; } = new();

    /// <summary>What is stated, in the order of the groupings.</summary>
    public IReadOnlyDictionary<SpendGrouping, string?> Stated => _stated;

    /// <summary>All groupings that are stated.</summary>
    public SpendGrouping Groupings => _stated.Keys.Aggregate(SpendGrouping.Nothing, (all, one) => all | one);

    private SpendFilter(ImmutableSortedDictionary<SpendGrouping, string?> stated) => _stated = stated;

    private SpendFilter()
    {
    }

    /// <summary>This filter with one more condition, or another value of one.</summary>
    /// <param name="by">One grouping: not that of the series.</param>
    /// <param name="value">The value as <see cref="SpendKeys.ValueOf"/> gives it; null: those that have none.</param>
    public SpendFilter With(SpendGrouping by, string? value)
    {
        if (!SpendKeys.All.Contains(by)) throw new ArgumentOutOfRangeException(nameof(by), by, "One grouping that can be filtered by.");
        return new SpendFilter(_stated.SetItem(by, value));
    }

    /// <summary>Whether a condition is stated.</summary>
    public bool Has(SpendGrouping by) => _stated.ContainsKey(by);

    /// <summary>Whether a row that tells these groupings apart belongs to it.</summary>
    public bool Holds(SpendReadingRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        foreach (var (by, value) in _stated)
        {
            if (!string.Equals(SpendKeys.ValueOf(row, by), value, StringComparison.Ordinal)) return false;
        }
        return true;
    }
}
