using System.Collections.Immutable;

namespace Rung.Core.Policies.Documents;

/// <summary>An allowed command as written; null: not stated.</summary>
internal sealed record CommandEntry
{
    public required string Name { get; init; }
    /// <summary>The program and its arguments.</summary>
    public ImmutableArray<string> Run { get; init; } = [];
    public string? File { get; init; }
    public bool? Stdin { get; init; }
    public decimal? Seconds { get; init; }
    public int? MemoryMb { get; init; }
    public int? OutputKb { get; init; }
}
