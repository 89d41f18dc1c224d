using Rung.Control.Audit.Running;
using Rung.Core.Policies;
using Rung.Dashboard.Policy;
using Rung.Dashboard.Evidence;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Dashboard.Frame;

/// <summary>Everything that pages may know of the world.</summary>
public sealed class DashboardWorld
{
    /// <summary>The ledger.</summary>
    public required Ledger Ledger { get; init; }
    /// <summary>Captured content, eval sets and reviews; null: this gateway keeps none.</summary>
    public ContentStore? Content { get; init; }
    /// <summary>The clock that calls are stamped with.</summary>
    public required TimeProvider Clock { get; init; }
    /// <summary>The policy in force.</summary>
    public required Func<PolicySnapshot> Policy { get; init; }
    /// <summary>What the gateway knows of itself.</summary>
    public required IGatewayLook Gateway { get; init; }
    /// <summary>Audits of uploaded logs, and of what the ledger has imported.</summary>
    public required AuditDesk Audits { get; init; }
    /// <summary>What may be done with policies and rollouts.</summary>
    public required IPolicyDesk PolicyDesk { get; init; }
    /// <summary>What evidence is judged by; null: nothing here can judge it.</summary>
    public IEvidenceLook? Evidence { get; init; }
    /// <summary>What is simulated, in a sentence that stands on every page; null: nothing.</summary>
    public string? Simulated { get; init; }
}
