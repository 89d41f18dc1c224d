using System.Buffers.Text;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema;

/// <summary>What is asked of a number.</summary>
internal enum NumberDemand : byte { AtLeast = 0, AtMost = 1, Above = 2, Below = 3, MultipleOf = 4 }

/// <summary><c>minimum</c>, <c>maximum</c>, <c>exclusiveMinimum</c>, <c>exclusiveMaximum</c>, <c>multipleOf</c>: exact, 0.3 is a multiple of 0.1.</summary>
internal sealed class NumberRule(string path, NumberDemand kind, JsonValue operand)
{
    private const int LongestInteger = 18; // Digits that surely fit a long.

    private readonly bool isSmall = TryInteger(System.Text.Encoding.UTF8.GetBytes(operand.Text), out _);
    private readonly long small = TryInteger(System.Text.Encoding.UTF8.GetBytes(operand.Text), out var value) ? value : 0;

    /// <summary>Place of the keyword.</summary>
    public string Path { get; } = path;

    /// <summary>What is asked, behind "must".</summary>
    public string Demand { get; } = kind switch
    {
        NumberDemand.AtLeast => "be at least ",
        NumberDemand.AtMost => "be at most ",
        NumberDemand.Above => "be greater than ",
        NumberDemand.Below => "be less than ",
        _ => "be a multiple of ",
    } + JsonPhrase.Literal(operand);

    /// <summary>Whether a number, as its JSON text, follows the rule. Numbers without fraction and exponent, nearly all, are not read exactly but simply.</summary>
    public bool Holds(ReadOnlySpan<byte> raw)
    {
        if (isSmall && TryInteger(raw, out var integer)) return kind == NumberDemand.MultipleOf ? integer % small == 0 : Holds(integer.CompareTo(small));
        return !JsonNumbers.TryParse(raw, out var number) || (kind == NumberDemand.MultipleOf ? number.IsMultipleOf(operand.Number) : Holds(number.CompareTo(operand.Number)));
    }

    /// <summary>Whether the text is a short integer.</summary>
    public static bool TryInteger(ReadOnlySpan<byte> raw, out long value)
    {
        value = 0;
        return raw.Length <= LongestInteger && Utf8Parser.TryParse(raw, out value, out var used) && used == raw.Length;
    }

    private bool Holds(int order) => kind switch
    {
        NumberDemand.AtLeast => order >= 0,
        NumberDemand.AtMost => order <= 0,
        NumberDemand.Above => order > 0,
        _ => order < 0,
    };
}
