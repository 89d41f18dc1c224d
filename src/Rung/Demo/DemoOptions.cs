namespace Rung.Demo;

/// <summary>How a demo runs.</summary>
internal sealed record DemoOptions
{
    /// <summary>Shortest and longest demo, in seconds.</summary>
    public const int MinSeconds = 1, MaxSeconds = 600;

    /// <summary>How much faster than simulated time the models are in a demo of <see cref="FullSeconds"/> or more.</summary>
    private const double Scale = 20;
    /// <summary>A shorter demo runs faster in proportion, so that it still sees whole sessions.</summary>
    private const double FullSeconds = 20;

    /// <summary>Any free port of this machine.</summary>
    public const string AnyPort = "http://127.0.0.1:0";

    /// <summary>About how long it runs, in seconds, from <see cref="MinSeconds"/> to <see cref="MaxSeconds"/>.</summary>
    public int Seconds { get; init; } = 30;
    /// <summary>Decides every prompt and every answer.</summary>
    public long Seed { get; init; } = 1;
    /// <summary>Whether the data directory stays.</summary>
    public bool Keep { get; init; }
    /// <summary>Where the data directory is made.</summary>
    public required string Folder { get; init; }
    /// <summary>Where the gateway and its dashboard listen.</summary>
    public string Url { get; init; } = AnyPort;
    /// <summary>Exactly so many sessions, however long they take; null: as many as the time allows.</summary>
    public int? Sessions { get; init; }
    /// <summary>Sessions that run at the same time.</summary>
    public int Concurrency { get; init; } = 12; // So many that half a minute has the 30 judged sessions of a tag that its quality is told from.
    /// <summary>How many times faster than simulated time the models answer; null: by the length of the demo.</summary>
    public double? TimeScale { get; init; }

    /// <summary>The time scale in force.</summary>
    public double EffectiveTimeScale => TimeScale ?? Scale * Math.Max(1, FullSeconds / Seconds);

    /// <summary>
    /// After this long no further session starts in phase 1. The rest of the time is for the sessions then in flight and for phase 2, which
    /// takes less than phase 1 because cheaper models answer faster.
    /// </summary>
    public TimeSpan FirstPhase => TimeSpan.FromSeconds(Seconds * 0.47);
}
