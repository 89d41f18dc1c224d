using System.CommandLine;
using System.Security.Cryptography;
using Rung.Control.Rollouts;
using Rung.Serving;
using Rung.Storage;

namespace Rung.Commands.Rollout;

/// <summary><c>rung rollout</c>: a candidate beside the current policy, in stages, with guards.</summary>
internal static class RolloutCommand
{
    /// <summary>The group.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="terminal">Where a person answers questions; null when nobody is there to ask.</param>
    public static Command Create(TimeProvider clock, TextReader? terminal) => new("rollout", "Bring a policy to users in stages, with guards that take it back.")
    {
        RolloutStartCommand.Create(clock, terminal, isDry: false),
        RolloutStartCommand.Create(clock, terminal, isDry: true),
        RolloutListCommand.Create(clock),
        RolloutStatusCommand.Create(clock),
        RolloutMoveCommand.Create(clock, "advance", "Go to the next stage whatever the guards say; at the last one the candidate becomes the policy.", (desk, id, why, token) => desk.AdvanceAsync(id, Environment.UserName, why, token)),
        RolloutMoveCommand.Create(clock, "hold", "Stop it from advancing by itself. Its guards go on watching, and may roll it back.", (desk, id, why, token) => desk.HoldAsync(id, Environment.UserName, why, token)),
        RolloutMoveCommand.Create(clock, "resume", "Let it advance by itself again.", (desk, id, why, token) => desk.ResumeAsync(id, Environment.UserName, why, token)),
        RolloutMoveCommand.Create(clock, "rollback", "Give every unit back to the current policy, at once.", (desk, id, why, token) => desk.RollBackAsync(id, Environment.UserName, why, token)),
    };

    /// <summary>The number of a rollout.</summary>
    internal static Argument<long> IdArgument() => new("id") { Description = "The number of the rollout; see: rung rollout list.", HelpName = "ID" };

    /// <summary>Opens a ledger that is there already: a rollout or a freeze in a directory that nobody serves from is a slip of the path.</summary>
    internal static Ledger OpenExisting(string directory, TimeProvider clock)
    {
        Ledger.OpenReadOnly(directory, clock).DisposeAsync().AsTask().GetAwaiter().GetResult();
        return Ledger.Open(directory, clock);
    }

    /// <summary>Opens the desk on a ledger.</summary>
    internal static RolloutDesk Desk(Ledger ledger, string data, string policyPath, TimeProvider clock) =>
        new(ledger, PolicyFileAccess.Of(policyPath, PricesFile.ReadEffective(named: null, data), clock), clock, () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
}
