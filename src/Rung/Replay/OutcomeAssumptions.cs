using Rung.Core.Policies;
using Rung.Recorded;

namespace Rung.Replay;

/// <summary>What a replay of recorded outcomes rests on, in sentences.</summary>
internal static class OutcomeAssumptions
{
    /// <summary>The sentences that apply.</summary>
    public static IReadOnlyList<string> Of(RecordedOutcomes outcomes, IReadOnlyList<ReplayRow> rows, PolicySnapshot a, PolicySnapshot? b, DateTimeOffset at)
    {
        var said = new List<string>
        {
            $"Cost is recorded tokens at the policies' prices of {at.UtcDateTime:yyyy-MM-dd}; a grade is the recorded grade of the answer that is served. Every model is up, and nothing is cached.",
        };
        foreach (var policy in b is null || b.Hash == a.Hash ? [a] : new[] { a, b })
        {
            foreach (var tier in policy.Ladder.Where(tier => tier.Pool.Count > 1))
                said.Add($"{tier.Name} has {tier.Pool.Count} models: a gateway shares calls among them, here the first of the least priority takes them all.");
        }
        if (outcomes.StandIns > 0) said.Add($"Of {outcomes.StandIns:N0} answers only the grade was recorded.");
        Unjudged(said, "the policy", rows.Count(row => row.A.IsUnjudged), rows.Count);
        Unjudged(said, "what it is compared with", rows.Count(row => row.B.IsUnjudged), rows.Count);
        var ungraded = rows.Count(row => row.A is { IsUnjudged: false, Error: null, Score: null });
        if (ungraded > 0) said.Add($"{ungraded:N0} answers under the policy have no grade (none was recorded for what is served): they are in no accuracy.");
        return said;
    }

    private static void Unjudged(List<string> said, string side, int count, int calls)
    {
        if (count == 0) return;
        said.Add($"Under {side}, {count:N0} of {calls:N0} calls cannot be judged: whether they climb hangs on a check that reads the answer, and only its grade was recorded. They are in no figure.");
    }
}
