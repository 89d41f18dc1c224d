using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Rung.Recorded;

/// <summary>How an answer got its grade.</summary>
internal enum GradeSource
{
    /// <summary>It has none: it matches no recorded answer, and the right answer is neither a number nor a letter.</summary>
    Ungraded = 0,
    /// <summary>It is a recorded answer, and has that answer's grade.</summary>
    Recorded = 1,
    /// <summary>Its last number, or its letter, was compared with the right answer.</summary>
    Gold = 2,
}

/// <summary>The grade of one answer.</summary>
/// <param name="Score">0 to 1; null when ungraded.</param>
/// <param name="Source">Where the grade comes from.</param>
/// <param name="Model">The recorded model whose answer it is; null when it matched none.</param>
internal sealed partial record RecordedGrade(double? Score, GradeSource Source, string? Model)
{
    private static readonly RecordedGrade s_ungraded = new(null, GradeSource.Ungraded, null);

    /// <summary>Grades an answer: by the recorded answer it equals, the model that the body names being asked first; else by the right answer.</summary>
    public static RecordedGrade Of(RecordedRow row, ChatAnswer answer)
    {
        var named = answer.Model is null ? null : row.Of(answer.Model);
        if (named is not null && IsThat(named, answer) && named.Score is { } score) return new RecordedGrade(score, GradeSource.Recorded, named.Model);
        foreach (var outcome in row.Outcomes)
        {
            if (!ReferenceEquals(outcome, named) && outcome.Score is { } other && IsThat(outcome, answer)) return new RecordedGrade(other, GradeSource.Recorded, outcome.Model);
        }
        if (StandIn.Is(answer.Text)) return s_ungraded; // Its words are not the model's: no right answer stands in them.
        return row.Gold is { } gold && IsRight(answer.Text, gold) is { } right ? new RecordedGrade(right ? 1 : 0, GradeSource.Gold, null) : s_ungraded;
    }

    /// <summary>Whether a text ends in the right number or letter; null when the right answer is neither, so that nothing can be said.</summary>
    public static bool? IsRight(string text, string gold)
    {
        gold = gold.Trim();
        if (TryNumber(gold, out var right)) return LastNumber(text) is { } number && number == right;
        if (gold.Length == 1 && char.IsAsciiLetter(gold[0])) return Letter(text) is { } letter && letter == char.ToUpperInvariant(gold[0]);
        return null;
    }

    private static bool IsThat(RecordedOutcome outcome, ChatAnswer answer)
    {
        if (outcome.Answer is not { } recorded || recorded.ToolCalls.Length != answer.ToolCalls.Count) return false;
        for (var i = 0; i < answer.ToolCalls.Count; i++)
        {
            if (recorded.ToolCalls[i].Name != answer.ToolCalls[i].Name) return false;
            if (Encoding.UTF8.GetString(recorded.ToolCalls[i].Arguments) != answer.ToolCalls[i].Arguments) return false;
        }
        var text = recorded.Text is null ? "" : Encoding.UTF8.GetString(recorded.Text);
        return text.AsSpan().Trim().SequenceEqual(answer.Text.AsSpan().Trim());
    }

    private static decimal? LastNumber(string text)
    {
        decimal? last = null;
        foreach (Match match in Number().Matches(text))
        {
            if (TryNumber(match.Value, out var number)) last = number;
        }
        return last;
    }

    // Said outright ("the answer is (C)") wins over a letter alone, which wins over the last letter in brackets, which wins over the last capital.
    private static char? Letter(string text) =>
        Last(SaidLetter(), text) ?? Last(OnlyLetter(), text) ?? Last(BracketedLetter(), text) ?? Last(CapitalLetter(), text);

    private static char? Last(Regex pattern, string text)
    {
        char? last = null;
        foreach (Match match in pattern.Matches(text)) last = char.ToUpperInvariant(match.Groups[1].ValueSpan[0]);
        return last;
    }

    private static bool TryNumber(string text, out decimal number) => decimal.TryParse(
        text.TrimStart('$').TrimEnd('%'), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out number);

    // A minus counts only where no digit or word stands before it: "5-3" ends in 3.
    [GeneratedRegex(@"(?<![\w.])-?\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)?", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"\banswer(?:\s+is)?\s*:?\s*[\(\[\*""]{0,3}([A-Z])\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SaidLetter();

    [GeneratedRegex(@"^\s*[\(\[\*]{0,3}([A-Za-z])[\)\]\*.:]{0,3}\s*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OnlyLetter();

    [GeneratedRegex(@"\(([A-Z])\)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BracketedLetter();

    [GeneratedRegex(@"\b([A-Z])\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CapitalLetter();
}
