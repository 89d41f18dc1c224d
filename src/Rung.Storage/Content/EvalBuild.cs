namespace Rung.Storage.Content;

/// <summary>A build of an eval set that is not finished: what it has paid for is kept here, so that it can go on.</summary>
public sealed record EvalBuild
{
    /// <summary>Hash of the set's name and of everything that decides its rows.</summary>
    public required string Key { get; init; }
    /// <summary>When it was begun, UTC. Calls that began later are not sampled when it goes on.</summary>
    public required DateTimeOffset BegunAt { get; init; }
    /// <summary>By id of the row, what was asked about it.</summary>
    public required IReadOnlyDictionary<string, EvalBuildAnswer> Answers { get; init; }
}

/// <summary>What was asked about one row.</summary>
public sealed record EvalBuildAnswer
{
    /// <summary>The assistant's message, JSON, UTF-8; empty: no whole answer came yet.</summary>
    public ReadOnlyMemory<byte> Message { get; init; }
    /// <summary>The policy's name of the model; null when none answered.</summary>
    public string? Model { get; init; }
    /// <summary>Known cost of every question about this row, in nano-USD.</summary>
    public long CostNanoUsd { get; init; }
    /// <summary>Attempts whose price is unknown: not in <see cref="CostNanoUsd"/>.</summary>
    public int UnknownPriceAttempts { get; init; }
}
