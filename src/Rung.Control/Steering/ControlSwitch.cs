using Rung.Control.Rollouts;
using Rung.Storage;
using Rung.Storage.Control;

namespace Rung.Control.Steering;

/// <summary>The switch that stops the control loop from acting. Every turn stays on record with who and why.</summary>
/// <param name="ledger">The ledger.</param>
/// <param name="clock">The clock.</param>
public sealed class ControlSwitch(Ledger ledger, TimeProvider clock)
{
    /// <summary>Lets nothing advance and no route be moved. Rollouts that do harm are rolled back all the same.</summary>
    /// <param name="length">For how long: <c>30m</c>, <c>12h</c>, <c>3d</c>; null: until somebody lets go.</param>
    /// <param name="by">Who.</param>
    /// <param name="why">Why.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <exception cref="RolloutException">The length is none, or there is no reason.</exception>
    public async Task<ControlFreeze> FreezeAsync(string? length, string by, string why, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? until = null;
        if (length is not null)
        {
            if (LengthOfTime.Read(length) is not { } time || time <= TimeSpan.Zero) throw new RolloutException(RolloutFault.Invalid, $"{length} is no length of time.", "Write it as 30m, 12h or 3d.");
            until = now + time;
        }
        return await TurnAsync(new ControlFreeze { At = now, Frozen = true, Until = until, By = by, Why = why }, cancellationToken);
    }

    /// <summary>Lets it act again.</summary>
    /// <param name="by">Who.</param>
    /// <param name="why">Why.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <exception cref="RolloutException">There is no reason.</exception>
    public Task<ControlFreeze> UnfreezeAsync(string by, string why, CancellationToken cancellationToken) =>
        TurnAsync(new ControlFreeze { At = clock.GetUtcNow(), Frozen = false, By = by, Why = why }, cancellationToken);

    private async Task<ControlFreeze> TurnAsync(ControlFreeze turn, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(turn.Why)) throw new RolloutException(RolloutFault.Invalid, "The reason is empty.", "Say why, for whoever reads the history.");
        await ledger.FreezeAsync(turn, cancellationToken);
        return turn;
    }
}
