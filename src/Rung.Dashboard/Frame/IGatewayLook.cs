using Rung.Control.Health;

namespace Rung.Dashboard.Frame;

/// <summary>What the process that serves knows of itself beyond the ledger: the pages' only view of the gateway.</summary>
public interface IGatewayLook
{
    /// <summary>Marks that change when something that pages show has changed. Cheap: asked for once in two seconds while somebody looks.</summary>
    Task<LiveMarks> MarksAsync(CancellationToken cancellationToken);

    /// <summary>How the serving process is: its models' circuits, its queues, what it refused. Of this instant, without I/O.</summary>
    ServingHealth Health();
}

/// <summary>One mark for each thing that pages follow; equal marks mean that nothing has changed.</summary>
/// <param name="Calls">Calls and verdicts.</param>
/// <param name="Policy">The policy in force and the revisions.</param>
/// <param name="Rollouts">Rollouts and what the control loop did.</param>
/// <param name="Alerts">Alerts and silences.</param>
/// <param name="Reviews">The queue of reviews.</param>
public sealed record LiveMarks(string Calls, string Policy, string Rollouts, string Alerts, string Reviews);
