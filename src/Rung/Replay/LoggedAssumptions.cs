using Rung.Core.Policies;

namespace Rung.Replay;

/// <summary>What a replay of logged traffic rests on, in sentences.</summary>
internal static class LoggedAssumptions
{
    /// <summary>The sentences that apply.</summary>
    /// <param name="decided">The calls.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="climbRate">The assumed share of climbs; null when none was given.</param>
    /// <param name="imported">Whether the calls were imported.</param>
    public static IReadOnlyList<string> Of(LoggedRows decided, PolicySnapshot policy, double? climbRate, bool imported)
    {
        var calls = decided.Rows;
        var said = new List<string>
        {
            imported
                ? "Imported calls are decided by the tag of the call site that the audit found (else the log's own), by role, user, input tokens and declared tools; a log tells no data class and no tenant, so pins on those are not seen."
                : "Calls are decided by tag, role, user and input tokens: the ledger keeps no needs (tools, images, schemas), no data class and no tenant, so pins and capabilities that hang on those are not seen.",
        };
        var paid = calls.Count(row => row.A.CostSource == CostSource.Paid);
        var repriced = calls.Count(row => row.A.CostSource == CostSource.Repriced);
        said.Add($"{paid:N0} of {calls.Count:N0} calls ask a model that was really asked: what was paid stands, and so does the course of the call (retries, failovers, climbs) as far as the policy would go it.");
        if (repriced > 0)
        {
            said.Add($"{repriced:N0} calls ask another model: recorded tokens at its price of the moment when the call began. Another model's tokenizer counts the same text differently "
                + "and its answers are longer or shorter; neither is in the figures.");
        }
        var unknown = calls.Count(row => row.A.Cost is null);
        if (unknown > 0) said.Add($"{unknown:N0} calls have no known cost under the policy (no price, or no tokens were logged): they are in no sum.");
        var climbs = calls.Count(row => row.A is { Climbs: null, Error: null });
        if (climbs > 0)
        {
            said.Add(climbRate is { } rate
                ? $"Of {climbs:N0} calls nobody knows whether a check would fail the answer: a share of {rate * 100:0.#} % is taken to climb, with the same tokens at the model above."
                : $"Of {climbs:N0} calls nobody knows whether a check would fail the answer: their cost is without climbs, and they count in no share of climbs. --climb-rate R takes a share R of them to climb.");
        }
        foreach (var tier in policy.Ladder.Where(tier => tier.Pool.Count > 1))
            said.Add($"{tier.Name} has {tier.Pool.Count} models: a call that one of them served stays with it, any other goes to the first of the least priority.");
        if (decided.Verdicts.Count > 0)
        {
            said.Add("Quality is about the first answer: 1 when it passed every check that was run on it"
                + (imported ? ", or the mean of the log's own scores" : "") + ", else 0. A choice of the policy that had no chance when the call was logged has no support, and nothing is said about it.");
        }
        return said;
    }
}
