namespace Rung.Storage.Reports;

/// <summary>What the rows of a report on imported calls stand for.</summary>
public enum ImportedGrouping
{
    /// <summary>One row a job: the tag of the call's site, else the tag that the log names.</summary>
    Tag,
    /// <summary>One row a role.</summary>
    Role,
    /// <summary>One row a model, as the logs name it.</summary>
    Model,
    /// <summary>One row a session.</summary>
    Session,
    /// <summary>One row a day, UTC.</summary>
    Day,
    /// <summary>One row a format of logs.</summary>
    Source,
}

/// <summary>Which imported calls to add up, and how.</summary>
public sealed record ImportedReportQuery
{
    /// <summary>What the rows stand for.</summary>
    public ImportedGrouping By { get; init; } = ImportedGrouping.Tag;
    /// <summary>Calls that started at this instant or later; null: from the first one.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>Calls that started before this instant; null: to the last one.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>At most so many rows, at least 1: the costliest ones, or the newest days; null: all. The totals are always over all.</summary>
    public int? Limit { get; init; }
}

/// <summary>The imported calls of a window of time, added up. None of them was served by this gateway.</summary>
public sealed record ImportedReport
{
    /// <summary>What the rows stand for.</summary>
    public required ImportedGrouping By { get; init; }
    /// <summary>First instant of the window; null: open.</summary>
    public required DateTimeOffset? Since { get; init; }
    /// <summary>First instant after the window; null: open.</summary>
    public required DateTimeOffset? Until { get; init; }
    /// <summary>The rows, the costliest first; days in order of time.</summary>
    public required IReadOnlyList<ImportedReportRow> Rows { get; init; }
    /// <summary>Rows that the limit of the query left out; they are in <see cref="Totals"/>.</summary>
    public required int RowsLeftOut { get; init; }
    /// <summary>All of them: every count and amount is the sum of the rows'.</summary>
    public required ImportedReportRow Totals { get; init; }
}

/// <summary>One row of a report on imported calls. A sum of calls counts as the requests that it stands for, and has no times.</summary>
public sealed record ImportedReportRow
{
    /// <summary>The tag, role, model, session, day or source; null for calls that have none.</summary>
    public required string? Key { get; init; }
    /// <summary>Requests.</summary>
    public required long Calls { get; init; }
    /// <summary>Those of which the log says that they were answered, by a model or from a cache.</summary>
    public required long Answered { get; init; }
    /// <summary>Those of which the log says that they failed.</summary>
    public required long Errors { get; init; }
    /// <summary>Those of which the log says neither.</summary>
    public required long EndNotTold { get; init; }
    /// <summary>Input tokens, cached ones included.</summary>
    public required long TokensIn { get; init; }
    /// <summary>Part of <see cref="TokensIn"/> that was read from a cache.</summary>
    public required long TokensCached { get; init; }
    /// <summary>Output tokens, reasoning included.</summary>
    public required long TokensOut { get; init; }
    /// <summary>Cost by the price book, as it was when they were imported, of those whose price is known; nano-USD.</summary>
    public required long CostNanoUsd { get; init; }
    /// <summary>Those whose price is unknown: they are not in <see cref="CostNanoUsd"/>.</summary>
    public required long UnknownPriceCalls { get; init; }
    /// <summary>What the logs themselves say that they cost, over <see cref="ReportedCalls"/>; nano-USD.</summary>
    public required long ReportedCostNanoUsd { get; init; }
    /// <summary>Those for which the log states a cost.</summary>
    public required long ReportedCalls { get; init; }
    /// <summary>Median latency, microseconds; null when there is nothing to measure.</summary>
    public required long? LatencyP50Micros { get; init; }
    /// <summary>95th percentile of the latency, microseconds.</summary>
    public required long? LatencyP95Micros { get; init; }
    /// <summary>Median time to the first content, microseconds, over those that have one.</summary>
    public required long? FirstByteP50Micros { get; init; }
    /// <summary>95th percentile of the time to the first content, microseconds.</summary>
    public required long? FirstByteP95Micros { get; init; }
}
