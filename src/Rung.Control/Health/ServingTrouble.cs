using System.Globalization;
using Rung.Control.Overview;

namespace Rung.Control.Health;

/// <summary>What of a serving process needs somebody's attention.</summary>
public static class ServingTrouble
{
    private const string Page = "/health";

    /// <summary>Names it, the worst first.</summary>
    public static IReadOnlyList<AttentionItem> Of(ServingHealth serving)
    {
        ArgumentNullException.ThrowIfNull(serving);
        var items = new List<AttentionItem>();
        if (serving.PolicyProblem is { } refused) items.Add(new(AttentionLevel.Look, $"a newer policy was refused: {refused}", Page));
        if (serving.LedgerProblem is { } problem) items.Add(new(AttentionLevel.Look, $"the ledger cannot be followed: {problem}", Page));
        items.AddRange(serving.RolloutsRefused.Select(why => new AttentionItem(AttentionLevel.Look, $"a rollout is not applied here: {why}", "/rollouts")));
        Add(serving.Models.Where(model => model.State == ServedState.WithoutKey).Select(model => model.Name), "model", "has no key and is not asked", "have no keys and are not asked");
        Add(serving.Models.Where(model => model.State == ServedState.Open).Select(model => model.Name), "model", "failed several times in a row and is left alone", "failed several times in a row and are left alone");
        Add(serving.VerifiersWithoutKey, "verifier", "has no key and is unavailable", "have no keys and are unavailable");
        foreach (var queue in serving.Queues)
        {
            if (queue.IsFailing) items.Add(new(AttentionLevel.Look, string.Create(CultureInfo.InvariantCulture, $"{queue.Name} cannot be written now; {queue.Waiting:N0} wait and are tried again{(queue.Problem is { } why ? $": {why}" : "")}"), Page));
            if (queue is { Dropped: > 0, LosesData: true }) items.Add(new(AttentionLevel.Look, string.Create(CultureInfo.InvariantCulture, $"{queue.Name}: {queue.Dropped:N0} were dropped since {serving.StartedAt:yyyy-MM-dd HH:mm} UTC: {queue.Note}"), Page));
        }
        return items;

        void Add(IEnumerable<string> names, string what, string one, string several)
        {
            var all = names.Order(StringComparer.Ordinal).ToList();
            if (all.Count > 0) items.Add(new(AttentionLevel.Look, all.Count == 1 ? $"{what} {all[0]} {one}" : $"{what}s {string.Join(", ", all)} {several}", Page));
        }
    }
}
