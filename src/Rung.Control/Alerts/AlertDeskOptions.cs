using System.Collections.Immutable;
using Rung.Core.Alerts;
using Rung.Core.Policies;

namespace Rung.Control.Alerts;

/// <summary>What an <see cref="AlertDesk"/> works with.</summary>
public sealed record AlertDeskOptions
{
    /// <summary>Gives the targets of the policy in force. Asked at every step.</summary>
    public required Func<ImmutableArray<AlertTarget>> Targets { get; init; }
    /// <summary>Told of every change that is worth a line in the log.</summary>
    public required Action<AlertTransition> Log { get; init; }
    /// <summary>Told when alerts can no longer be stored, and when they can again (null).</summary>
    public required Action<Exception?> StoreFailed { get; init; }
    /// <summary>The times of the book.</summary>
    public AlertTimes Times { get; init; } = new();
    /// <summary>Gives where alerts can be seen, for messages; null: not known.</summary>
    public Func<Uri?> Link { get; init; } = () => null;
}
