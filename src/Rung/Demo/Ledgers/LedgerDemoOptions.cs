namespace Rung.Demo.Ledgers;

/// <summary>How large a made-up data directory is, and what decides it.</summary>
internal sealed record LedgerDemoOptions
{
    /// <summary>Fewest and most calls.</summary>
    public const int LeastCalls = 1_000, MostCalls = 100_000_000;

    /// <summary>Shortest and longest past, in days: in less than ten, the story has no room.</summary>
    public const int LeastDays = 10, MostDays = 1_000;

    /// <summary>The data directory, which is new or empty.</summary>
    public required string Folder { get; init; }
    /// <summary>About how many calls.</summary>
    public int Calls { get; init; } = 20_000;
    /// <summary>How far back they go, in days.</summary>
    public int Days { get; init; } = 60;
    /// <summary>Decides every call, answer and verdict.</summary>
    public long Seed { get; init; } = 1;
}
