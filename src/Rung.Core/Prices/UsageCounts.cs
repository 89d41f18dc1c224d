using Rung.Core.Spans;

namespace Rung.Core.Prices;

/// <summary>The members of one usage block as they were written, before dialects are told apart. Null: not stated.</summary>
internal struct UsageCounts
{
    public long? Prompt;
    public long? Input;
    public long? Output;
    public long? Total;
    public long? CacheRead;
    public long? CacheHit;
    public long? CacheMiss;
    public long? CacheWrite;
    public long? CacheWriteShort;
    public long? CacheWriteLong;
    public long? AudioInput;
    public long? AudioOutput;
    public long? Reasoning;
    public long? CostNanoUsd;
    public long? UpstreamCostNanoUsd;
    public bool OwnKey;
    public bool NamesCacheAsAnthropicDoes;
    public ServiceTier Tier;

    /// <summary>Brings the members to the one meaning of <see cref="TokenUsage"/>; false when no count was stated.</summary>
    public readonly bool TryReconcile(out TokenUsage usage)
    {
        usage = default;
        if (Prompt is null && Input is null && Output is null && Total is null && CacheHit is null && CacheMiss is null && CacheRead is null) return false;

        var (written, writtenLong) = Writes();
        var read = CacheRead ?? 0;
        var reasoning = Reasoning ?? 0;
        var output = Output ?? 0;
        var input = InputWithCachedParts(read + written + writtenLong, output);

        // A part cannot be larger than its whole: then it was counted beside it.
        if (reasoning > output) output += reasoning;

        // What a total holds beyond both sides was billed, so it belongs to one of them.
        var unexplained = (Total ?? 0) - input - output;
        if (unexplained > 0)
        {
            if (unexplained != reasoning && unexplained == read + written + writtenLong)
            {
                input += unexplained; // Anthropic's way of counting under OpenAI's names.
            }
            else
            {
                output += unexplained; // xAI counts reasoning beside the completion; Gemini's compatible form hides thoughts in the total.
                if (reasoning == 0) reasoning = unexplained;
            }
        }

        usage = new TokenUsage
        {
            Input = input,
            CacheRead = Math.Min(read, input),
            CacheWrite = Math.Min(written, Math.Max(0, input - read)),
            CacheWriteLong = Math.Min(writtenLong, Math.Max(0, input - read - written)),
            AudioInput = Math.Min(AudioInput ?? 0, input),
            Output = output,
            Reasoning = Math.Min(reasoning, output),
            AudioOutput = Math.Min(AudioOutput ?? 0, output),
            Source = UsageSource.Provider,
            ReportedCostNanoUsd = ReportedCost(),
            Tier = Tier,
        };
        return true;
    }

    // The split by lifetime refines the sum; what the split does not name was written for short.
    private readonly (long Short, long Long) Writes()
    {
        var longer = CacheWriteLong ?? 0;
        var shorter = Math.Max(CacheWriteShort ?? 0, (CacheWrite ?? 0) - longer);
        return (shorter, longer);
    }

    private readonly long InputWithCachedParts(long cached, long output)
    {
        if (Prompt is { } prompt) return prompt;
        if (Input is { } input) return NamesCacheAsAnthropicDoes ? input + cached : input;
        if (CacheHit is not null || CacheMiss is not null) return (CacheHit ?? 0) + (CacheMiss ?? 0);
        // The final frame of an Anthropic stream may state the cached parts only.
        return Total is { } total ? Math.Max(0, total - output) : cached;
    }

    // With the client's own provider key OpenRouter's cost is its fee alone; the provider's bill comes on top.
    private readonly long? ReportedCost()
    {
        if (!OwnKey || UpstreamCostNanoUsd is not { } upstream) return CostNanoUsd;
        var fee = CostNanoUsd ?? 0;
        return fee > long.MaxValue - upstream ? long.MaxValue : fee + upstream;
    }
}
