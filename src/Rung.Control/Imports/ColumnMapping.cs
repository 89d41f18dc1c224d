using Rung.Control.Imports.Generic;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports;

/// <summary>Which column of a CSV file, or which field of a JSON record (a path with dots), holds what: for logs of no known format.</summary>
/// <param name="Fields">By Rung's word for it (<c>time</c>, <c>model</c>, <c>input_tokens</c>, …) the column's or field's name.</param>
public sealed record ColumnMapping(IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>By Rung's word the text that holds for every record, where no column says it.</summary>
    public IReadOnlyDictionary<string, string> Constants { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether the input count includes tokens read from and written to a cache; null: taken as included unless the figures prove otherwise.</summary>
    public bool? InputIncludesCache { get; init; }

    /// <summary>Whether the output count includes reasoning; null: taken as included unless the figures prove otherwise.</summary>
    public bool? OutputIncludesReasoning { get; init; }

    /// <summary>What a number that stands for a time counts.</summary>
    public TimeUnit TimeUnit { get; init; }

    /// <summary>What a latency counts; null: milliseconds for a mapped column, and what its name says for another.</summary>
    public TimeUnit? LatencyUnit { get; init; }

    /// <summary>The zone of times that name none; null for UTC.</summary>
    public TimeZoneInfo? TimeZone { get; init; }

    /// <summary>Reads a mapping file.</summary>
    /// <param name="yaml">Its text.</param>
    /// <param name="path">Its path, for the errors.</param>
    /// <exception cref="ColumnMappingException">It is no mapping; the message names the line and the fix.</exception>
    public static ColumnMapping Read(string yaml, string path) => ColumnMappingReader.Read(yaml, path);
}

/// <summary>A mapping file that cannot be used.</summary>
/// <param name="path">The file.</param>
/// <param name="line">Its line, from 1.</param>
/// <param name="problem">What is wrong.</param>
/// <param name="fix">What to do.</param>
public sealed class ColumnMappingException(string path, int line, string problem, string fix) : Exception($"{path}:{line}: {problem} {fix}")
{
    /// <summary>Line of the file, from 1.</summary>
    public int Line { get; } = line;
}
