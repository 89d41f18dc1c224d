using System.Text.RegularExpressions;

namespace Rung.Core.Checks;

/// <summary>A regular expression that cannot run away: linear where the engine can do it, else with backtracking and a limit on time.</summary>
internal sealed class BoundedRegex
{
    private const int MaxPatternLength = 10_000;

    // Generous: a linear search that takes this long is over megabytes of text.
    private static readonly TimeSpan LinearLimit = TimeSpan.FromSeconds(1);

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

    /// <summary>Compiles a pattern whose limit counts only where it needs backtracking: a linear search takes long over long texts, or on a busy machine, and nobody is to blame.</summary>
    /// <inheritdoc cref="Compile(string, TimeSpan, out string?)"/>
    public static BoundedRegex? CompileForSchema(string pattern, TimeSpan limit, out string? fault)
    {
        if (Compile(pattern, LinearLimit, out fault) is not { } regex) return null;
        return regex.regex.Options.HasFlag(RegexOptions.NonBacktracking) ? regex : Compile(pattern, limit, out fault);
    }

    /// <summary>Limit for one match.</summary>
    public TimeSpan Limit => regex.MatchTimeout;

    /// <summary>Compiles a pattern that is matched in linear time, or not at all: look-around and back references are refused.</summary>
    /// <param name="pattern">A pattern of .NET's dialect, at most 10,000 characters.</param>
    /// <param name="fault">What is wrong with the pattern, when the result is null.</param>
    public static BoundedRegex? CompileLinear(string pattern, out string? fault)
    {
        if (Compile(pattern, LinearLimit, out fault) is not { } regex) return null;
        if (regex.regex.Options.HasFlag(RegexOptions.NonBacktracking)) return regex;
        fault = "The pattern needs backtracking (look-around or a back reference), which is not allowed here; write it without.";
        return null;
    }

    /// <summary>Every match in a text, its first group where it took part, else the whole; empty ones are left out. Never throws: at the time limit it gives what it has.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">Most matches.</param>
    public List<string> FindAll(string text, int most)
    {
        var found = new List<string>();
        try
        {
            for (var match = regex.Match(text); match.Success && found.Count < most; match = match.NextMatch())
            {
                var value = match.Groups.Count > 1 && match.Groups[1].Success ? match.Groups[1].Value : match.Value;
                if (value.Length > 0) found.Add(value);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            // Linear, so only a very long text gets here; its first matches are judged.
        }
        return found;
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
