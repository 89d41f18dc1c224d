namespace Rung.Recorded;

/// <summary>How the recorded upstream serves.</summary>
internal sealed record RecordedUpstreamOptions
{
    /// <summary>Where it listens when nobody says otherwise: loopback only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8090";

    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [DefaultUrl];
    /// <summary>How long it waits before an answer begins.</summary>
    public RecordedLatency Latency { get; init; } = RecordedLatency.None;
    /// <summary>Characters of one streamed piece, 1 to 100,000.</summary>
    public int ChunkChars
    {
        get;
        init => field = value is >= 1 and <= 100_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A piece has 1 to 100,000 characters.");
    } = 24;
    /// <summary>Wait before each streamed piece, at most 60 s. A plain reply takes as long as its stream would have.</summary>
    public TimeSpan Pace
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= TimeSpan.FromSeconds(60)
            ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The wait before a piece is 0 to 60,000 ms.");
    }
    /// <summary>Seed of the only chance there is: which prompts meet a fault, and how long a wait between two bounds is.</summary>
    public long Seed { get; init; }
    /// <summary>Models that fail on demand. The first that strikes counts.</summary>
    public IReadOnlyList<RecordedFault> Faults { get; init; } = [];
    /// <summary>The clock that waits, and that dates answers.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
