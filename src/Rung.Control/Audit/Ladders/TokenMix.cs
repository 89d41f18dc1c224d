using Rung.Core.Prices;

namespace Rung.Control.Audit;

/// <summary>How many tokens of each kind a set of calls used: what makes prices of models comparable for these calls, and no others.</summary>
/// <param name="Plain">Input, neither read from nor written to a cache.</param>
/// <param name="CacheRead">Input read from a cache.</param>
/// <param name="CacheWrite">Input written to a cache.</param>
/// <param name="Output">Output, reasoning included.</param>
internal readonly record struct TokenMix(long Plain, long CacheRead, long CacheWrite, long Output)
{
    // Far above any log; keeps every product below 2^127.
    private const long Most = 1_000_000_000_000_000;

    /// <summary>Three tokens in for one out: what is taken where a log has no tokens at all.</summary>
    public static TokenMix Common { get; } = new(3, 0, 0, 1);

    /// <summary>All tokens.</summary>
    public long Total => Plain + CacheRead + CacheWrite + Output;

    /// <summary>The tokens of these sums, parts cut to what their whole leaves.</summary>
    public static TokenMix Of(IEnumerable<ModelUse> uses)
    {
        var sum = new TokenMix();
        foreach (var use in uses)
        {
            var (plain, read, written) = Parts(use);
            sum = new TokenMix(Add(sum.Plain, plain), Add(sum.CacheRead, read), Add(sum.CacheWrite, written), Add(sum.Output, Math.Clamp(use.OutputTokens, 0, Most)));
        }
        return sum;
    }

    /// <summary>Input tokens by kind: no part exceeds what the parts before it leave.</summary>
    public static (long Plain, long Read, long Written) Parts(ModelUse use)
    {
        var input = Math.Clamp(use.InputTokens, 0, Most);
        var read = Math.Clamp(use.CacheReadTokens, 0, input);
        var written = Math.Clamp(use.CacheWriteTokens, 0, input - read);
        return (input - read - written, read, written);
    }

    /// <summary>What the mix costs at these rates, in pico-USD.</summary>
    public Int128 At(PriceRates rates) =>
        ((Int128)Plain * rates.Input) + ((Int128)CacheRead * (rates.CacheRead ?? rates.Input)) + ((Int128)CacheWrite * (rates.CacheWrite ?? rates.Input)) + ((Int128)Output * rates.Output);

    private static long Add(long left, long right) => Math.Min(Most, left + right);
}
