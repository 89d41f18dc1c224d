namespace Rung.Recorded;

/// <summary>How rows of a recording are read.</summary>
internal sealed record RecordedReading
{
    /// <summary>The field of a model that holds its grade, for example <c>correct_regraded</c>; null: <c>correct</c>, else <c>score</c>.</summary>
    public string? Label { get; init; }
    /// <summary>
    /// Whether a row whose prompt was seen before is a row of its own. A server cannot tell the two apart; who learns can, because the tools may differ.
    /// </summary>
    public bool KeepDuplicates { get; init; }
    /// <summary>Whether an outcome of which only the grade was kept gets a <see cref="StandIn"/> for an answer.</summary>
    public bool StandIns { get; init; }
}
