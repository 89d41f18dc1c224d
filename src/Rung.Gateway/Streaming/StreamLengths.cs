using System.Collections.Concurrent;
using Rung.Core.Spans;

namespace Rung.Gateway.Streaming;

/// <summary>
/// How long whole held streams are, by route and model: what an abandoned one is compared with. Kept in memory only; any call writes, and a lost
/// moment of two that end together does not matter.
/// </summary>
internal sealed class StreamLengths
{
    /// <summary>Most pairs of route and model that are kept; pairs beyond are not compared.</summary>
    private const int MostPairs = 10_000;

    /// <summary>The mean forgets: beyond so many streams a new one weighs as much as one of so many.</summary>
    private const int Memory = 1000;

    private readonly ConcurrentDictionary<(string Route, string Model), Mean> means = new();

    /// <summary>Notes a stream that was read to its end.</summary>
    public void Note(string route, AttemptRecord attempt)
    {
        if (attempt.Usage.Output <= 0) return;
        var pair = (route, attempt.Model);
        if (!means.TryGetValue(pair, out var mean))
        {
            if (means.Count >= MostPairs) return;
            mean = means.GetOrAdd(pair, static _ => new Mean());
        }
        mean.Add(attempt.Usage.Output, attempt.LatencyMicros);
    }

    /// <summary>What abandoning a stream saved: the mean of whole ones less what came and what was waited; nothing below zero, nulls while unknown.</summary>
    public (long? Tokens, long? Micros) Saved(string route, AttemptRecord attempt)
    {
        if (!means.TryGetValue((route, attempt.Model), out var mean)) return (null, null);
        return mean.Less(attempt.Usage.Output, attempt.LatencyMicros);
    }

    private sealed class Mean
    {
        private readonly Lock adding = new();
        private int count;
        private double tokens;
        private double micros;

        public void Add(long addedTokens, long addedMicros)
        {
            lock (adding)
            {
                count = Math.Min(count + 1, Memory);
                tokens += (addedTokens - tokens) / count;
                micros += (addedMicros - micros) / count;
            }
        }

        public (long Tokens, long Micros) Less(long usedTokens, long usedMicros)
        {
            lock (adding) return ((long)Math.Max(0, Math.Round(tokens - usedTokens)), (long)Math.Max(0, Math.Round(micros - usedMicros)));
        }
    }
}
