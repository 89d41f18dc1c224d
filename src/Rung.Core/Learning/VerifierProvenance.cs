using System.Collections.Immutable;

namespace Rung.Core.Learning;

/// <summary>A file that a model was trained on.</summary>
/// <param name="Name">Its name, without folders.</param>
/// <param name="Sha256">SHA-256 of its bytes, small hexadecimal.</param>
public sealed record TrainingFile(string Name, string Sha256);

/// <summary>Where a model comes from: enough to train it again and to tell whether the data changed.</summary>
public sealed record VerifierProvenance
{
    /// <summary>When it was trained.</summary>
    public required DateTimeOffset TrainedAt { get; init; }
    /// <summary>The files it was trained on.</summary>
    public required ImmutableArray<TrainingFile> Files { get; init; }
    /// <summary>The tag whose rows it was trained on; null for all.</summary>
    public string? Tag { get; init; }
    /// <summary>The field of the recording that held the grades.</summary>
    public required string Label { get; init; }
    /// <summary>How many rows.</summary>
    public required int Rows { get; init; }
    /// <summary>Folds of its cross-validation.</summary>
    public required int Folds { get; init; }
    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }
    /// <summary>Figures of the cross-validation by name: <c>apgr</c>, <c>auroc</c>, <c>cost_share_98</c> and so on.</summary>
    public required ImmutableSortedDictionary<string, double> Metrics { get; init; }
}
