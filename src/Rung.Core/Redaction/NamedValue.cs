using System.Text.RegularExpressions;

namespace Rung.Core.Redaction;

/// <summary>What the name of a member of a document says about its value.</summary>
internal static class NamedValue
{
    // Shorter ones may be words.
    private const int LeastData = 256;

    private static readonly Regex s_phone = new(
        "phone|mobile|telefon|teléfono|^tel$|^tel[_\\-]|[_\\-]tel$|fax|msisdn|whatsapp|^cell$|cell[_\\-]?(?:no|number)|^sms|handynummer",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Whether it is a telephone number by its name.</summary>
    public static bool IsPhone(string? name, string value)
    {
        if (name is null || value.Length is < 7 or > 40 || !s_phone.IsMatch(name)) return false;
        var digits = 0;
        foreach (var unit in value)
        {
            if (char.IsDigit(unit)) digits++;
            else if (char.IsLetter(unit) && !value.Contains("ext", StringComparison.OrdinalIgnoreCase) && !value.Contains('x')) return false;
        }
        return digits is >= 7 and <= 20;
    }

    /// <summary>The kind of base-64 data that stands under the names the protocol has for it; null when it is text.</summary>
    public static string? DataKind(string? name, string value)
    {
        if (name is not ("data" or "file_data" or "b64_json") || value.Length < LeastData) return null;
        foreach (var unit in value.AsSpan(0, LeastData))
        {
            if (!char.IsAsciiLetterOrDigit(unit) && unit is not ('+' or '/' or '=' or '-' or '_' or '\n' or '\r')) return null;
        }
        return name == "data" ? "audio" : name == "b64_json" ? "image" : "file";
    }
}
