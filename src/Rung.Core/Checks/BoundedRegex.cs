using System.Text.RegularExpressions;

namespace Rung.Core.Checks;

/// <summary>A regular expression that cannot run away: linear where the engine can do it, else with backtracking and a limit on time.</summary>
internal sealed class BoundedRegex
{
    private const int MaxPatternLength = 10_000;

    private readonly Regex regex;

    private BoundedRegex(Regex regex) => this.regex = regex;

    /// <summary>What a match gave.</summary>
    public enum Outcome : byte { NoMatch = 0, Match = 1, TimedOut = 2 }

    /// <summary>Compiles a pattern.</summary>
    /// <param name="pattern">A pattern of .NET's dialect, at most 10,000 characters.</param>
    /// <param name="limit">Limit for one match, above zero.</param>
    /// <param name="fault">What is wrong with the pattern, when the result is null.</param>
    public static BoundedRegex? Compile(string pattern, TimeSpan limit, out string? fault)
    {
        fault = pattern.Length > MaxPatternLength ? $"The pattern has {pattern.Length} characters; the limit is {MaxPatternLength}." : null;
        if (fault is not null) return null;

        try
        {
            return new BoundedRegex(WithoutBacktracking(pattern, limit) ?? new Regex(pattern, RegexOptions.CultureInvariant, limit));
        }
        catch (ArgumentException e) // RegexParseException is one.
        {
            fault = $"The pattern is not a regular expression: {e.Message}";
            return null;
        }
    }

    /// <summary>Searches a text for a match. Never throws.</summary>
    public Outcome Search(ReadOnlySpan<char> text)
    {
        try
        {
            return regex.IsMatch(text) ? Outcome.Match : Outcome.NoMatch;
        }
        catch (RegexMatchTimeoutException)
        {
            return Outcome.TimedOut;
        }
    }

    private static Regex? WithoutBacktracking(string pattern, TimeSpan limit)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, limit);
        }
        catch (NotSupportedException) // Look-around, a back reference, or an automaton that would be too large.
        {
            return null;
        }
    }
}
