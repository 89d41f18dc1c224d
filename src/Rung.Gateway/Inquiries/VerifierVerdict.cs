using System.Text.Json;
using Rung.Core.Checks;
using Rung.Gateway.Judging;

namespace Rung.Gateway.Inquiries;

/// <summary>What a model said of an answer.</summary>
/// <param name="Score">0 (surely bad) to 1 (surely good).</param>
/// <param name="Reason">Why, in short; null when it gave no reason.</param>
internal readonly record struct VerifierVerdict(double Score, string? Reason)
{
    private const int ReasonLength = 200;

    /// <summary>Reads the verdict out of a chat completion, strictly: one JSON object with a score in [0, 1], and nothing around it.</summary>
    /// <returns>Null for anything else.</returns>
    public static VerifierVerdict? Read(ReadOnlyMemory<byte> reply)
    {
        if (AnswerReader.FromReply(reply, declaredTools: [], context: null) is not [var answer, ..] || answer.Refused) return null;
        try
        {
            return Parse(answer);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static VerifierVerdict? Parse(Answer answer)
    {
        var json = new Utf8JsonReader(answer.Content.Span);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return null;
        double? score = null;
        string? reason = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isScore, isReason) = (json.ValueTextEquals("score"u8), json.ValueTextEquals("reason"u8));
            json.Read();
            if (isScore)
            {
                // Twice, or no number: nobody knows which one is meant.
                if (score is not null || json.TokenType != JsonTokenType.Number || json.GetDouble() is not (>= 0 and <= 1) || !json.TryGetDouble(out var given)) return null;
                score = given;
            }
            else if (isReason && json.TokenType == JsonTokenType.String)
            {
                reason = json.GetString()!;
            }
            json.Skip();
        }
        json.Read(); // Anything behind the object fails here.
        if (score is not { } value) return null;
        return new(value, reason is { Length: > 0 } ? reason[..Math.Min(reason.Length, ReasonLength)] : null);
    }
}
