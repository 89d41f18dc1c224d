using System.Text.Json;

namespace Rung.Gateway.Inquiries;

/// <summary>Finds the score in a served verifier's reply.</summary>
internal static class ScorePointer
{
    /// <summary>Finds it.</summary>
    /// <param name="root">The reply.</param>
    /// <param name="pointer">A JSON pointer (RFC 6901) to the number or, with a label, to the list of labels.</param>
    /// <param name="label">The label whose score counts; null for a plain number.</param>
    /// <param name="fault">What is wrong when the result is null, without content.</param>
    /// <returns>A score in [0, 1], or null.</returns>
    public static double? Find(JsonElement root, string pointer, string? label, out string? fault)
    {
        fault = $"its reply has nothing at {(pointer.Length == 0 ? "its root" : pointer)}";
        if (!Follow(root, pointer, out var found)) return null;
        if (label is null) return Number(found, out fault);
        // A batch wraps the list once more.
        if (found.ValueKind == JsonValueKind.Array && found.GetArrayLength() > 0 && found[0].ValueKind == JsonValueKind.Array) found = found[0];
        fault = $"its reply has no label {label}";
        if (found.ValueKind == JsonValueKind.Object) return Labelled(found, label) is { } only ? Number(only, out fault) : null;
        if (found.ValueKind != JsonValueKind.Array) return null;
        foreach (var entry in found.EnumerateArray())
        {
            if (Labelled(entry, label) is { } score) return Number(score, out fault);
        }
        return null;
    }

    private static JsonElement? Labelled(JsonElement entry, string label) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("label", out var name) && name.ValueKind == JsonValueKind.String && name.ValueEquals(label)
            && entry.TryGetProperty("score", out var score)
            ? score
            : null;

    private static double? Number(JsonElement found, out string? fault)
    {
        fault = "its score is no number from 0 to 1";
        if (found.ValueKind != JsonValueKind.Number || !found.TryGetDouble(out var score) || score is not (>= 0 and <= 1)) return null;
        fault = null;
        return score;
    }

    private static bool Follow(JsonElement from, string pointer, out JsonElement found)
    {
        found = from;
        if (pointer.Length == 0) return true;
        if (pointer[0] != '/') return false;
        foreach (var part in pointer[1..].Split('/'))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            switch (found.ValueKind)
            {
                case JsonValueKind.Object when found.TryGetProperty(name, out var member):
                    found = member;
                    break;
                case JsonValueKind.Array when int.TryParse(name, System.Globalization.NumberStyles.None, null, out var place) && place < found.GetArrayLength():
                    found = found[place];
                    break;
                default:
                    return false;
            }
        }
        return true;
    }
}
