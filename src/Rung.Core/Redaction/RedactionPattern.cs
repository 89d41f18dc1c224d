using System.Text.RegularExpressions;

namespace Rung.Core.Redaction;

/// <summary>Patterns of a policy: matched in linear time, or refused.</summary>
internal static class RedactionPattern
{
    /// <summary>Compiles one.</summary>
    /// <param name="pattern">A pattern of .NET's dialect.</param>
    /// <param name="fault">What is wrong with it, when the result is null.</param>
    public static Regex? Compile(string pattern, out string? fault)
    {
        try
        {
            var regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Redactor.PatternLimit);
            fault = regex.IsMatch("") ? "The pattern matches no text at all, so it would match everywhere." : null;
            return fault is null ? regex : null;
        }
        catch (NotSupportedException)
        {
            fault = "The pattern needs backtracking (look-around or a back reference), which is not allowed here.";
        }
        catch (ArgumentException e)
        {
            fault = $"The pattern is not a regular expression: {e.Message}";
        }
        return null;
    }
}
