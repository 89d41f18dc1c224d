using Rung.Core.Checks;

namespace Rung.Core.Comparisons;

/// <summary>A pattern that finds the part of an answer that counts. Bounded in time, whatever the pattern and the text.</summary>
public sealed class AnswerPattern
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    private readonly BoundedRegex regex;

    private AnswerPattern(BoundedRegex regex) => this.regex = regex;

    /// <summary>Compiles a pattern of .NET's dialect.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="fault">What is wrong with it, when the result is null.</param>
    public static AnswerPattern? Compile(string pattern, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return BoundedRegex.Compile(pattern, Limit, out fault) is { } regex ? new AnswerPattern(regex) : null;
    }

    /// <summary>The first group of the first match, or the whole match; null when there is none, or when matching took too long.</summary>
    internal string? Find(string text) => regex.FindAll(text, most: 1) is [var first] ? first : null;

    /// <summary>Whether it matches somewhere; no when matching took too long.</summary>
    internal bool IsMatch(string text) => regex.Search(text) == BoundedRegex.Outcome.Match;
}
