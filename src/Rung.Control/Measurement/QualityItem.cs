namespace Rung.Control.Measurement;

/// <summary>One judgement of one thing.</summary>
public readonly record struct QualityItem
{
    /// <summary>What it comes from.</summary>
    public required QualitySource Source { get; init; }
    /// <summary>What was judged: a call or a session. Several judgements of one thing by one source are one item.</summary>
    public required string Subject { get; init; }
    /// <summary>Session that it belongs to; null: it stands alone.</summary>
    public string? Session { get; init; }
    /// <summary>0 (bad) to 1 (good).</summary>
    public required double Score { get; init; }
    /// <summary>Its weight, above 0.</summary>
    public required double Weight { get; init; }
    /// <summary>Probability with which it was chosen to be judged, above 0, at most 1; null when that is not known.</summary>
    public double? Probability { get; init; }
    /// <summary>Who judged, and what of it: a later judgement by the same one replaces an earlier one.</summary>
    public string? Voice { get; init; }
}
