using Rung.Storage.Rollups;

namespace Rung.Storage.Sqlite;

/// <summary>A part of a window, and where it is read.</summary>
/// <param name="Grain">From the sums of this grain; null: from the calls themselves.</param>
/// <param name="From">First minute since 1970, UTC.</param>
/// <param name="To">First minute behind it.</param>
internal readonly record struct RollupPart(RollupGrain? Grain, long From, long To);

/// <summary>Puts windows together from days, hours and minutes.</summary>
internal static class RollupParts
{
    /// <summary>Minutes of a grain.</summary>
    public static long Minutes(RollupGrain grain) => grain switch { RollupGrain.Minute => 1, RollupGrain.Hour => 60, _ => 1440 };

    /// <summary>The begin of the part that a minute lies in.</summary>
    public static long Begin(RollupGrain grain, long minute)
    {
        var length = Minutes(grain);
        var rest = minute % length;
        return rest < 0 ? minute - rest - length : minute - rest;
    }

    /// <summary>The parts of a window, in order: as few rows as possible, none coarser than the series.</summary>
    /// <param name="from">First minute.</param>
    /// <param name="to">First minute behind.</param>
    /// <param name="coarsest">The grain of the series; days when there is none.</param>
    /// <param name="minutesFrom">The first minute of which there are sums of minutes.</param>
    public static List<RollupPart> Of(long from, long to, RollupGrain coarsest, long minutesFrom)
    {
        var parts = new List<RollupPart>();
        Add(parts, from, to, coarsest, minutesFrom);
        return parts;
    }

    private static void Add(List<RollupPart> parts, long from, long to, RollupGrain grain, long minutesFrom)
    {
        if (from >= to) return;
        if (grain == RollupGrain.Minute)
        {
            var kept = Math.Clamp(minutesFrom, from, to);
            Append(parts, new RollupPart(null, from, kept));
            Append(parts, new RollupPart(RollupGrain.Minute, kept, to));
            return;
        }
        var first = Begin(grain, from + Minutes(grain) - 1);
        var last = Begin(grain, to);
        var finer = grain - 1;
        if (first >= last)
        {
            Add(parts, from, to, finer, minutesFrom);
            return;
        }
        Add(parts, from, first, finer, minutesFrom);
        Append(parts, new RollupPart(grain, first, last));
        Add(parts, last, to, finer, minutesFrom);
    }

    private static void Append(List<RollupPart> parts, RollupPart part)
    {
        if (part.From >= part.To) return;
        // Parts that meet are read at once.
        if (parts.Count > 0 && parts[^1] is var before && before.Grain == part.Grain && before.To == part.From) parts[^1] = before with { To = part.To };
        else parts.Add(part);
    }
}
