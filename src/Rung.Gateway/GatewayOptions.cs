using Rung.Core.Spans;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Intake;
using Rung.Gateway.Recording;
using Rung.Gateway.Shadows;

namespace Rung.Gateway;

/// <summary>Finds a call in the ledger by its id; null when there is none.</summary>
public delegate Task<CallRecord?> FindCall(string id, CancellationToken cancellationToken);

/// <summary>What a gateway is made of: everything it may know of the world comes in here.</summary>
public sealed class GatewayOptions
{
    /// <summary>The policy in force.</summary>
    public required PolicyHolder Policies { get; init; }
    /// <summary>Writes to the ledger.</summary>
    public required AppendCalls Append { get; init; }
    /// <summary>Reads from the ledger.</summary>
    public required FindCall Find { get; init; }
    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }
    /// <summary>Decides between models that are equally good.</summary>
    public required Chance Chance { get; init; }
    /// <summary>The gateway's own keys; none: everyone who reaches the port.</summary>
    public ClientKeys Keys { get; init; } = new([]);
    /// <summary>Stores the content that the policy's captures keep; null: none is kept, whatever the policy says.</summary>
    public KeepContent? Keep { get; init; }
    /// <summary>How that content travels.</summary>
    public ContentTapOptions Content { get; init; } = new();
    /// <summary>Compares the answers of a rollout's shadow; null: copies are asked and booked, and nobody compares.</summary>
    public JudgeShadow? JudgeShadow { get; init; }
    /// <summary>How copies travel to the candidate of a rollout.</summary>
    public ShadowOptions Shadows { get; init; } = new();
    /// <summary>How calls travel to the ledger.</summary>
    public RecorderOptions Recorder { get; init; } = new();
}
