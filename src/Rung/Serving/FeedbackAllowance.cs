using System.Threading.RateLimiting;

namespace Rung.Serving;

/// <summary>How much each sender of feedback may send: a bucket for each token and for each address. Buckets that are full again are let go.</summary>
/// <remarks>The limiter keeps its own time: it has no other clock.</remarks>
internal sealed class FeedbackAllowance : IDisposable
{
    // A bucket fills in so many steps: fine enough for a wait of a second, coarse enough to cost nothing.
    private const int Steps = 20;

    private readonly PartitionedRateLimiter<string> _tokens;
    private readonly PartitionedRateLimiter<string> _addresses;

    public FeedbackAllowance(FeedbackReceiverOptions options)
    {
        _tokens = Limiter(options.TokenBurst, options.TokenRefill);
        _addresses = Limiter(options.AddressBurst, options.AddressRefill);
    }

    /// <summary>Takes one body off a sender's allowance; false when it is used up.</summary>
    /// <param name="token">The sender's token; null when it has none.</param>
    /// <param name="address">Its address.</param>
    /// <param name="wait">When to try again.</param>
    public bool TryTake(string? token, string address, out TimeSpan wait)
    {
        using var lease = token is null ? _addresses.AttemptAcquire(address) : _tokens.AttemptAcquire(token);
        wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var told) ? told : TimeSpan.FromSeconds(1);
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _addresses.Dispose();
    }

    private static PartitionedRateLimiter<string> Limiter(int burst, TimeSpan refill) => PartitionedRateLimiter.Create<string, string>(
        sender => RateLimitPartition.GetTokenBucketLimiter(sender, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst, TokensPerPeriod = Math.Max(1, burst / Steps), ReplenishmentPeriod = refill / Math.Min(Steps, burst), QueueLimit = 0, AutoReplenishment = true,
        }),
        StringComparer.Ordinal);
}
