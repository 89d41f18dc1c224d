using System.Collections.Immutable;
using Rung.Core.Policies;
using Rung.Core.Requests;

namespace Rung.Core.Decisions;

/// <summary>What became of one model in a decision.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Tier">The rungs it stands on, joined by commas; empty when on none.</param>
/// <param name="Chosen">Whether it is a candidate.</param>
/// <param name="Why">Why it is one, or why it was dropped.</param>
public sealed record CandidateExplanation(string Model, string Tier, bool Chosen, string Why);

/// <summary>A decision with its reasons.</summary>
/// <param name="Status">How it came out.</param>
/// <param name="Route">The route that matched.</param>
/// <param name="Tier">The rung to start at.</param>
/// <param name="Steps">What happened, in order, one sentence a step.</param>
/// <param name="Candidates">Every model of the policy, in its order.</param>
public sealed record Explanation(
    DecisionStatus Status, string Route, string Tier, ImmutableArray<string> Steps, ImmutableArray<CandidateExplanation> Candidates)
{
    /// <summary>Decides and says why, for every step and every model.</summary>
    public static Explanation Of(PolicySnapshot policy, in CallFacts facts)
    {
        var decision = Decider.Decide(policy, facts);
        var candidates = ImmutableArray.CreateBuilder<CandidateExplanation>(policy.Models.Length);
        foreach (var model in policy.Models) candidates.Add(Explain(policy, decision, model, facts));
        return new(decision.Status, decision.Route.Name, decision.Tier.Name, StepsOf(policy, decision, facts), candidates.MoveToImmutable());
    }

    private static ImmutableArray<string> StepsOf(PolicySnapshot policy, in Decision decision, in CallFacts facts)
    {
        var route = decision.Route;
        var steps = ImmutableArray.CreateBuilder<string>();
        steps.Add(route.Kind switch
        {
            RouteKind.Tag => $"Tag {facts.Tag} has a route of its own.",
            RouteKind.Role => $"{(facts.Tag is null ? "There is no tag" : $"Tag {facts.Tag} is not in the policy")}, so role {facts.Role} decides.",
            _ => $"{(facts.Tag is null ? "There is no tag" : $"Tag {facts.Tag} is not in the policy")}{(facts.Role is null ? "" : $", nor is role {facts.Role}")}: the default route decides.",
        });
        steps.Add($"The route starts at {route.Tier.Name}{(route.Why is null ? "" : $": \"{route.Why}\"")}{(route.Owner is null ? "" : $" (owner {route.Owner})")}");
        foreach (var pin in policy.Pins)
        {
            if (Decider.Binds(pin, route, facts))
                steps.Add($"Pin '{pin.Name}' binds: only {DecisionText.Names(policy, pin.Models)}{(pin.Why is null ? "" : $" ({pin.Why})")}.");
        }
        if (facts.Needs != ModelNeeds.None) steps.Add($"The call needs {DecisionText.Words(facts.Needs)}.");
        if (decision.Moved) steps.Add($"No model of {route.Tier.Name} remains, so the call starts at {decision.Tier.Name}.");
        if (decision.Status != DecisionStatus.Decided) steps.Add(DecisionText.Refusal(policy, decision, facts));
        if (!route.Checks.IsEmpty) steps.Add($"The answer is checked: {string.Join("; ", route.Checks.Select(check => check.Name))}.");
        if (route.Escalation is { } up) steps.Add(EscalationText(policy, decision, up));
        if (route.MaxTokens > 0) steps.Add($"At most {route.MaxTokens:N0} output tokens.");
        if (route.MaxTemperature is { } temperature) steps.Add($"Temperature at most {temperature}.");
        return steps.ToImmutable();
    }

    private static string EscalationText(PolicySnapshot policy, in Decision decision, Escalation up) =>
        Decider.TryClimb(policy, decision, up.To, out var tier, out var models)
            ? $"On {Causes(up.On)} it climbs to {tier.Name} ({DecisionText.Names(policy, models)}), at most {up.Times} time{(up.Times == 1 ? "" : "s")}."
            : $"It would climb to {up.To.Name}, but no model there may or can take this call.";

    /// <summary>Causes in the words of the policy.</summary>
    public static string Causes(ClimbCause causes)
    {
        var words = new List<string>();
        if (causes.HasFlag(ClimbCause.CheckFailed)) words.Add("check_failed");
        if (causes.HasFlag(ClimbCause.Truncated)) words.Add("truncated");
        if (causes.HasFlag(ClimbCause.Refused)) words.Add("refused");
        if (causes.HasFlag(ClimbCause.Filtered)) words.Add("filtered");
        if (causes.HasFlag(ClimbCause.Unavailable)) words.Add("unavailable");
        return words.Count == 0 ? "nothing" : string.Join(", ", words);
    }

    private static CandidateExplanation Explain(PolicySnapshot policy, in Decision decision, Model model, in CallFacts facts)
    {
        var tiers = string.Join(",", policy.Ladder.Where(tier => tier.Pool.Contains(model.Index)).Select(tier => tier.Name));
        if (decision.Candidates.Contains(model.Index)) return new(model.Name, tiers, Chosen: true, "candidate");
        return new(model.Name, tiers, Chosen: false, Dropped(decision, model, facts));
    }

    private static string Dropped(in Decision decision, Model model, in CallFacts facts)
    {
        if (!decision.Allowed.Contains(model.Index)) return "a pin forbids it";
        var missing = facts.Needs & ~model.Can;
        if (missing != ModelNeeds.None) return $"it cannot do {DecisionText.Words(missing)}";
        if (!Decider.Fits(model, facts)) return $"its context of {model.Context:N0} tokens is too small for about {facts.EstimatedInputTokens:N0} and the answer";
        return $"it is not on {decision.Tier.Name}";
    }
}
