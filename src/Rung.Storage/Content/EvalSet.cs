namespace Rung.Storage.Content;

/// <summary>One version of an eval set. Rows are never changed: another version has other rows. A row may be removed (deletion), which leaves a note.</summary>
public sealed record EvalSet
{
    /// <summary>Name: 1 to 64 of a-z, 0-9, '.', '_', '-'.</summary>
    public required string Name { get; init; }
    /// <summary>Number of the version, from 1.</summary>
    public required int Version { get; init; }
    /// <summary>SHA-256 over its rows as they were made, 64 lower-case hexadecimal digits. Removing a row does not change it.</summary>
    public required string Hash { get; init; }
    /// <summary>The job that it is about; null when none is known.</summary>
    public string? Tag { get; init; }
    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset MadeAt { get; init; }
    /// <summary>How, in one line: the command.</summary>
    public required string MadeBy { get; init; }
    /// <summary>Seed of every random choice.</summary>
    public long Seed { get; init; }
    /// <summary>What the inputs look like, as JSON (see <c>Rung.Core.Statistics.InputProfile</c>); null when it was not worked out.</summary>
    public string? Profile { get; init; }
    /// <summary>Rows as made.</summary>
    public required int Rows { get; init; }
    /// <summary>Of these, rows that were removed since.</summary>
    public int Removed { get; init; }
    /// <summary>Notes on removed rows, oldest first: when, how many, why. Never who.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
    /// <summary>Whether its numbers come from simulated or made-up models or traffic.</summary>
    public bool Simulated { get; init; }
}

/// <summary>Which part of a set a row belongs to.</summary>
public enum EvalPart : byte
{
    /// <summary>May be used to train, tune and choose thresholds.</summary>
    Tune = 1,
    /// <summary>Held out: only ever used to decide. Near-duplicates are never on both sides.</summary>
    Test = 2,
}

/// <summary>Where the reference of a row comes from.</summary>
public enum ReferenceSource : byte
{
    /// <summary>It has none.</summary>
    None = 0,
    /// <summary>A model of the reference tier answered, for this set or in production.</summary>
    Model = 1,
    /// <summary>A person wrote, chose or corrected it.</summary>
    Person = 2,
    /// <summary>It came with the data: a known right answer.</summary>
    Given = 3,
}

/// <summary>One row of an eval set.</summary>
public sealed record EvalRow
{
    /// <summary>Stable id within the set, from the content of the request and its origin: <c>r-</c> and 16 hexadecimal digits.</summary>
    public required string Id { get; init; }
    /// <summary>Place in the set, from 0.</summary>
    public required int Position { get; init; }
    /// <summary>Which part.</summary>
    public required EvalPart Part { get; init; }
    /// <summary>The request: a JSON object in the form of chat completions without <c>model</c>, UTF-8.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }
    /// <summary>The reference answer, a message as in <see cref="CapturedAnswer.Message"/>; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Reference { get; init; }
    /// <summary>Where the reference comes from.</summary>
    public ReferenceSource ReferenceSource { get; init; }
    /// <summary>Who gave the reference: a model's name, a person's; null when nobody is named.</summary>
    public string? ReferenceBy { get; init; }
    /// <summary>What the reference cost, in nano-USD; null when unknown or when nothing was asked.</summary>
    public long? ReferenceCostNanoUsd { get; init; }
    /// <summary>Where the row comes from: <c>call 0198…</c>, <c>file questions.jsonl:12</c>, <c>recorded gsm8k/17</c>.</summary>
    public required string Origin { get; init; }
    /// <summary>The call that it was taken from; null when from elsewhere.</summary>
    public string? CallId { get; init; }
    /// <summary>When that call began, UTC; null when there is none.</summary>
    public DateTimeOffset? CalledAt { get; init; }
    /// <summary>Session of that call; null when none.</summary>
    public string? Session { get; init; }
    /// <summary>User of that call; null when none.</summary>
    public string? User { get; init; }
    /// <summary>Data class of that call: pins hold for it; null when none.</summary>
    public string? DataClass { get; init; }
    /// <summary>Stratum that it was sampled from, in words; null when there are none.</summary>
    public string? Stratum { get; init; }
    /// <summary>How many rows of the population it stands for, above 0: the inverse of its probability of being sampled, up to a factor.</summary>
    public double Weight { get; init; } = 1;
    /// <summary>Rows of one group are near-duplicates, or of one conversation: statistics keep them together. Null: a group of its own.</summary>
    public string? Group { get; init; }
}
