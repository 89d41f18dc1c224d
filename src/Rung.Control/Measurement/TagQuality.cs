using System.Collections.Immutable;
using Rung.Core.Statistics;

namespace Rung.Control.Measurement;

/// <summary>An estimate of quality, or that there is not enough to say.</summary>
public sealed record QualityEstimate
{
    /// <summary>The estimate and its interval, 0 (bad) to 1 (good); null when there are too few sessions.</summary>
    public Interval? Quality { get; init; }
    /// <summary>Judged things: a call or a session counts once for each source.</summary>
    public required int Items { get; init; }
    /// <summary>Sessions that they come from (a call without a session is one of its own): what the interval counts as independent.</summary>
    public required int Sessions { get; init; }
}

/// <summary>What one source says of a tag.</summary>
public sealed record SourceQuality
{
    /// <summary>The source.</summary>
    public required QualitySource Source { get; init; }
    /// <summary>Its own estimate.</summary>
    public required QualityEstimate Estimate { get; init; }
    /// <summary>Share of the combined estimate, 0 to 1; all shares add up to 1.</summary>
    public required double Share { get; init; }
    /// <summary>Whether everything was judged, or a sample whose probabilities are known. False: those who speak up may differ from those who do not.</summary>
    public required bool IsRandomSample { get; init; }
}

/// <summary>The quality of one tag, or of one model on it, from everything that judged it.</summary>
public sealed record TagQuality
{
    /// <summary>The tag; null for calls without one.</summary>
    public string? Tag { get; init; }
    /// <summary>The model; null when all are together, or it is not known.</summary>
    public string? Model { get; init; }
    /// <summary>The combined estimate.</summary>
    public required QualityEstimate Combined { get; init; }
    /// <summary>Each source, the weightiest first.</summary>
    public required ImmutableArray<SourceQuality> Sources { get; init; }
    /// <summary>What the policy's floor says; null when it has none.</summary>
    public FloorStanding? Floor { get; init; }
}

/// <summary>Whether a floor holds.</summary>
public enum FloorState
{
    /// <summary>Not enough data, or the interval lies on both sides of it.</summary>
    CannotBeSaid,
    /// <summary>The whole interval lies at or above it.</summary>
    Met,
    /// <summary>The whole interval lies below it.</summary>
    Broken,
}

/// <summary>A floor and where quality stands to it.</summary>
/// <param name="Verdict">The policy's word for what measures it.</param>
/// <param name="AtLeast">The least mean.</param>
/// <param name="Of">The tier that it is measured against; null for none.</param>
/// <param name="State">Whether it holds.</param>
/// <param name="Estimate">The estimate from those sources alone.</param>
/// <param name="Words">Why, in words.</param>
public sealed record FloorStanding(string Verdict, double AtLeast, string? Of, FloorState State, QualityEstimate Estimate, string Words);
