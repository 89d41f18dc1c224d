using Rung.Core.Policies;
using Rung.Core.Spans;

namespace Rung.Gateway.Recording;

/// <summary>Stores the content of calls. Storing the same call twice leaves one copy.</summary>
public delegate Task KeepContent(IReadOnlyList<CallContent> batch, CancellationToken cancellationToken);

/// <summary>The content of one call: redacted, and within the size that the policy keeps.</summary>
public sealed record CallContent
{
    /// <summary>What the ledger has of it.</summary>
    public required CallRecord Call { get; init; }
    /// <summary>What the policy says of keeping it.</summary>
    public required Capture Capture { get; init; }
    /// <summary>Data classes of the call, its route's included, separated by commas; null when none.</summary>
    public string? DataClass { get; init; }
    /// <summary>Text pieces that were blotted out.</summary>
    public required int Redactions { get; init; }
    /// <summary>The client's request, JSON in UTF-8, without the fields that say who asks and how the answer travels.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }
    /// <summary>Every whole answer, in order of attempts.</summary>
    public required IReadOnlyList<AnswerContent> Answers { get; init; }
}

/// <summary>The content of one whole answer.</summary>
/// <param name="Attempt">What the ledger has of it.</param>
/// <param name="Served">Whether the client got this one.</param>
/// <param name="Message">The assistant's message of its first choice, JSON in UTF-8, redacted.</param>
public sealed record AnswerContent(AttemptRecord Attempt, bool Served, ReadOnlyMemory<byte> Message);
