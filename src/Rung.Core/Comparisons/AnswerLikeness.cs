using System.Collections.Immutable;
using System.Text;
using Rung.Core.Checks;
using Rung.Core.Checks.Json;

namespace Rung.Core.Comparisons;

/// <summary>
/// How close one answer is to another, by rules alone. Every measure gives 1 for an answer against itself, and lies between 0 and 1; all but
/// <see cref="Ranking"/> are symmetric. They read answers as the checks of a route do, so that both mean the same by "the number of an answer".
/// </summary>
public static class AnswerLikeness
{
    // Of the rounding of a subtraction, so that 1.1 and 1.0 are equal within 0.1.
    private const double Rounding = 1e-12;

    // Put at the ends of an answer without meaning anything. Signs that change a value (minus, plus, percent, currency, '#') are not among them.
    private const string Punctuation = ".,;:!?\"'`“”‘’«»()[]{}*_…";

    /// <summary>The texts are equal, white space at the ends aside.</summary>
    public static Likeness Exact(Answer answer, Answer reference)
    {
        var (given, wanted) = (Text(answer).Trim(), Text(reference).Trim());
        return string.Equals(given, wanted, StringComparison.Ordinal) ? Likeness.Same : Differs(given, wanted);
    }

    /// <summary>The texts are equal without regard to case, to punctuation at the ends, and to how much white space there is.</summary>
    public static Likeness Normalised(Answer answer, Answer reference)
    {
        var (given, wanted) = (Text(answer), Text(reference));
        return string.Equals(Bare(given), Bare(wanted), StringComparison.Ordinal) ? Likeness.Same : Differs(given, wanted);
    }

