using Rung.Core.Statistics;

namespace Rung.Dashboard.Evidence;

/// <summary>One line of a plot of intervals.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">The estimate with its interval; null: not known.</param>
public sealed record IntervalRow(string Label, Interval? Value)
{
    /// <summary>The numbers in words.</summary>
    public required string Text { get; init; }
    /// <summary>Sample size and the like.</summary>
    public string? Note { get; init; }
    /// <summary>good, warn, bad or none.</summary>
    public string Tone { get; init; } = "none";
    /// <summary>Where it leads; null: nowhere.</summary>
    public string? Url { get; init; }
    /// <summary>One-sided bound that a decision looks at; null: none.</summary>
    public double? Bound { get; init; }
    /// <summary>Whether it stands back behind the line above it.</summary>
    public bool IsMinor { get; init; }
}

/// <summary>A value that the lines of a plot are held against.</summary>
/// <param name="At">Where.</param>
/// <param name="Name">What it is.</param>
public sealed record IntervalMark(double At, string Name);
