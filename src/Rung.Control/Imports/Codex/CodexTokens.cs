using Rung.Control.Imports.Reading;
using Rung.Core.Spans;

namespace Rung.Control.Imports.Codex;

/// <summary>Token counts as Codex writes them: cached and written parts inside the input, reasoning inside the output.</summary>
internal readonly record struct CodexTokens(long Input, long Cached, long Written, long Output, long Reasoning)
{
    /// <summary>The counts of an object; null when it is missing or holds none.</summary>
    public static CodexTokens? Of(FieldReading counts)
    {
        if (counts.IsMissing || !counts.Has("input_tokens", "output_tokens", "cached_input_tokens", "total_tokens")) return null;
        return new CodexTokens(
            counts.Count("input_tokens") ?? 0,
            counts.Count("cached_input_tokens", "cache_read_input_tokens") ?? 0,
            counts.Count("cache_write_input_tokens", "cache_write_tokens") ?? 0,
            counts.Count("output_tokens") ?? 0,
            counts.Count("reasoning_output_tokens") ?? 0);
    }

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsZero => this == default;

    /// <summary>Whether every count is at least the other's: a counter that went on.</summary>
    public bool GoesOnFrom(in CodexTokens other) =>
        Input >= other.Input && Cached >= other.Cached && Written >= other.Written && Output >= other.Output && Reasoning >= other.Reasoning;

    public static CodexTokens operator -(in CodexTokens left, in CodexTokens right) =>
        new(left.Input - right.Input, left.Cached - right.Cached, left.Written - right.Written, left.Output - right.Output, left.Reasoning - right.Reasoning);

    public static CodexTokens operator +(in CodexTokens left, in CodexTokens right) =>
        new(left.Input + right.Input, left.Cached + right.Cached, left.Written + right.Written, left.Output + right.Output, left.Reasoning + right.Reasoning);

    /// <summary>The counts in Rung's meaning, which is the same; a part that is larger than its whole is cut.</summary>
    public TokenUsage ToUsage() => UsageRules.Reconcile(
        new UsageFigures { Input = Input, CacheRead = Cached, CacheWrite = Written, Output = Output, Reasoning = Reasoning },
        PartRule.SurelyInside, PartRule.SurelyInside, out _);

    public override string ToString() => $"{Input}-{Cached}-{Written}-{Output}-{Reasoning}";
}