    /// <summary>The numbers that the texts end in differ by at most a tolerance.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="tolerance">Greatest absolute difference that counts as equal, at least 0.</param>
    public static Likeness Numeric(Answer answer, Answer reference, double tolerance)
    {
        if (!AnswerNumber.TryFind(Text(reference), out var wanted)) return Likeness.NoMeasure("The reference holds no number.");
        if (!AnswerNumber.TryFind(Text(answer), out var given))
            return Text(answer).AsSpan().Trim().IsEmpty ? Empty() : Likeness.Differs(0, FailureKind.NoNumber, $"The answer holds no number; it begins with {Excerpt.Of(Text(answer))}.");
        if (given.Equals(wanted)) return Likeness.Same;
        var (a, b) = (given.ToDouble(), wanted.ToDouble());
        var slack = Rounding * Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b)));
        // Numbers beyond the range are equal only when they are the same, which was seen above.
        if (double.IsFinite(a) && double.IsFinite(b) && Math.Abs(a - b) <= tolerance + slack) return Likeness.Same;
        return Likeness.Differs(0, FailureKind.WrongValue, FormattableString.Invariant($"The answer says {a:R}, the reference {b:R}."));
    }

    /// <summary>What a pattern finds first is equal in both: its first group where that took part, else the whole match.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="pattern">The pattern.</param>
    public static Likeness Found(Answer answer, Answer reference, AnswerPattern pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (pattern.Find(Text(reference)) is not { } wanted) return Likeness.NoMeasure("The pattern finds nothing in the reference.");
        if (pattern.Find(Text(answer)) is not { } given) return NoMatch(answer);
        return string.Equals(given.Trim(), wanted.Trim(), StringComparison.Ordinal) ? Likeness.Same : Differs(given, wanted);
    }

    /// <summary>A pattern matches somewhere in the answer.</summary>
    public static Likeness Matches(Answer answer, AnswerPattern pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return pattern.IsMatch(Text(answer)) ? Likeness.Same : NoMatch(answer);
    }

    /// <summary>
    /// Both are the same JSON value, numbers by value and members in any order. Of two objects, the share of fields that are equal, over the fields of
    /// either: objects inside objects are walked into, arrays count as one value.
    /// </summary>
    public static Likeness Json(Answer answer, Answer reference)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(reference);
        if (!JsonParser.TryParse(reference.Content.Span, "The reference", out var wanted, out var fault)) return Likeness.NoMeasure(fault);
        if (!JsonParser.TryParse(answer.Content.Span, "The answer", out var given, out fault))
            return IsBlank(answer) ? Empty() : Likeness.Differs(0, FailureKind.NotJson, fault);
        if (given.Equals(wanted)) return Likeness.Same;
        if (given.Kind != JsonKind.Object || wanted.Kind != JsonKind.Object) return Likeness.Differs(0, FailureKind.WrongValue, "The JSON value is another one than the reference's.");

        var (theirs, ours) = (JsonFields.Of(given), JsonFields.Of(wanted));
        var (equal, all, first) = (0, ours.Count, (string?)null);
        foreach (var (path, value) in ours)
        {
            if (theirs.TryGetValue(path, out var other) && other.Equals(value)) equal++;
            else first ??= path;
        }
        foreach (var path in theirs.Keys)
        {
            if (ours.ContainsKey(path)) continue;
            all++;
            first ??= path;
        }
        return Likeness.Differs((double)equal / all, FailureKind.WrongFields, $"{all - equal} of {all} fields differ, first {Excerpt.Bare(first)}.");
    }

    /// <summary>F1 of the items, without regard to order, repetition, case and white space: 2·common ÷ (items of one + items of the other).</summary>
    /// <remarks>Items are the elements of a JSON array (or of the only array of an object), else the lines, else the parts of one line between commas or semicolons.</remarks>
    public static Likeness Set(Answer answer, Answer reference) => Listed(answer, reference, ItemLikeness.F1);

    /// <summary>Length of the longest common subsequence: 2·length ÷ (items of one + items of the other). Items as in <see cref="Set"/>.</summary>
    public static Likeness List(Answer answer, Answer reference) => Listed(answer, reference, ItemLikeness.InOrder);

    /// <summary>Normalised discounted cumulative gain of the order, the reference's order being ideal. Items as in <see cref="Set"/>.</summary>
    /// <remarks>
    /// The item that the reference has at place i of n (from 0) is worth n − i; what it does not have is worth nothing; a repeated item counts once.
    /// K. Järvelin, J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20 (2002), 422–446.
    /// </remarks>
    public static Likeness Ranking(Answer answer, Answer reference) => Listed(answer, reference, ItemLikeness.Gain);

    /// <summary>The same tools are called with the same arguments, in any order, repeated ones counted. Two answers that call none agree, whatever they say.</summary>
    public static Likeness ToolCalls(Answer answer, Answer reference)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(reference);
        if (AgreeKey.Of(reference, AgreeBy.ToolCalls, out var fault) is not { } wanted) return Likeness.NoMeasure($"The reference is of no use: {fault}");
        if (AgreeKey.Of(answer, AgreeBy.ToolCalls, out fault) is not { } given) return Likeness.Differs(0, FailureKind.WrongArguments, fault!);
        if (given.Equals(wanted)) return Likeness.Same;

        var (theirs, ours) = (Names(answer), Names(reference));
        if (theirs.IsEmpty) return Likeness.Differs(0, FailureKind.NoToolCall, $"It calls no tool; the reference calls {Excerpt.Bare(string.Join(", ", ours))}.");
        if (ours.IsEmpty) return Likeness.Differs(0, FailureKind.ExtraToolCall, $"It calls {Excerpt.Bare(string.Join(", ", theirs))}; the reference calls no tool.");
        return theirs.SequenceEqual(ours)
            ? Likeness.Differs(0, FailureKind.WrongArguments, "The same tools are called with other arguments.")
            : Likeness.Differs(0, FailureKind.WrongTool, $"It calls {Excerpt.Bare(string.Join(", ", theirs))}; the reference calls {Excerpt.Bare(string.Join(", ", ours))}.");
    }

    /// <summary>
    /// The answers of a reference that lists several: a JSON array whose items are all texts, numbers or booleans gives one answer each. Anything else is
    /// one answer.
    /// </summary>
    public static ImmutableArray<Answer> Alternatives(Answer reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return Split(reference, static item => item.Kind is JsonKind.String or JsonKind.Number or JsonKind.True or JsonKind.False, static item => item.Text);
    }

    /// <summary>The lists of a reference that gives several: a JSON array whose items are all arrays gives one answer each. Anything else is one answer.</summary>
    public static ImmutableArray<Answer> AlternativeLists(Answer reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return Split(reference, static item => item.Kind == JsonKind.Array, JsonWords.Of);
    }

    private static ImmutableArray<Answer> Split(Answer reference, Func<JsonValue, bool> fits, Func<JsonValue, string> write)
    {
        var text = reference.Content.Span.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty || text[0] != '[' || !JsonParser.TryParse(text, "The reference", out var value, out _) || value.Items.IsEmpty || !value.Items.All(fits)) return [reference];
        return [.. value.Items.Select(item => reference with { Content = Encoding.UTF8.GetBytes(write(item)) })];
    }

    private static Likeness Listed(Answer answer, Answer reference, Func<ImmutableArray<object>, ImmutableArray<object>, Likeness> compare)
    {
        var wanted = ItemReading.Of(Text(reference));
        if (wanted.IsEmpty && IsBlank(reference)) return IsBlank(answer) ? Likeness.Same : Likeness.NoMeasure("The reference is empty; an empty list is written [].");
        return IsBlank(answer) ? Empty() : compare(ItemReading.Of(Text(answer)), wanted);
    }

    /// <summary>The form in which texts are compared when their dress does not matter.</summary>
    internal static string Bare(string text)
    {
        var folded = NormalisedText.Of(text);
        while (true)
        {
            var trimmed = folded.AsSpan().Trim(Punctuation).Trim();
            // Nothing but punctuation is what it is.
            if (trimmed.IsEmpty || trimmed.Length == folded.Length) return folded;
            folded = trimmed.ToString();
        }
    }

    private static ImmutableArray<string> Names(Answer answer) =>
        answer.ToolCalls.IsDefaultOrEmpty ? [] : [.. answer.ToolCalls.Select(call => call.Name).Order(StringComparer.Ordinal)];

    private static Likeness Differs(string given, string wanted) =>
        string.IsNullOrWhiteSpace(given) ? Empty() : Likeness.Differs(0, FailureKind.WrongValue, $"It says {Excerpt.Of(given.AsSpan().Trim())}, the reference {Excerpt.Of(wanted.AsSpan().Trim())}.");

    private static Likeness NoMatch(Answer answer) =>
        IsBlank(answer) ? Empty() : Likeness.Differs(0, FailureKind.NoMatch, $"The pattern finds nothing; the answer begins with {Excerpt.Of(Text(answer).AsSpan().Trim())}.");

    private static Likeness Empty() => Likeness.Differs(0, FailureKind.Empty, "The answer is empty.");

    private static bool IsBlank(Answer answer) => answer.Content.Span.Trim(" \t\r\n"u8).IsEmpty;

    private static string Text(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Encoding.UTF8.GetString(answer.Content.Span);
    }
}
