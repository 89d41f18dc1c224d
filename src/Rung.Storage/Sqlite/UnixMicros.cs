namespace Rung.Storage.Sqlite;

/// <summary>Instants as the ledger keeps them: microseconds since 1970-01-01 UTC. What is finer is cut off.</summary>
internal static class UnixMicros
{
    /// <summary>From an instant; before 1970 is negative.</summary>
    public static long From(DateTimeOffset instant) =>
        Math.DivRem(instant.UtcTicks, TimeSpan.TicksPerMicrosecond).Quotient - Epoch;

    /// <summary>Back to an instant, UTC.</summary>
    public static DateTimeOffset ToInstant(long micros) => new((micros + Epoch) * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    private static readonly long Epoch = DateTimeOffset.UnixEpoch.UtcTicks / TimeSpan.TicksPerMicrosecond;
}
