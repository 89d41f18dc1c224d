using Rung.Core.Spans;

namespace Rung.Demo.Ledgers;

/// <summary>What goes wrong in the made-up past, and when.</summary>
internal sealed class WorldTroubles(WorldTime time)
{
    /// <summary>The tag whose model gets worse for some days.</summary>
    public const string Story = "classify-ticket";

    private const double UsualUnavailable = 0.004;

    private readonly (DateTimeOffset From, DateTimeOffset To) _worse = (time.Before(6), time.Before(3));
    private readonly (DateTimeOffset From, DateTimeOffset To) _outage = (time.Before(2.3), time.Before(2.3) + TimeSpan.FromHours(3));
    private readonly (DateTimeOffset From, DateTimeOffset To) _crowded = (time.End.AddHours(-9), time.End.AddHours(-8));
    private readonly DateTimeOffset _longPages = time.End.AddHours(-60);
    private readonly DateTimeOffset _newVersion = time.End.AddHours(-15);

    /// <summary>Share of a rung's answers that fail a check.</summary>
    /// <param name="job">The job.</param>
    /// <param name="rung">Place on the ladder, 0 is the cheapest.</param>
    /// <param name="at">When.</param>
    public double Faulty(WorldJob job, int rung, DateTimeOffset at)
    {
        if (rung == 0 && Within(_worse, at)) return job.Tag == Story ? 0.3 : Math.Min(0.5, job.Faulty * 1.2);
        return job.Faulty * Part(job, rung);
    }

    /// <summary>Share of a rung's answers that are wrong in right form.</summary>
    /// <inheritdoc cref="Faulty"/>
    public double Wrong(WorldJob job, int rung, DateTimeOffset at) =>
        rung == 0 && job.Tag == Story && Within(_worse, at) ? 0.85 : job.Wrong * Part(job, rung);

    /// <summary>How much longer prompts are than usual.</summary>
    public double Length(WorldJob job, DateTimeOffset at) => job.Tag == "search-summarise" && at >= _longPages ? 3.2 : 1;

    /// <summary>Share of the requests to a model that it does not answer, and how that ends.</summary>
    public (double Share, AttemptOutcome Outcome) Unavailable(string model, DateTimeOffset at)
    {
        if (model == "sim-small" && Within(_outage, at)) return (0.4, AttemptOutcome.UpstreamError);
        if (model == "sim-frontier" && Within(_crowded, at)) return (0.25, AttemptOutcome.RateLimited);
        return (UsualUnavailable, AttemptOutcome.TimedOut);
    }

    /// <summary>The name and version that a model reports.</summary>
    public string Version(string upstreamId, DateTimeOffset at) => upstreamId == "simulated-mid" ? at >= _newVersion ? "simulated-mid-v2" : "simulated-mid-v1" : upstreamId;

    // Each rung is better than the one below it.
    private static double Part(WorldJob job, int rung) => rung switch { 0 => 1, 1 => job.OnMid, _ => 0.12 };

    private static bool Within((DateTimeOffset From, DateTimeOffset To) span, DateTimeOffset at) => at >= span.From && at < span.To;
}
