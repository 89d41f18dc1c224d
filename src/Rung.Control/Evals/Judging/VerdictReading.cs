using System.Text.Json;

namespace Rung.Control.Evals.Judging;

/// <summary>Reads verdicts, strictly: one JSON object with the asked members, nothing around it and nothing twice. Whoever is lenient here grades by chance.</summary>
internal static class VerdictReading
{
    private const int LongestReason = 300;

    /// <summary>Reads <c>{"reason": …, "score": …}</c>.</summary>
    /// <param name="json">The text.</param>
    /// <param name="isAllowed">Which scores may stand there.</param>
    public static Verdict? Score(ReadOnlyMemory<byte> json, Func<double, bool> isAllowed) => Read(json, "score", value =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var score) && isAllowed(score) ? score : null);

    /// <summary>Reads <c>{"reason": …, "better": "A" | "B" | "tie"}</c>.</summary>
    public static Verdict? Preference(ReadOnlyMemory<byte> json) => Read(json, "better", value =>
        value.ValueKind != JsonValueKind.String ? null : value.GetString() switch { "A" => 1, "B" => 0, "tie" => 0.5, _ => null });

    private static Verdict? Read(ReadOnlyMemory<byte> json, string name, Func<JsonElement, double?> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            var (verdict, reason) = ((double?)null, (string?)null);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.NameEquals(name))
                {
                    if (verdict is not null || read(member.Value) is not { } said) return null; // Twice: nobody knows which one is meant.
                    verdict = said;
                }
                else if (member.NameEquals("reason") && member.Value.ValueKind == JsonValueKind.String)
                {
                    reason = member.Value.GetString();
                }
            }
            return verdict is { } score ? new Verdict(score, reason is { Length: > 0 } ? reason[..Math.Min(reason.Length, LongestReason)] : null) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
