using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.OpenAi;

/// <summary>The job that the custom id of a batch request names: <c>classify-intent-00042</c> is <c>classify-intent</c>.</summary>
internal static class BatchJob
{
    // Words that say that it is a request, not which.
    private static readonly string[] Generic =
        ["request", "requests", "req", "task", "row", "item", "id", "batch", "custom", "line", "job", "call", "msg", "message", "prompt", "doc", "record", "input", "test", "my", "example"];

    /// <summary>The job; null when the id names none.</summary>
    public static string? Of(string? customId)
    {
        if (string.IsNullOrWhiteSpace(customId)) return null;
        var kept = customId.Trim();
        while (true)
        {
            var cut = kept.LastIndexOfAny(['-', '_', ':', '/', '.', '#', '|', ' ']);
            if (!IsNumber(kept[(cut + 1)..])) break;
            if (cut <= 0) return null;
            kept = kept[..cut];
        }
        if (kept.Split('-', '_', ':', '/', '.', '#', '|', ' ').All(part => IsNumber(part) || Generic.Contains(part.ToLowerInvariant()))) return null;
        return TagName.Of(kept);
    }

    // A number, a hash, a part of a UUID: what tells one request from the next.
    private static bool IsNumber(string part)
    {
        if (part.Length == 0) return true;
        if (part.All(char.IsAsciiDigit)) return true;
        if (part.Any(char.IsAsciiDigit) && part.All(char.IsAsciiHexDigit) && part.Length >= 4) return true;
        return part.Length > 1 && char.IsAsciiLetter(part[0]) && part[1..].All(char.IsAsciiDigit) && part.Length > 3;
    }
}
