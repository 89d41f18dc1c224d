using System.Text;

namespace Rung.Core.Checks.Json;

/// <summary>Numbers from the bytes of a JSON text.</summary>
internal static class JsonNumbers
{
    private const int MaxOnStack = 256;

    /// <summary>Reads a number in JSON's form, which is ASCII.</summary>
    public static bool TryParse(ReadOnlySpan<byte> raw, out JsonNumber number)
    {
        Span<char> text = raw.Length <= MaxOnStack ? stackalloc char[MaxOnStack] : new char[raw.Length];
        return JsonNumber.TryParse(text[..Encoding.ASCII.GetChars(raw, text)], out number);
    }
}
