using System.Text.Json;
using Rung.Control.Rollouts;
using Rung.Core.Rollouts;
using Rung.Storage.Rollouts;

namespace Rung.Commands.Rollout;

/// <summary>Rollouts as JSON.</summary>
internal static class RolloutJson
{
    /// <summary>One rollout with all that happened to it, and the last reading of its guards.</summary>
    public static object Of(Storage.Rollouts.Rollout rollout, RolloutReading? reading) => new
    {
        rollout.Id, State = RolloutWords.State(rollout), rollout.IsOpen, rollout.IsHeld, rollout.IsShadow, SharePercent = rollout.Share / 100.0,
        rollout.Candidate, rollout.Base, Plan = Plan(rollout.Plan),
        Events = rollout.Events.Select(happened => new
        {
            happened.At, Kind = happened.Kind, happened.Stage, happened.By, happened.Why, Numbers = happened.Numbers is { } numbers ? JsonDocument.Parse(numbers).RootElement : (JsonElement?)null,
        }),
        Reading = reading is null ? null : new { reading.At, reading.Stage, Verdict = JsonDocument.Parse(reading.Verdict).RootElement },
    };

    /// <summary>A plan.</summary>
    public static JsonElement Plan(RolloutPlan plan) => JsonDocument.Parse(RolloutPlanJson.Write(plan)).RootElement;

    /// <summary>What a start would do.</summary>
    public static object Of(RolloutProposal proposal) => new
    {
        Candidate = proposal.Candidate.Name, Hash = proposal.Candidate.Snapshot.Hash, Base = proposal.Current.Number, proposal.Why, Plan = Plan(proposal.Plan),
        Changes = proposal.Scope.Changes,
        Traffic = new
        {
            proposal.Traffic.Calls, proposal.Traffic.CallsPerDay, proposal.Traffic.WithSession, proposal.Traffic.WithUser, proposal.Traffic.Checked, proposal.Traffic.Priced,
        },
        Forecast = proposal.Forecast.Select(stage => new
        {
            SharePercent = stage.Share / 100.0, LeastSeconds = stage.LeastTime.TotalSeconds, Seconds = stage.Time?.TotalSeconds, stage.Needed, Slowest = stage.Slowest is { } slowest ? GuardWords.Of(slowest) : null,
        }),
        Seconds = proposal.Time?.TotalSeconds, proposal.CallsExposed, proposal.Notes,
    };
}
