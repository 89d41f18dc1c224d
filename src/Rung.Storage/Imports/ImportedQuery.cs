namespace Rung.Storage.Imports;

/// <summary>Which imported calls to read.</summary>
public sealed record ImportedQuery
{
    /// <summary>Calls that started at this instant or later; null: from the first one.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>Calls that started before this instant; null: to the last one.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>Calls from logs of this format; null: of any.</summary>
    public string? Source { get; init; }
    /// <summary>Calls of this job: the tag of their site, else the one that the log names; null: of any or none.</summary>
    public string? Tag { get; init; }
}

/// <summary>What was imported from logs of one format.</summary>
/// <param name="Source">The format.</param>
/// <param name="Rows">Rows: calls, and sums of calls.</param>
/// <param name="Requests">Requests that they stand for.</param>
/// <param name="First">When the first one began, UTC.</param>
/// <param name="Last">When the last one began, UTC.</param>
public sealed record ImportedSource(string Source, long Rows, long Requests, DateTimeOffset First, DateTimeOffset Last);
