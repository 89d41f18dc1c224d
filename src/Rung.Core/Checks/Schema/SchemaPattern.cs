namespace Rung.Core.Checks.Schema;

/// <summary>A pattern of a schema: ECMA-262, as JSON Schema has it, run on the bounded engine.</summary>
internal sealed class SchemaPattern
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);

    private readonly BoundedRegex regex;

    private SchemaPattern(string source, BoundedRegex regex) => (Shown, this.regex) = (Excerpt.Bare(source, maxLength: 200), regex);

    /// <summary>The pattern as the schema has it, shortened.</summary>
    public string Shown { get; }

    /// <summary>Why a run gives up on a match that takes too long.</summary>
    public string TimeOut => $"takes longer than {regex.Limit.TotalMilliseconds:0} ms to match with the pattern {Shown}";

    /// <summary>Compiles a pattern, or says why it cannot be.</summary>
    /// <param name="source">The pattern.</param>
    /// <param name="linearOnly">Whether a pattern that needs backtracking is refused.</param>
    /// <param name="fault">What is wrong with it, when the result is null.</param>
    public static SchemaPattern? Compile(string source, bool linearOnly, out string? fault)
    {
        if (EcmaPattern.Translate(source, out fault) is not { } translated) return null;
        var regex = linearOnly ? BoundedRegex.CompileLinear(translated, out fault) : BoundedRegex.CompileForSchema(translated, Limit, out fault);
        return regex is null ? null : new SchemaPattern(source, regex);
    }

    /// <summary>Searches a text for a match.</summary>
    public BoundedRegex.Outcome Search(ReadOnlySpan<char> text) => regex.Search(text);
}
