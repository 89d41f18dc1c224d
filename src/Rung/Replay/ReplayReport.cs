namespace Rung.Replay;

/// <summary>What a replay found. Printed by <c>rung replay --json</c>: the names here, in snake_case, are that format.</summary>
internal sealed record ReplayReport
{
    /// <summary>The policy.</summary>
    public required ReplayedPolicy Policy { get; init; }
    /// <summary>What it is compared with.</summary>
    public required ReplayedPolicy Against { get; init; }
    /// <summary>What was replayed.</summary>
    public required ReplaySource Source { get; init; }
    /// <summary>How intervals were worked out.</summary>
    public required ReplaySampling Sampling { get; init; }
    /// <summary>All calls.</summary>
    public required ReplayScope All { get; init; }
    /// <summary>By tag, the largest change of cost first.</summary>
    public required IReadOnlyList<ReplayScope> Tags { get; init; }
    /// <summary>What was assumed, and what is left out, in sentences.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }
    /// <summary>What the conditions of <c>--fail-if</c> said, in their order.</summary>
    public required IReadOnlyList<GateVerdict> Conditions { get; init; }
    /// <summary>Whether every condition holds; true without conditions.</summary>
    public bool Passed => Conditions.All(condition => !condition.Failed);
}

/// <summary>One side of a replay.</summary>
/// <param name="Name">The file or the revision; else <c>reference</c> or <c>recorded</c>.</param>
/// <param name="Hash">Content hash of the policy; null where it is none.</param>
/// <param name="Says">What it is, in words.</param>
internal sealed record ReplayedPolicy(string Name, string? Hash, string Says);

/// <summary>What a replay is about.</summary>
/// <param name="Kind"><c>outcomes</c>, <c>ledger</c> or <c>imported</c>.</param>
/// <param name="Names">The files, or the data directory.</param>
/// <param name="Calls">Calls that were replayed.</param>
/// <param name="LeftOut">Calls that were not, by the reason.</param>
/// <param name="From">When the first of them began; null for a recording.</param>
/// <param name="Until">When the last of them began; null for a recording.</param>
internal sealed record ReplaySource(string Kind, IReadOnlyList<string> Names, int Calls, IReadOnlyDictionary<string, int> LeftOut, DateTimeOffset? From, DateTimeOffset? Until)
{
    /// <summary>What was replayed, for a heading.</summary>
    public string Says => Kind switch
    {
        "outcomes" => $"{Calls:N0} recorded prompts",
        _ => $"{Calls:N0} {(Kind == "imported" ? "imported" : "logged")} calls{(From is { } from && Until is { } until ? $", {from.UtcDateTime:yyyy-MM-dd} to {until.UtcDateTime:yyyy-MM-dd}" : "")}",
    };
}
