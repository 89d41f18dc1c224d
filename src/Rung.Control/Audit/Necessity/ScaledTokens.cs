namespace Rung.Control.Audit;

/// <summary>Tokens times two factors in thousandths: in millionths of a token.</summary>
internal readonly record struct ScaledTokens(Int128 Plain, Int128 CacheRead, Int128 CacheWrite, Int128 CacheLost, Int128 Output)
{
    /// <summary>The tokens of sums at one model, as another model would use them.</summary>
    /// <param name="use">The sums.</param>
    /// <param name="tokenizer">Tokens for the same text, in thousandths.</param>
    /// <param name="output">Length of the answers, in thousandths.</param>
    /// <param name="reasoning">Reasoning, in thousandths.</param>
    /// <param name="cacheLost">Part of the cached input that is written again, in thousandths.</param>
    public static ScaledTokens Of(ModelUse use, int tokenizer, int output, int reasoning, int cacheLost)
    {
        var (plain, read, written) = TokenMix.Parts(use);
        var whole = Math.Clamp(use.OutputTokens, 0, 1_000_000_000_000_000);
        var thought = Math.Clamp(use.ReasoningTokens, 0, whole);
        return new ScaledTokens(
            (Int128)plain * tokenizer * 1000,
            (Int128)read * tokenizer * (1000 - cacheLost),
            (Int128)written * tokenizer * 1000,
            (Int128)read * tokenizer * cacheLost,
            (((Int128)(whole - thought) * output) + ((Int128)thought * reasoning)) * tokenizer);
    }

    /// <summary>The tokens of the calls with a known price, when some of the sums' calls have none.</summary>
    public ScaledTokens Of(ModelUse use)
    {
        if (use.UnknownPriceCalls <= 0 || use.Calls <= 0) return this;
        var (known, all) = (Math.Max(0, use.Calls - use.UnknownPriceCalls), use.Calls);
        return new ScaledTokens(Part(Plain), Part(CacheRead), Part(CacheWrite), Part(CacheLost), Part(Output));

        // Divided first: the products would leave 128 bits for logs that cannot exist.
        Int128 Part(Int128 whole) => (whole / all * known) + (whole % all * known / all);
    }
}
