using System.Collections.Immutable;
using System.Globalization;
using Rung.Core.Rollouts;
using Rung.Storage.Revisions;

namespace Rung.Control.Rollouts;

/// <summary>Turns what somebody asks for into a plan: fills in what was not said, and refuses what would prove nothing or change more than it says.</summary>
internal static class RolloutPlanner
{
    // Below it most calls would take no part, and those that do would be of a kind of their own.
    private const double LeastCarry = 0.5;
    private const int ChangesNamed = 3;

    /// <summary>The tags that take part; empty: every call.</summary>
    /// <exception cref="RolloutException">The candidate changes nothing, or more than the tags that take part.</exception>
    public static ImmutableArray<string> Tags(RolloutRequest request, RolloutScope scope, string current)
    {
        var name = request.Candidate.Name;
        if (scope.ByTag.IsEmpty && scope.Elsewhere.IsEmpty)
            throw Invalid($"{name} says the same as {current}: there is nothing to roll out.", $"Change a copy of the policy first; this shows what differs: rung policy diff current {name}");
        if (request.EveryCall) return [];
        if (!scope.Elsewhere.IsEmpty)
        {
            throw Invalid(
                $"{name} also changes what belongs to no tag: {Named(scope.Elsewhere.Select(change => change.Sentence))}. Units on the current policy would be compared with more than the tags.",
                "Put these changes into the policy in force first, or roll the whole policy out to every call: --tags '*'");
        }
        if (request.Tags.IsEmpty) return [.. scope.ByTag.Keys];
        var tags = request.Tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToImmutableArray();
        // First, so that no fix repeats a slip of the keys.
        var unknown = tags.Where(tag => !request.Candidate.Snapshot.Tags.ContainsKey(tag) && !scope.ByTag.ContainsKey(tag)).ToList();
        if (unknown.Count > 0)
            throw Invalid($"There is no tag {Named(unknown)}, neither in {name} nor in {current}.", $"{name} changes {string.Join(',', scope.ByTag.Keys)}; without --tags these take part.");
        var missing = scope.ByTag.Keys.Except(tags, StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            throw Invalid(
                $"{name} also changes {Named(missing)}: {Named(missing.SelectMany(tag => scope.ByTag[tag]).Select(change => change.Sentence))}.",
                $"Name them, too (--tags {string.Join(',', tags.Concat(missing).Order(StringComparer.Ordinal))}), or take these changes out of the candidate.");
        }
        var same = tags.Except(scope.ByTag.Keys, StringComparer.Ordinal).ToList();
        return same.Count == 0 ? tags : throw Invalid($"{name} does not change {Named(same)}.", $"Leave --tags out for those that it changes: {string.Join(',', scope.ByTag.Keys)}");
    }

    /// <summary>The unit, and a note where calls will take no part.</summary>
    /// <exception cref="RolloutException">Most calls do not carry the unit that was asked for.</exception>
    public static RolloutUnit Unit(RolloutUnit? asked, TagTraffic traffic, List<string> notes)
    {
        if (traffic.Calls == 0)
        {
            notes.Add($"no call of these tags was seen in the last {TrafficSurvey.Window.Days} days: whether they carry a {RolloutPlanJson.Word(asked ?? RolloutUnit.Session)} cannot be looked at.");
            return asked ?? RolloutUnit.Session;
        }
        var unit = asked ?? Best(traffic);
        if (traffic.Carry(unit) is not { } carry)
        {
            notes.Add("the ledger holds no keys: calls without one (a gateway that asks for none) stay on the current policy and are not compared.");
            return unit;
        }
        if (carry < LeastCarry)
        {
            var better = Best(traffic);
            throw Invalid(
                $"Only {Percent(carry)} of {traffic.Calls:N0} calls carry a {RolloutPlanJson.Word(unit)}; the others would stay on the current policy and not be compared.",
                better == RolloutUnit.Call
                    ? $"Send one (header x-rung-{RolloutPlanJson.Word(unit)}), or assign every call by itself: --unit call"
                    : $"{Percent(traffic.Carry(better)!.Value)} carry a {RolloutPlanJson.Word(better)}: --unit {RolloutPlanJson.Word(better)}");
        }
        if (carry < 0.995) notes.Add($"{Percent(1 - carry)} of {traffic.Calls:N0} calls carry no {RolloutPlanJson.Word(unit)}: they stay on the current policy and are not compared.");
        if (unit == RolloutUnit.Call) notes.Add("every call is assigned by itself: a user may see both policies in one conversation.");
        return unit;
    }

    private static RolloutUnit Best(TagTraffic traffic) =>
        traffic.Carry(RolloutUnit.Session) >= 0.8 ? RolloutUnit.Session
        : traffic.Carry(RolloutUnit.User) >= 0.8 ? RolloutUnit.User
        : traffic.WithSession >= traffic.WithUser && traffic.Carry(RolloutUnit.Session) >= LeastCarry ? RolloutUnit.Session
        : traffic.Carry(RolloutUnit.User) >= LeastCarry ? RolloutUnit.User
        : RolloutUnit.Call;

    /// <summary>What changes, as the reason of a rollout for which none was given.</summary>
    public static string WhyOf(RolloutScope scope, string candidate) => $"{candidate}: {Named(scope.Changes.Select(change => change.Sentence))}";

    /// <summary>The name of a revision for sentences.</summary>
    public static string NameOf(RevisionEntry revision) => string.Create(CultureInfo.InvariantCulture, $"revision {revision.Number}");

    private static string Named(IEnumerable<string> all)
    {
        var list = all.ToList();
        return string.Join("; ", list.Take(ChangesNamed)) + (list.Count > ChangesNamed ? $"; and {list.Count - ChangesNamed} more" : "");
    }

    private static string Percent(double share) => share is > 0 and < 0.01 ? "under 1 %" : $"{share * 100:0} %";

    private static RolloutException Invalid(string problem, string fix) => new(RolloutFault.Invalid, problem, fix);
}
