using System.Text.Json;

namespace Rung.Recorded;

/// <summary>What one model did with one prompt: its grade, what it cost, and, where it was kept, its answer.</summary>
internal sealed class RecordedOutcome
{
    /// <summary>The model, as the recording names it.</summary>
    public required string Model { get; init; }
    /// <summary>The grade, 0 to 1 (0 or 1 for right and wrong); null when it was not graded.</summary>
    public double? Score { get; init; }
    /// <summary>What the answer cost, in nano-USD; null when no price is known.</summary>
    public long? CostNanoUsd { get; init; }
    /// <summary>Tokens of the prompt; null when they were not recorded.</summary>
    public int? PromptTokens { get; init; }
    /// <summary>Tokens of the answer; null when they were not recorded.</summary>
    public int? CompletionTokens { get; init; }
    /// <summary>How long the answer took, in seconds; null when it was not recorded.</summary>
    public double? LatencySeconds { get; init; }
    /// <summary>How the answer ended, in OpenAI's words; null when it was not recorded.</summary>
    public string? FinishReason { get; init; }
    /// <summary>The answer; null when only the grade was kept. Set while the files are read, never after.</summary>
    public RecordedAnswer? Answer { get; set; }

    /// <summary>Reads one member of a row's <c>models</c>. Fields that are unknown, or of another kind than expected, are ignored.</summary>
    /// <param name="model">The model.</param>
    /// <param name="fields">What is recorded of it.</param>
    /// <param name="label">The field that holds the grade; null: <c>correct</c>, else <c>score</c>.</param>
    /// <param name="intern">Gives one instance of equal texts.</param>
    public static RecordedOutcome Read(string model, JsonElement fields, string? label, Func<string, string> intern) => new()
    {
        Model = model,
        Score = Grade(fields, label),
        CostNanoUsd = NanoUsd(fields),
        PromptTokens = Tokens(fields, "prompt_tokens"),
        CompletionTokens = Tokens(fields, "completion_tokens"),
        LatencySeconds = Number(fields, "latency_s") is { } seconds and >= 0 ? seconds : null,
        FinishReason = fields.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String ? intern(reason.GetString()!) : null,
        Answer = fields.TryGetProperty("response", out var response) ? RecordedAnswer.Read(response, intern) : null,
    };

    private static double? Grade(JsonElement fields, string? label)
    {
        if (label is null ? !fields.TryGetProperty("correct", out var grade) && !fields.TryGetProperty("score", out grade) : !fields.TryGetProperty(label, out grade)) return null;
        return grade.ValueKind switch
        {
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            JsonValueKind.Number when grade.GetDouble() is >= 0 and <= 1 => grade.GetDouble(),
            _ => null,
        };
    }

    private static long? NanoUsd(JsonElement fields)
    {
        if (!fields.TryGetProperty("cost_usd", out var cost) || cost.ValueKind != JsonValueKind.Number) return null;
        if (!cost.TryGetDecimal(out var usd) || usd is < 0 or > 1_000_000_000) return null;
        return (long)Math.Round(usd * 1_000_000_000m, MidpointRounding.AwayFromZero);
    }

    // A prompt or answer of zero tokens is a recording that did not count them.
    private static int? Tokens(JsonElement fields, string name) => Number(fields, name) is { } count and >= 1 and <= int.MaxValue ? (int)count : null;

    private static double? Number(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
