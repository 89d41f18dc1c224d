namespace Rung.Storage.Rollups;

/// <summary>What amounts are told apart by. Several are joined.</summary>
[Flags]
public enum SpendBy : byte
{
    /// <summary>Nothing: one row.</summary>
    Nothing = 0,
    /// <summary>The tag that the client gave.</summary>
    Tag = 1,
    /// <summary>The role.</summary>
    Role = 2,
    /// <summary>The route of the policy that served it.</summary>
    Route = 4,
    /// <summary>The rung: of an attempt its own, of a call the one that answered.</summary>
    Tier = 8,
    /// <summary>The model, likewise.</summary>
    Model = 16,
    /// <summary>All of them.</summary>
    All = Tag | Role | Route | Tier | Model,
}

/// <summary>Which part of the roll-ups to read.</summary>
public sealed record RollupQuery
{
    /// <summary>First instant of the window: a whole minute.</summary>
    public required DateTimeOffset From { get; init; }
    /// <summary>First instant behind it: a whole minute, later than <see cref="From"/>.</summary>
    public required DateTimeOffset To { get; init; }
    /// <summary>One row for every minute, hour or day; null: one for the whole window. Rows of a series add up to the whole window.</summary>
    public RollupGrain? Series { get; init; }
    /// <summary>Calls of this tag only; null: of every tag and of none.</summary>
    public string? Tag { get; init; }
    /// <summary>What <see cref="RollupReading.Spend"/> tells apart; null: it is not read.</summary>
    public SpendBy? Spend { get; init; } = SpendBy.All;
    /// <summary>Whether <see cref="RollupReading.Tags"/> are read.</summary>
    public bool Tags { get; init; } = true;
    /// <summary>Whether <see cref="RollupReading.Models"/> are read. They are of all tags, whatever <see cref="Tag"/> says.</summary>
    public bool Models { get; init; }
    /// <summary>Whether times are read with tags and models; without them, a long series reads faster, and its times are empty.</summary>
    public bool Times { get; init; } = true;
}
