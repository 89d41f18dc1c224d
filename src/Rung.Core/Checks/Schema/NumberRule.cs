using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema;

/// <summary>What is asked of a number.</summary>
internal enum NumberDemand : byte { AtLeast = 0, AtMost = 1, Above = 2, Below = 3, MultipleOf = 4 }

/// <summary><c>minimum</c>, <c>maximum</c>, <c>exclusiveMinimum</c>, <c>exclusiveMaximum</c>, <c>multipleOf</c>: exact, 0.3 is a multiple of 0.1.</summary>
internal sealed class NumberRule(string path, NumberDemand kind, JsonValue operand)
{
    private readonly bool isShort = ShortNumber.TryParse(System.Text.Encoding.UTF8.GetBytes(operand.Text), out _);
    private readonly ShortNumber bound = ShortNumber.TryParse(System.Text.Encoding.UTF8.GetBytes(operand.Text), out var number) ? number : default;

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

    /// <summary>Whether a number, as its JSON text, follows the rule.</summary>
    public bool Holds(ReadOnlySpan<byte> raw)
    {
        if (isShort && ShortNumber.TryParse(raw, out var number)) return kind == NumberDemand.MultipleOf ? number.IsMultipleOf(bound) : Holds(number.Against(bound));
        return HoldsExactly(raw);
    }

    private bool HoldsExactly(ReadOnlySpan<byte> raw) =>
        !JsonNumbers.TryParse(raw, out var number) || (kind == NumberDemand.MultipleOf ? number.IsMultipleOf(operand.Number) : Holds(number.CompareTo(operand.Number)));

    private bool Holds(int order) => kind switch
    {
        NumberDemand.AtLeast => order >= 0,
        NumberDemand.AtMost => order <= 0,
        NumberDemand.Above => order > 0,
        _ => order < 0,
    };
}
