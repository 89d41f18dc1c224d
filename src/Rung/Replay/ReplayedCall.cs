namespace Rung.Replay;

/// <summary>Where the cost of a replayed call comes from.</summary>
internal enum CostSource : byte
{
    /// <summary>It is unknown: no price, or no tokens.</summary>
    Unknown = 0,
    /// <summary>Recorded tokens of the model that the policy chose, at its price.</summary>
    Recorded = 1,
    /// <summary>What was really paid: the policy would have asked the same model.</summary>
    Paid = 2,
    /// <summary>Tokens that another model used, at the price of the model that the policy chose.</summary>
    Repriced = 3,
    /// <summary>The policy refuses the call: nobody is asked, nothing is paid.</summary>
    NotAsked = 4,
}

/// <summary>What one policy makes of one recorded call.</summary>
internal sealed record ReplayedCall
{
    /// <summary>The policy's name of the model that answers; null when none does.</summary>
    public string? Model { get; init; }
    /// <summary>The rung it stands on; null when nobody answers, or nobody knows.</summary>
    public string? Tier { get; init; }
    /// <summary>Every attempt, as <c>kind model</c>, in order.</summary>
    public IReadOnlyList<string> Made { get; init; } = [];
    /// <summary>How often it climbed; null when nobody can say.</summary>
    public int? Climbs { get; init; }
    /// <summary>What it costs, in nano-USD; null when unknown.</summary>
    public long? CostNanoUsd { get; init; }
    /// <summary>Where the cost comes from.</summary>
    public CostSource CostSource { get; init; }
    /// <summary>What it would cost at the policy's reference model, in nano-USD; null when unknown.</summary>
    public long? BaselineNanoUsd { get; init; }
    /// <summary>The grade of the answer, 0 to 1; null when it has none. An error has none either, and counts 0.</summary>
    public double? Score { get; init; }
    /// <summary>A word for why there is no answer; null when there is one.</summary>
    public string? Error { get; init; }
    /// <summary>Whether nobody can say what the policy makes of it: something hangs on a check of an answer that was not kept. Such a call is in no figure.</summary>
    public bool IsUnjudged { get; init; }

    /// <summary>What counts towards accuracy: the grade, 0 for an error, null for an answer without a grade.</summary>
    public double? Graded => IsUnjudged ? null : Error is not null ? 0 : Score;
    /// <summary>The cost where it counts: null for a call that cannot be judged.</summary>
    public long? Cost => IsUnjudged ? null : CostNanoUsd;
}

/// <summary>One recorded call under the policy and under what it is compared with.</summary>
/// <param name="Id">The recording's id of the call.</param>
/// <param name="Tag">Its tag; null for none.</param>
/// <param name="Group">Calls that share it are resampled together: near-identical prompts, one session.</param>
/// <param name="A">Under the policy.</param>
/// <param name="B">Under what it is compared with.</param>
internal sealed record ReplayRow(string Id, string? Tag, int Group, ReplayedCall A, ReplayedCall B);
