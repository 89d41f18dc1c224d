using Rung.Core.Policies;

namespace Rung.Control.Measurement;

/// <summary>Whose quality to estimate.</summary>
public sealed record QualityQuery
{
    /// <summary>One tag; null: every tag.</summary>
    public string? Tag { get; init; }
    /// <summary>Verdicts given, and checked calls begun, then or later; null: from the first one.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>The same before; null: to the last one.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>A row for each model, rather than for each tag.</summary>
    public bool ByModel { get; init; }
    /// <summary>Calls of other systems, rather than those of this gateway.</summary>
    public bool Imported { get; init; }
    /// <summary>The policy whose floors are looked at; null: none.</summary>
    public PolicySnapshot? Policy { get; init; }
}
