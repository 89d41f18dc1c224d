using System.Text;
using Rung.Core.Checks.Arithmetic;

namespace Rung.Core.Checks;

/// <summary>How the equations of a text came out.</summary>
/// <param name="Found">Equations that could be computed again.</param>
/// <param name="Wrong">How many of them do not hold.</param>
public readonly record struct ArithmeticCounts(int Found, int Wrong)
{
    /// <summary>The first equation that does not hold, as the text has it; null without one. Part of the answer: shorten it before showing it.</summary>
    public string? FirstWrong { get; init; }
    /// <summary>What its left side is, computed exactly and shown with at most four decimals.</summary>
    public string? LeftValue { get; init; }
}

/// <summary>
/// Finds equations between numbers in prose, Markdown, LaTeX and calculator annotations (<c>&lt;&lt;3*60=180&gt;&gt;</c>), and computes them again with
/// exact fractions. It would rather miss an equation than blame a right one: what may mean something else is counted only when it holds.
/// </summary>
public static class ArithmeticScan
{
    /// <summary>Greatest absolute difference that counts as equal unless the policy says otherwise: a hundredth.</summary>
    public const decimal DefaultTolerance = 0.01m;

    // A million characters of answer is more than any model writes; nothing beyond is looked at.
    private const int MostCharacters = 1_000_000;
    private const int LongestLine = 20_000;

    /// <summary>Counts the equations of a text. Never throws; time is linear in the length.</summary>
    /// <param name="text">UTF-8, perhaps invalid.</param>
    /// <param name="tolerance">Greatest absolute difference that counts as equal, 0 or more; results rounded to the decimals that they show are equal too.</param>
    public static ArithmeticCounts Of(ReadOnlySpan<byte> text, decimal tolerance = DefaultTolerance) =>
        text.IndexOfAny("="u8) < 0 && text.IndexOf("≈"u8) < 0 && text.IndexOf("\\approx"u8) < 0 ? default : Of(Encoding.UTF8.GetString(text), tolerance);

    /// <inheritdoc cref="Of(ReadOnlySpan{byte}, decimal)"/>
    public static ArithmeticCounts Of(string text, decimal tolerance = DefaultTolerance)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        var judge = new EquationJudge(Rational.Of(tolerance));
        var whole = text.AsSpan(0, Math.Min(text.Length, MostCharacters));
        foreach (var range in whole.Split('\n'))
        {
            var line = whole[range];
            if (line.Length > LongestLine) line = line[..LongestLine];
            if (line.Contains("<<", StringComparison.Ordinal)) line = WithoutAnnotations(line, judge);
            judge.Judge(line);
        }
        return judge.Counts;
    }

    /// <summary>Judges the annotations of a line by themselves, and gives the line without them: <c>3*60=&lt;&lt;3*60=180&gt;&gt;180</c> reads on as 3*60=180.</summary>
    private static string WithoutAnnotations(ReadOnlySpan<char> line, EquationJudge judge)
    {
        var rest = new StringBuilder(line.Length);
        while (true)
        {
            var open = line.IndexOf("<<", StringComparison.Ordinal);
            var length = open < 0 ? -1 : line[(open + 2)..].IndexOf(">>", StringComparison.Ordinal);
            if (length < 0) return rest.Append(line).ToString();
            judge.Judge(line.Slice(open + 2, length));
            rest.Append(line[..open]);
            line = line[(open + 2 + length + 2)..];
        }
    }
}
