using Rung.Core.Spans;

namespace Rung.Control.Imports;

/// <summary>What had to be done to a log's token counts so that they mean what <see cref="TokenUsage"/> means. Countable: one value per call.</summary>
[Flags]
public enum UsageRule : byte
{
    /// <summary>Nothing: the counts hold as they stand.</summary>
    AsStated = 0,
    /// <summary>The format counts cached input beside the input: it was added.</summary>
    CacheAddedByFormat = 1,
    /// <summary>Cached input was larger than the input, so it was counted beside it: it was added.</summary>
    CacheAddedBySize = 2,
    /// <summary>The total holds the cached input once more: it was counted beside the input, and was added.</summary>
    CacheAddedByTotal = 4,
    /// <summary>The format counts reasoning beside the output: it was added.</summary>
    ReasoningAddedByFormat = 8,
    /// <summary>Reasoning was larger than the output, so it was counted beside it: it was added.</summary>
    ReasoningAddedBySize = 16,
    /// <summary>The total holds more than input and output: the rest is reasoning that was counted beside the output, and was added.</summary>
    ReasoningAddedByTotal = 32,
}

/// <summary>Whether a format counts a part inside its whole.</summary>
public enum PartRule : byte
{
    /// <summary>Inside, by convention; some exporters do otherwise, so the figures are looked at.</summary>
    Inside = 0,
    /// <summary>Beside it, always.</summary>
    Beside = 1,
    /// <summary>Inside, always: what contradicts it is broken, not exclusive.</summary>
    SurelyInside = 2,
}

/// <summary>Token counts as a log writes them. Null: not told.</summary>
public record struct UsageFigures
{
    /// <summary>Input, with or without its cached parts.</summary>
    public long? Input { get; set; }
    /// <summary>Read from a cache.</summary>
    public long? CacheRead { get; set; }
    /// <summary>Written to a cache for short (or for an unknown time).</summary>
    public long? CacheWrite { get; set; }
    /// <summary>Written to a cache for long (1 hour).</summary>
    public long? CacheWriteLong { get; set; }
    /// <summary>Input that was audio; always part of the input.</summary>
    public long? AudioInput { get; set; }
    /// <summary>Output, with or without reasoning.</summary>
    public long? Output { get; set; }
    /// <summary>Reasoning.</summary>
    public long? Reasoning { get; set; }
    /// <summary>Output that was audio; always part of the output.</summary>
    public long? AudioOutput { get; set; }
    /// <summary>The log's own sum of input and output.</summary>
    public long? Total { get; set; }

    /// <summary>Whether the log tells any count.</summary>
    public readonly bool Any => Input is not null || Output is not null || Total is not null || CacheRead is not null || CacheWrite is not null || CacheWriteLong is not null;
}

/// <summary>Brings token counts of any log to the one meaning: cached parts inside the input, reasoning inside the output.</summary>
public static class UsageRules
{
    /// <summary>Reconciles the counts.</summary>
    /// <param name="figures">As the log writes them; negative ones count as not told.</param>
    /// <param name="cache">How the format counts cached input.</param>
    /// <param name="reasoning">How the format counts reasoning.</param>
    /// <param name="rule">What was done.</param>
    /// <returns>The counts; <see cref="UsageSource.None"/> and zeros when the log tells none.</returns>
    /// <remarks>
    /// Where the convention says <em>inside</em>, some exporters still hand on Anthropic's own count, which leaves cached input out. A part larger than its
    /// whole proves it: then it is added. An input that is larger than its cached part proves nothing, and the convention holds.
    /// </remarks>
    public static TokenUsage Reconcile(in UsageFigures figures, PartRule cache, PartRule reasoning, out UsageRule rule)
    {
        rule = UsageRule.AsStated;
        if (!figures.Any) return default;

        var read = Count(figures.CacheRead);
        var longer = Count(figures.CacheWriteLong);
        var written = Count(figures.CacheWrite);
        var cached = read + written + longer;
        var thought = Count(figures.Reasoning);
        var input = Count(figures.Input);
        var output = Count(figures.Output);
        var unexplained = Count(figures.Total) - input - output;

        if (cached > 0 && cache != PartRule.SurelyInside)
        {
            if (cache == PartRule.Beside) rule |= UsageRule.CacheAddedByFormat;
            else if (cached > input) rule |= UsageRule.CacheAddedBySize;
            else if (unexplained == cached && unexplained != thought) rule |= UsageRule.CacheAddedByTotal;
            if (rule != UsageRule.AsStated) input += cached;
        }
        unexplained = Count(figures.Total) - input - output;

        if (reasoning != PartRule.SurelyInside)
        {
            if (thought > 0 && reasoning == PartRule.Beside) rule |= UsageRule.ReasoningAddedByFormat;
            else if (thought > output) rule |= UsageRule.ReasoningAddedBySize;
            else if (thought > 0 && unexplained == thought) rule |= UsageRule.ReasoningAddedByTotal;
            if (rule >= UsageRule.ReasoningAddedByFormat) output += thought;
        }
        // Only a total is told: all of it is billed, and input is the side on which a guess is cheapest to be wrong about.
        if (figures.Input is null && figures.Output is null && figures.Total is > 0) input = Math.Max(input, figures.Total.Value);

        return new TokenUsage
        {
            Input = input,
            CacheRead = Math.Min(read, input),
            CacheWrite = Math.Min(written, Math.Max(0, input - read)),
            CacheWriteLong = Math.Min(longer, Math.Max(0, input - read - written)),
            AudioInput = Math.Min(Count(figures.AudioInput), input),
            Output = output,
            Reasoning = Math.Min(thought, output),
            AudioOutput = Math.Min(Count(figures.AudioOutput), output),
            Source = UsageSource.Provider,
        };
    }

    // Beyond a hundred times the largest context sold a count is broken; the cut keeps sums from overflowing.
    private static long Count(long? stated) => Math.Clamp(stated ?? 0, 0, Core.Prices.UsageReader.BelievableTokens * 100);
}
