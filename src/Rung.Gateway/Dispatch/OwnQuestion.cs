using Rung.Core.Spans;

namespace Rung.Gateway.Dispatch;

/// <summary>A question of the product itself: an answer that is to be graded, a reference, a verdict. No client waits for it.</summary>
public sealed record OwnQuestion
{
    /// <summary>The policy's name of the one model that may answer; null: the route of <see cref="Tag"/> decides, with its checks and its escalation, as for a call.</summary>
    public string? Model { get; init; }
    /// <summary>The tag whose route, pins and caps hold.</summary>
    public required string Tag { get; init; }
    /// <summary>The tag that the content comes from, where it is another one: its pins hold too. Null: no other.</summary>
    public string? AboutTag { get; init; }
    /// <summary>Data class of the content, for pins; null when none. What the request's own metadata says counts beside it.</summary>
    public string? DataClass { get; init; }
    /// <summary>The end user whose content it is, for pins alone: the ledger does not name them again. Null when none.</summary>
    public string? User { get; init; }
    /// <summary>The tenant whose content it is, for pins alone; null when none. What the request's own metadata says counts where this says nothing.</summary>
    public string? Tenant { get; init; }
    /// <summary>The role whose content it is, for pins alone; null when none.</summary>
    public string? Role { get; init; }
    /// <summary>The tag that the bill shows.</summary>
    public required string BookedTag { get; init; }
    /// <summary>The role that the bill shows.</summary>
    public required string BookedRole { get; init; }
    /// <summary>The session that the bill shows; null for none.</summary>
    public string? Session { get; init; }
    /// <summary>The arm of a rollout that the bill shows; null for none.</summary>
    public string? Arm { get; init; }
    /// <summary>Id of the call in the ledger, 32 hexadecimal digits; null: one is made.</summary>
    public string? CallId { get; init; }
    /// <summary>A JSON object in the form of chat completions, UTF-8. Its <c>model</c>, <c>stream</c> and <c>stream_options</c> are replaced.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }
}

/// <summary>How a question of the product itself ended.</summary>
public enum OwnStatus : byte
{
    /// <summary>A whole answer came.</summary>
    Answered = 1,
    /// <summary>Every attempt failed.</summary>
    Failed = 2,
    /// <summary>A pin keeps the content away: nothing was sent.</summary>
    Forbidden = 3,
    /// <summary>The model cannot take it, or it is no request: nothing was sent.</summary>
    DoesNotFit = 4,
}

/// <summary>What came back.</summary>
public sealed record OwnAnswer
{
    /// <summary>How it ended.</summary>
    public required OwnStatus Status { get; init; }
    /// <summary>The first choice's message, JSON, UTF-8; empty when none came.</summary>
    public ReadOnlyMemory<byte> Message { get; init; }
    /// <summary>The call as it was written to the ledger; null when nothing was sent.</summary>
    public CallRecord? Call { get; init; }
    /// <summary>The attempt that answered, or the last one; null when nothing was sent.</summary>
    public AttemptRecord? Attempt { get; init; }
    /// <summary>For anything but an answer, why, in words without content; else null.</summary>
    public string? Why { get; init; }
}
