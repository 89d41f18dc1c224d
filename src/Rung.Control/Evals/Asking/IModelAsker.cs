using Rung.Core.Spans;

namespace Rung.Control.Evals.Asking;

/// <summary>Asks models on behalf of an eval. The gateway's own client stands behind it: pins are asserted, every attempt is priced and written to the ledger.</summary>
public interface IModelAsker
{
    /// <summary>Asks. Never throws for what an upstream does: the answer says how it ended.</summary>
    Task<ModelAnswer> AskAsync(ModelQuestion question, CancellationToken cancellationToken);

    /// <summary>What a question would cost at most about now, in nano-USD, by its length, its output cap and today's price; null when the price is unknown.</summary>
    long? Estimate(ModelQuestion question);
}

/// <summary>What a question is for.</summary>
public enum AskPurpose : byte
{
    /// <summary>An answer of a model that is being judged.</summary>
    Candidate = 1,
    /// <summary>A reference answer.</summary>
    Reference = 2,
    /// <summary>A verdict of a judge.</summary>
    Judge = 3,
}

/// <summary>One question to one model, or to a route.</summary>
public sealed record ModelQuestion
{
    /// <summary>The policy's name of the model; null: the route of <see cref="Tag"/> chooses, as it would for a call.</summary>
    public string? Model { get; init; }
    /// <summary>The tag: whose route, pins and caps hold, and which job the eval is about. For a judge, the judge's tag.</summary>
    public required string Tag { get; init; }
    /// <summary>Data class of the row: pins hold for it; null when none.</summary>
    public string? DataClass { get; init; }
    /// <summary>The tag that the content comes from, where <see cref="Tag"/> is another one (a judge's): its pins hold too. Null: no other.</summary>
    public string? AboutTag { get; init; }
    /// <summary>The end user whose content it is, for pins alone: the ledger does not name them again. Null when none is known.</summary>
    public string? User { get; init; }
    /// <summary>What it is for.</summary>
    public required AskPurpose Purpose { get; init; }
    /// <summary>What it is part of, for the bill: the ledger shows it as the session. Null when it is part of nothing.</summary>
    public string? Session { get; init; }
    /// <summary>Id of the call in the ledger, 32 hexadecimal digits, for whoever must write it down beforehand; null: one is made.</summary>
    public string? CallId { get; init; }
    /// <summary>The request: a JSON object in the form of chat completions, UTF-8; <c>model</c> and <c>stream</c> are set by the asker.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }
}

/// <summary>How a question ended.</summary>
public enum AskStatus : byte
{
    /// <summary>A whole answer came.</summary>
    Answered = 1,
    /// <summary>Every attempt failed.</summary>
    Failed = 2,
    /// <summary>A pin keeps this row away from the model: nothing was sent.</summary>
    Forbidden = 3,
    /// <summary>The model cannot take it (tools, vision, context): nothing was sent.</summary>
    DoesNotFit = 4,
}

/// <summary>What came back.</summary>
public sealed record ModelAnswer
{
    /// <summary>How it ended.</summary>
    public required AskStatus Status { get; init; }
    /// <summary>The assistant's message (<c>content</c>, <c>tool_calls</c>), JSON, UTF-8; empty when none came.</summary>
    public ReadOnlyMemory<byte> Message { get; init; }
    /// <summary>Finish reason as the upstream gave it; null when none.</summary>
    public string? FinishReason { get; init; }
    /// <summary>The policy's name of the model that answered, or was asked last; null when none was.</summary>
    public string? Model { get; init; }
    /// <summary>The model's name and version as the upstream reported it; null when it reported none.</summary>
    public string? UpstreamModel { get; init; }
    /// <summary>Known cost of all attempts, in nano-USD.</summary>
    public long CostNanoUsd { get; init; }
    /// <summary>Attempts whose price is unknown: not in <see cref="CostNanoUsd"/>.</summary>
    public int UnknownPriceAttempts { get; init; }
    /// <summary>What the same tokens would have cost at the reference tier, in nano-USD; null when that price is unknown or nothing was answered.</summary>
    public long? BaselineNanoUsd { get; init; }
    /// <summary>Tokens of the answering attempt.</summary>
    public TokenUsage Usage { get; init; }
    /// <summary>From start to end, in microseconds, waiting for other questions not included.</summary>
    public long LatencyMicros { get; init; }
    /// <summary>Attempts made.</summary>
    public int Attempts { get; init; }
    /// <summary>The call in the ledger; null when nothing was sent.</summary>
    public string? CallId { get; init; }
    /// <summary>For anything but <see cref="AskStatus.Answered"/>, why, in words without content; else null.</summary>
    public string? Why { get; init; }
}
