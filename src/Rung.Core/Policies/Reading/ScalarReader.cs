using System.Globalization;

namespace Rung.Core.Policies.Reading;

/// <summary>Reads plain YAML scalars as values (YAML 1.2 core words; exact decimals).</summary>
internal static class ScalarReader
{
    public static bool? Boolean(YamlValue? value) => value is YamlScalar { IsPlain: true, Text: var text }
        ? text switch { "true" or "True" or "TRUE" => true, "false" or "False" or "FALSE" => false, _ => null }
        : null;

    public static long? Integer(YamlValue? value) => value is YamlScalar { IsPlain: true, Text: var text }
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static decimal? Number(YamlValue? value) => value is YamlScalar { IsPlain: true, Text: var text } && text.Length <= 40
        && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
        ? number : null;

    public static string? Text(YamlValue? value) => value is YamlScalar { IsNothing: false, Text: { Length: > 0 } text } ? text : null;

    /// <summary>Decimals that a number really has: trailing zeros do not count.</summary>
    public static int Decimals(decimal number)
    {
        // Dividing by a one with 28 decimals makes the runtime drop trailing zeros.
        var trimmed = number / 1.0000000000000000000000000000m;
        return trimmed.Scale;
    }
}
