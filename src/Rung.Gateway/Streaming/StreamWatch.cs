using System.Collections.Immutable;
using Rung.Core.Checks;
using Rung.Core.Policies;
using Rung.Core.Spans;

namespace Rung.Gateway.Streaming;

/// <summary>Follows the first choice of a held stream with every check that can watch, and says when one of them has lost hope. One stream, one thread.</summary>
internal sealed class StreamWatch
{
    private readonly ImmutableArray<(Check Check, AnswerWatch Watch)> watches;
    private readonly ContentDeltas deltas = new();

    private StreamWatch(ImmutableArray<(Check, AnswerWatch)> watches) => this.watches = watches;

    /// <summary>A watch for the checks of a route; null when none of them can watch.</summary>
    public static StreamWatch? Of(ImmutableArray<Check> checks)
    {
        var watches = ImmutableArray.CreateBuilder<(Check, AnswerWatch)>();
        foreach (var check in checks)
        {
            if (check.Watch() is { } watch) watches.Add((check, watch));
        }
        return watches.Count == 0 ? null : new(watches.ToImmutable());
    }

    /// <summary>Nothing that could still come would pass.</summary>
    public bool IsDoomed => Verdict is not null;

    /// <summary>The verdict of the check that lost hope first; null while all hope.</summary>
    public CheckVerdict? Verdict { get; private set; }

    /// <summary>Every check that watches has a beginning that is whole and valid.</summary>
    public bool HasValidPrefix
    {
        get
        {
            foreach (var (_, watch) in watches)
            {
                if (!watch.HasValidPrefix) return false;
            }
            return !IsDoomed && deltas.IsReadable;
        }
    }

    /// <summary>Takes whole events of the stream.</summary>
    public void Append(ReadOnlyMemory<byte> events)
    {
        if (!IsDoomed && deltas.IsReadable) deltas.Read(events.Span, this, static (text, self) => self.Take(text));
    }

    private void Take(ReadOnlySpan<byte> text)
    {
        if (IsDoomed) return;
        foreach (var (check, watch) in watches)
        {
            if (watch.Append(text)) continue;
            Verdict = new(check.Name, Passed: false, watch.Detail ?? "Nothing that could still come would pass.");
            return;
        }
    }
}

/// <summary>What becomes of a stream while it arrives.</summary>
/// <param name="Holds">It is kept back.</param>
/// <param name="Watch">Who follows it meanwhile; null for nobody.</param>
/// <param name="Releases">It is kept back only until its beginning is valid.</param>
internal readonly record struct StreamWatching(bool Holds, StreamWatch? Watch, bool Releases)
{
    /// <summary>By its route. Nobody watches where nothing could be done about it.</summary>
    public static StreamWatching Of(Route route)
    {
        if (!route.Holds || route.Streaming == StreamMode.Pass) return default;
        var releases = route.Streaming == StreamMode.FirstValidPrefix;
        return new(Holds: true, releases || route.Escalation is not null ? StreamWatch.Of(route.Checks) : null, releases);
    }
}
