namespace Rung.Storage.Content;

/// <summary>An item whose right verdict is known: a test for a judge.</summary>
/// <param name="Id">Id: <c>a-</c> and 16 hexadecimal digits of its content.</param>
/// <param name="Item">The item, JSON, UTF-8. The store does not look into it.</param>
public sealed record JudgeAnchor(string Id, ReadOnlyMemory<byte> Item);

/// <summary>How a judge scored the anchors of a tag, once.</summary>
public sealed record JudgeAnchorRun
{
    /// <summary>Number of the run; the store gives it.</summary>
    public long Id { get; init; }
    /// <summary>The job whose judge is tested.</summary>
    public required string Tag { get; init; }
    /// <summary>The judge's own tag.</summary>
    public required string JudgeTag { get; init; }
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>The policy's name of the judge's model; of several, the one that answered most.</summary>
    public required string Model { get; init; }
    /// <summary>Its name and version as the upstream reported it; null when it reported none.</summary>
    public string? Version { get; init; }
    /// <summary>Hash of the way of judging and the rubric: under other terms scores cannot be compared.</summary>
    public required string Terms { get; init; }
    /// <summary>Known cost of every question, in nano-USD.</summary>
    public long CostNanoUsd { get; init; }
    /// <summary>Attempts whose price is unknown.</summary>
    public int UnknownPriceAttempts { get; init; }
    /// <summary>What it said of each anchor.</summary>
    public required IReadOnlyList<JudgeAnchorScore> Scores { get; init; }
}

/// <summary>What a judge said of one anchor.</summary>
/// <param name="Anchor">The anchor.</param>
/// <param name="Score">The score, 0 to 1; null: no verdict of the asked form came.</param>
/// <param name="IsRight">Whether that is the known verdict; null as above.</param>
/// <param name="Questions">Questions that it took.</param>
public sealed record JudgeAnchorScore(string Anchor, double? Score, bool? IsRight, int Questions);
