using Rung.Core.Policies;
using Rung.Core.Requests;

namespace Rung.Core.Decisions;

/// <summary>Says decisions in words.</summary>
public static class DecisionText
{
    /// <summary>The reason of a decision, for a header and the ledger. Allocates only when something unusual happened.</summary>
    /// <param name="policy">The policy that decided.</param>
    /// <param name="decision">What it decided.</param>
    /// <param name="facts">The call.</param>
    /// <param name="isBound">Whether a pin of another policy, the one in force, binds the call too: then it is not said that no pin does.</param>
    public static string Reason(PolicySnapshot policy, in Decision decision, in CallFacts facts, bool isBound = false)
    {
        var reason = decision.Route.Reason;
        if (decision.Route.Kind == RouteKind.Default && facts.Tag is not null) reason = $"unknown tag {facts.Tag}, {reason}";
        if (decision.Pin >= 0) reason = $"{reason}; pinned by {policy.Pins[decision.Pin].Name}";
        else if (isBound) reason = $"{reason}; within the pins in force";
        else if (facts.DataClass is not null) reason = $"{reason}; no pin for data class {facts.DataClass}";
        if (decision.Moved) reason = $"{reason}; moved to {decision.Tier.Name}, since no model of {decision.Route.Tier.Name} may or can take it";
        return reason;
    }

    /// <summary>Why a call that found no candidate is refused, in one sentence for the client.</summary>
    public static string Refusal(PolicySnapshot policy, in Decision decision, in CallFacts facts) => decision.Status switch
    {
        DecisionStatus.PinUnsatisfied =>
            $"Pin '{policy.Pins[decision.Pin].Name}' allows {Names(policy, decision.Allowed)}, and none of these can take this call{NeedsText(facts)}. The call was refused; it was sent nowhere.",
        _ => $"No model of this policy can take this call{NeedsText(facts)}.",
    };

    /// <summary>Names of a set of models, for people; <c>no model</c> when it is empty.</summary>
    public static string Names(PolicySnapshot policy, ModelSet models)
    {
        var names = new List<string>();
        foreach (var model in policy.Models)
        {
            if (models.Contains(model.Index)) names.Add(model.Name);
        }
        return names.Count == 0 ? "no model" : string.Join(", ", names);
    }

    internal static string NeedsText(in CallFacts facts) =>
        facts.Needs == ModelNeeds.None
            ? $" (about {facts.EstimatedInputTokens:N0} input tokens)"
            : $" (it needs {Words(facts.Needs)}; about {facts.EstimatedInputTokens:N0} input tokens)";

    internal static string Words(ModelNeeds needs)
    {
        var words = new List<string>();
        if (needs.HasFlag(ModelNeeds.Tools)) words.Add("tools");
        if (needs.HasFlag(ModelNeeds.Vision)) words.Add("vision");
        if (needs.HasFlag(ModelNeeds.JsonSchema)) words.Add("json_schema");
        if (needs.HasFlag(ModelNeeds.Audio)) words.Add("audio");
        if (needs.HasFlag(ModelNeeds.Files)) words.Add("files");
        if (needs.HasFlag(ModelNeeds.Logprobs)) words.Add("logprobs");
        return string.Join(", ", words);
    }
}
