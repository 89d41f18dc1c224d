using Microsoft.Extensions.Logging;
using Rung.Gateway.Recording;

namespace Rung.Gateway.Dispatch;

/// <summary>What a <see cref="ModelCaller"/> may know of the world.</summary>
public sealed record ModelCallerOptions
{
    /// <summary>Writes a call to the ledger; an answer is given out once this has returned.</summary>
    public required AppendCalls Append { get; init; }
    /// <summary>Reads the keys of models.</summary>
    public required ReadSecret ReadSecret { get; init; }
    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }
    /// <summary>Decides between models that are equally good, and how long a wait is.</summary>
    public required Chance Chance { get; init; }
    /// <summary>The log.</summary>
    public required ILoggerFactory Log { get; init; }
    /// <summary>How long a question may wait in all for a model that is unavailable or asks to be left alone. No client waits, so it is longer than a call's.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);
}
