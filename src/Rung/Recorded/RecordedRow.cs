namespace Rung.Recorded;

/// <summary>One prompt and what every model did with it.</summary>
internal sealed class RecordedRow
{
    private readonly List<RecordedOutcome> _outcomes = [];

    /// <summary>The recording's id of the prompt.</summary>
    public required string Id { get; init; }
    /// <summary>The benchmark and its sub-task; empty when not recorded.</summary>
    public required string Source { get; init; }
    /// <summary>The prompt, as recorded.</summary>
    public required string Prompt { get; init; }
    /// <summary>Hash of the normalised prompt.</summary>
    public required UInt128 Key { get; init; }
    /// <summary>The right answer; null when not recorded.</summary>
    public string? Gold { get; init; }
    /// <summary>Tools the models could call, JSON as recorded; null when none.</summary>
    public string? Tools { get; init; }
    /// <summary>The group of near-identical prompts that it belongs to (a <c>split_hint</c> that starts with <c>g:</c>); null when it stands alone.</summary>
    public string? Group { get; init; }
    /// <summary>What each model did, every model once.</summary>
    public IReadOnlyList<RecordedOutcome> Outcomes => _outcomes;

    /// <summary>What one model did; null when the recording has nothing of it for this prompt.</summary>
    public RecordedOutcome? Of(string model)
    {
        foreach (var outcome in _outcomes)
        {
            if (string.Equals(outcome.Model, model, StringComparison.Ordinal)) return outcome;
        }
        return null;
    }

    /// <summary>Adds what a model did, while the files are read. False when that model is there already: the first stands.</summary>
    public bool TryAdd(RecordedOutcome outcome)
    {
        if (Of(outcome.Model) is not null) return false;
        _outcomes.Add(outcome);
        return true;
    }
}
