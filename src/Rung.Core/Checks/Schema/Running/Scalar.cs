using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Running;

/// <summary>A string, a number or a literal.</summary>
internal readonly ref struct Scalar
{
    public required JsonKind Kind { get; init; }
    /// <summary>As it is written; of strings, between the quotes.</summary>
    public required ReadOnlySpan<byte> Raw { get; init; }
    /// <summary>Of strings, the text.</summary>
    public required ReadOnlySpan<byte> Text { get; init; }
    public required bool HasEscapes { get; init; }

    /// <summary>The value, made when it is needed.</summary>
    public JsonValue Value
    {
        get
        {
            switch (Kind)
            {
                case JsonKind.String: return JsonValue.OfString(JsonUnescape.Text(Raw));
                case JsonKind.True: return JsonValue.True;
                case JsonKind.False: return JsonValue.False;
                case JsonKind.Null: return JsonValue.Null;
                default:
                    return JsonNumbers.TryParse(Raw, out var number) ? JsonValue.OfNumber(System.Text.Encoding.UTF8.GetString(Raw), number) : JsonValue.Null; // The scanner lets nothing else through.
            }
        }
    }
}
