namespace Rung.Control.Imports;

/// <summary>One row of a CSV file, its values found by the names of the header. The same object serves every row of a file.</summary>
internal sealed class CsvRow
{
    private readonly Dictionary<string, int> _columns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A row of a file with this header. Of columns of the same name the first counts; letter case does not.</summary>
    public CsvRow(IReadOnlyList<string> header)
    {
        Columns = header;
        for (var i = 0; i < header.Count; i++) _columns.TryAdd(header[i], i);
    }

    /// <summary>The header, in its order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The values of this row; shorter or longer than the header when the file is uneven.</summary>
    public IReadOnlyList<string> Values { get; set; } = [];

    /// <summary>Whether the header has a column, whatever this row holds in it.</summary>
    public bool Has(string column) => _columns.ContainsKey(column);

    /// <summary>The value of a column; null when there is no such column, or the value is empty.</summary>
    public string? this[string column] =>
        _columns.TryGetValue(column, out var at) && at < Values.Count && Values[at].Length > 0 ? Values[at] : null;
}
