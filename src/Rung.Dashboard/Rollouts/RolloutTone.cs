using Rung.Core.Rollouts;
using Rung.Storage.Rollouts;

namespace Rung.Dashboard.Rollouts;

/// <summary>States of rollouts and guards as tones and words.</summary>
internal static class RolloutTone
{
    /// <summary>The tone of a rollout.</summary>
    public static string Of(Rollout rollout) => rollout.Last.Kind switch
    {
        RolloutEventKind.RolledBack => "bad", RolloutEventKind.Completed or RolloutEventKind.Closed => "good", RolloutEventKind.Held => "warn", _ => "none",
    };

    /// <summary>The tone of a guard.</summary>
    public static string Of(GuardState state) => state switch { GuardState.Held => "good", GuardState.Broken => "bad", _ => "none" };

    /// <summary>A guard's state in words.</summary>
    public static string WordOf(GuardState state) => state switch { GuardState.Held => "within its margin", GuardState.Broken => "shown to be worse", _ => "open" };

    /// <summary>A decision in words.</summary>
    public static string WordOf(RolloutDecision decision) => decision switch { RolloutDecision.Advance => "advance", RolloutDecision.RollBack => "roll back", _ => "hold" };

    /// <summary>The tone of an event.</summary>
    public static string Of(RolloutEventKind kind) => kind switch
    {
        RolloutEventKind.RolledBack => "bad", RolloutEventKind.Held => "warn", RolloutEventKind.Completed or RolloutEventKind.Closed or RolloutEventKind.Advanced or RolloutEventKind.ShadowEnded => "good", _ => "none",
    };
}
