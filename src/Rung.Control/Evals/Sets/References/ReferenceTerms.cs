namespace Rung.Control.Evals.Sets.References;

/// <summary>How references are asked for.</summary>
public sealed record ReferenceTerms
{
    /// <summary>Most questions at once, where nothing else is said.</summary>
    public const int DefaultConcurrency = 4;

    /// <summary>Where they come from.</summary>
    public ReferenceMode Mode { get; init; }
    /// <summary>The tag whose route, pins and caps hold.</summary>
    public required string Tag { get; init; }
    /// <summary>Models of the reference tier by the policy's names, in the order in which they are asked; empty: nobody can be asked.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];
    /// <summary>Most questions at once, 1 to 64.</summary>
    public int Concurrency { get; init; } = DefaultConcurrency;
    /// <summary>Most that may be spent on the whole build, what a stopped one has spent included, in nano-USD; null: no cap.</summary>
    public long? MaxNanoUsd { get; init; }
}

/// <summary>What filling references would take.</summary>
public sealed record ReferencePlan
{
    /// <summary>Rows whose reference came with them.</summary>
    public required int Given { get; init; }
    /// <summary>Rows whose reference the reference tier gave in production.</summary>
    public required int Captured { get; init; }
    /// <summary>Rows that an earlier, stopped build has asked about.</summary>
    public required int Kept { get; init; }
    /// <summary>Rows that will be left without a reference, because none is wanted or nobody can be asked.</summary>
    public required int Without { get; init; }
    /// <summary>Rows to be asked about.</summary>
    public required IReadOnlyList<DrawnRow> ToAsk { get; init; }
    /// <summary>What asking would cost at most about, in nano-USD, without rows whose price is unknown.</summary>
    public required long EstimateNanoUsd { get; init; }
    /// <summary>Of <see cref="ToAsk"/>, rows whose price is unknown.</summary>
    public required int UnknownPrices { get; init; }
    /// <summary>What the stopped build has spent, in nano-USD.</summary>
    public required long SpentNanoUsd { get; init; }
}

/// <summary>What filling references came to.</summary>
public sealed record ReferenceOutcome
{
    /// <summary>The rows with their references.</summary>
    public required IReadOnlyList<Rung.Storage.Content.EvalRow> Rows { get; init; }
    /// <summary>Rows that were asked about and answered, now or before.</summary>
    public required int Asked { get; init; }
    /// <summary>Rows that no model of the reference tier may see.</summary>
    public required int Forbidden { get; init; }
    /// <summary>Rows that no model of the reference tier can take.</summary>
    public required int DoNotFit { get; init; }
    /// <summary>Rows whose question failed; asking again may help.</summary>
    public required int Failed { get; init; }
    /// <summary>Rows that were not asked about because the cap was reached.</summary>
    public required int OverCap { get; init; }
    /// <summary>Known cost of all questions of the build, in nano-USD.</summary>
    public required long CostNanoUsd { get; init; }
    /// <summary>Attempts whose price is unknown: not in <see cref="CostNanoUsd"/>.</summary>
    public required int UnknownPriceAttempts { get; init; }
    /// <summary>Why some failed: reasons without content, most frequent first, at most three.</summary>
    public required IReadOnlyList<string> FailureReasons { get; init; }

    /// <summary>Whether nothing is left that asking again could change.</summary>
    public bool IsComplete => Failed == 0 && OverCap == 0;
}
