namespace Rung.Dashboard.Parts;

/// <summary>A table as files have it.</summary>
/// <param name="About">What it is of: names in snake_case, and values.</param>
/// <param name="Columns">Names of the columns, snake_case.</param>
/// <param name="Rows">The rows, each with a value a column: a text, a whole number, a decimal, a double, a boolean, an instant, or null.</param>
internal sealed record TableData(IReadOnlyList<(string Name, object? Value)> About, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>The sum of the rows, by column: in JSON only, so that nobody adds it up with them; null: there is none.</summary>
    public IReadOnlyList<object?>? Totals { get; init; }
}
