using Rung.Core.Policies.Documents;

namespace Rung.Core.Policies.Compiling;

/// <summary>Makes limits of what is written, with the defaults where nothing is.</summary>
internal static class LimitsBuilder
{
    public const long BytesPerMb = 1024 * 1024;

    private static readonly CallLimits Defaults = new();

    /// <summary>The policy's limits.</summary>
    public static CallLimits Build(LimitsEntry entry) => Build(entry, Defaults);

    /// <summary>A route's limits: the policy's, narrowed.</summary>
    public static CallLimits Build(LimitsEntry? entry, CallLimits outer) => entry is null ? outer : new CallLimits
    {
        Connect = Seconds(entry.ConnectSeconds) ?? outer.Connect,
        FirstByte = Seconds(entry.FirstByteSeconds) ?? outer.FirstByte,
        BetweenChunks = Seconds(entry.BetweenChunksSeconds) ?? outer.BetweenChunks,
        Total = Seconds(entry.TotalSeconds) ?? outer.Total,
        Attempts = entry.Attempts ?? outer.Attempts,
        RequestBytes = entry.RequestMb * BytesPerMb ?? outer.RequestBytes,
        ReplyBytes = entry.ReplyMb * BytesPerMb ?? outer.ReplyBytes,
    };

    /// <summary>Seconds, exact to the millisecond.</summary>
    public static TimeSpan? Seconds(decimal? seconds) => seconds is { } value ? TimeSpan.FromMilliseconds((long)(value * 1000)) : null;
}
