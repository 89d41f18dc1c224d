namespace Rung.Control.Imports;

/// <summary>Which column of a CSV file, or which field of a JSON record (a path with dots), holds what: for logs of no known format.</summary>
/// <param name="Fields">By Rung's word for it (<c>time</c>, <c>model</c>, <c>input_tokens</c>, …) the column's or field's name.</param>
public sealed record ColumnMapping(IReadOnlyDictionary<string, string> Fields);
