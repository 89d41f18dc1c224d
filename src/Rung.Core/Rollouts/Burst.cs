namespace Rung.Core.Rollouts;

/// <summary>What one unit did in a row: sums that become one observation each.</summary>
internal sealed class Burst
{
    public required string Unit { get; init; }
    public required bool Candidate { get; init; }
    /// <summary>Its latest call or verdict, ticks of UTC.</summary>
    public long LastTicks { get; set; }
    public bool Closed { get; set; }
    public int Count { get; set; }
    public int Escalated { get; set; }
    public int Failed { get; set; }
    public int Checked { get; set; }
    public int CheckFailed { get; set; }
    public int Priced { get; set; }
    public double Cost { get; set; }
    public int Scored { get; set; }
    public double Score { get; set; }

    /// <summary>Calls with a time to the last byte, and those of them in the tail; then the same of the first byte.</summary>
    public int Timed { get; set; }
    public int Slow { get; set; }
    public int FirstTimed { get; set; }
    public int FirstSlow { get; set; }

    /// <summary>Mean of the scores.</summary>
    public double Mean => Score / Scored;
}
