using System.Collections.Immutable;
using System.Globalization;
using Rung.Control.Measurement;

namespace Rung.Control.Spend;

/// <summary>What spending can be told apart and filtered by: words, values, and the next step down.</summary>
public static class SpendKeys
{
    private static readonly ImmutableArray<(SpendGrouping By, string Word)> s_words =
    [
        (SpendGrouping.Team, "team"), (SpendGrouping.Tag, "tag"), (SpendGrouping.Role, "role"), (SpendGrouping.Tier, "tier"), (SpendGrouping.Model, "model"), (SpendGrouping.Day, "day"),
    ];

    /// <summary>All of them, in the order of columns.</summary>
    public static ImmutableArray<SpendGrouping> All { get; } = [.. s_words.Select(word => word.By)];

    /// <summary>The word of one in addresses, tables and files.</summary>
    public static string Word(SpendGrouping by) => s_words.First(word => word.By == by).Word;

    /// <summary>The grouping of a word; null for an unknown one.</summary>
    public static SpendGrouping? Parse(string word)
    {
        foreach (var (by, known) in s_words)
        {
            if (known == word) return by;
        }
        return null;
    }

    /// <summary>The value of a row; null for what has none. Days are written <c>2026-11-22</c>.</summary>
    public static string? ValueOf(SpendReadingRow row, SpendGrouping by)
    {
        ArgumentNullException.ThrowIfNull(row);
        return by switch
        {
            SpendGrouping.Team => row.Team, SpendGrouping.Tag => row.Tag, SpendGrouping.Role => row.Role, SpendGrouping.Tier => row.Tier, SpendGrouping.Model => row.Model,
            SpendGrouping.Day => row.At is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
            _ => throw new ArgumentOutOfRangeException(nameof(by), by, "No such key."),
        };
    }

    /// <summary>By what to look next where these are settled already: from whose it is down to the day; null: only the calls themselves are left.</summary>
    public static SpendGrouping? Next(SpendGrouping settled)
    {
        foreach (var by in (ReadOnlySpan<SpendGrouping>)[SpendGrouping.Team, SpendGrouping.Tag, SpendGrouping.Tier, SpendGrouping.Model, SpendGrouping.Day])
        {
            // A tag has one team: behind it, the team says nothing new.
            if (by == SpendGrouping.Team && settled.HasFlag(SpendGrouping.Tag)) continue;
            if (!settled.HasFlag(by)) return by;
        }
        return null;
    }
}
