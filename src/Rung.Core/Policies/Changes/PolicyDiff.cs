using System.Collections.Immutable;
using Rung.Core.Checks;
using Rung.Core.Policies.Reading;
using Rung.Core.Prices;

namespace Rung.Core.Policies.Changes;

/// <summary>
/// What another policy would change, in the words of the policy. Layout, comments and order of keys do not count; the price book does, where a
/// model's price comes from it. Equal policies give an empty list, whatever their revision.
/// </summary>
public static class PolicyDiff
{
    /// <summary>Compares two compiled policies.</summary>
    /// <param name="before">The policy in force.</param>
    /// <param name="after">The one that would replace it.</param>
    /// <returns>The changes: policy, ladder, models, verifiers, commands, routes, pins, limits, control, budgets, alert targets.</returns>
    public static ImmutableArray<PolicyChange> Compare(PolicySnapshot before, PolicySnapshot after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);

        var changes = ImmutableArray.CreateBuilder<PolicyChange>();
        Value(changes, "name", "name", before.Name ?? "", after.Name ?? "");
        CompareLadders(changes, before, after);
        CompareNamed(changes, "models", "model ", before.Models.ToDictionary(model => model.Name), after.Models.ToDictionary(model => model.Name),
            model => $"{model.Provider} {model.UpstreamId}", CompareModels);
        CompareNamed(changes, "verifiers", "verifier ", before.OutsideVerifiers, after.OutsideVerifiers, Brief,
            (all, path, subject, old, young) => Compare(all, path, subject, Facets.Of(old), Facets.Of(young)));
        CompareNamed(changes, "verifiers", "verifier ", before.TrainedVerifiers, after.TrainedVerifiers, file => $"trained {file.Path}",
            (all, path, subject, old, young) => Compare(all, path, subject, Facets.Of(old), Facets.Of(young)));
        CompareNamed(changes, "commands", "command ", before.Commands, after.Commands, command => command.Program,
            (all, path, subject, old, young) => Compare(all, path, subject, Facets.Of(old), Facets.Of(young)));
        CompareNamed(changes, "redactions", "redaction ", before.Redactions, after.Redactions, pattern => pattern,
            (all, path, subject, old, young) => Value(all, path, $"{subject}:", old, young));
        CompareNamed(changes, "roles", "role ", before.Roles, after.Roles, route => route.Tier.Name, Routes);
        CompareNamed(changes, "tags", "", before.Tags, after.Tags, route => route.Tier.Name, Routes);
        Routes(changes, "default", "default", before.Default, after.Default);
        ComparePins(changes, before, after);
        Compare(changes, "limits", "limits", Facets.Of(before.Limits), Facets.Of(after.Limits));
        Compare(changes, "control", "control", ControlFacets.Of(before.Control), ControlFacets.Of(after.Control));
        CompareNamed(changes, "budgets", "budget ", before.Control.Budgets.ToDictionary(budget => budget.Name), after.Control.Budgets.ToDictionary(budget => budget.Name),
            ControlFacets.Brief, (all, path, subject, old, young) => Compare(all, path, subject, ControlFacets.Of(old), ControlFacets.Of(young)));
        CompareNamed(changes, "alerts", "alert target ", before.Control.Alerts.ToDictionary(target => target.Name), after.Control.Alerts.ToDictionary(target => target.Name),
            ControlFacets.Brief, (all, path, subject, old, young) => Compare(all, path, subject, ControlFacets.Of(old), ControlFacets.Of(young)));
        return changes.ToImmutable();

        void Routes(ImmutableArray<PolicyChange>.Builder all, string path, string subject, Route old, Route young)
        {
            CompareRoutes(all, path, subject, old, young);
            // A limit that a route has from the policy is told once, at the policy.
            if (old.Limits == before.Limits && young.Limits == after.Limits) return;
            Compare(all, $"{path}.limits", $"{subject}: limits", Facets.Of(old.Limits), Facets.Of(young.Limits));
        }
    }

    private static string Brief(OutsideVerifier verifier) => verifier is ModelVerifier model ? $"llm {model.Model}" : $"http {((HttpVerifier)verifier).Url.Host}";

    private static void CompareLadders(ImmutableArray<PolicyChange>.Builder changes, PolicySnapshot before, PolicySnapshot after)
    {
        Value(changes, "tiers", "ladder", string.Join(", ", before.Ladder.Select(tier => tier.Name)), string.Join(", ", after.Ladder.Select(tier => tier.Name)));
        foreach (var tier in after.Ladder)
        {
            if (before.Ladder.FirstOrDefault(candidate => candidate.Name == tier.Name) is not { } old) continue;
            var path = PolicyPath.Of(PolicyPath.Of("tiers", tier.Name), "models");
            Value(changes, path, $"tier {tier.Name}: models", Facets.Names(old.Pool, before), Facets.Names(tier.Pool, after));
        }
        Value(changes, "tiers", "reference tier:", before.ReferenceTier.Name, after.ReferenceTier.Name);
        Value(changes, "tiers", "baseline model:", before.BaselineModel.Name, after.BaselineModel.Name);
    }

    private static void CompareModels(ImmutableArray<PolicyChange>.Builder changes, string path, string subject, Model before, Model after)
    {
        Compare(changes, path, subject, Facets.Of(before), Facets.Of(after));
        var (old, young) = (Facets.Of(before.Price), Facets.Of(after.Price));
        if (old == young) return;
        var pricePath = PolicyPath.Of(path, "price");
        var count = changes.Count;
        var (oldRates, youngRates) = (Facets.Of(Latest(before.Price)), Facets.Of(Latest(after.Price)));
        for (var i = 0; i < oldRates.Length; i++)
            Value(changes, PolicyPath.Of(pricePath, oldRates[i].Key), $"{subject}: price {oldRates[i].Key}", oldRates[i].Text, youngRates[i].Text, " $/M");
        if (changes.Count == count)
            changes.Add(new PolicyChange(ChangeKind.Changed, pricePath, $"{subject}: price periods, context tiers or multipliers changed"));
    }

    private static PriceRates? Latest(PriceSchedule? price) => price?.Periods[^1].Rates;

    private static void CompareRoutes(ImmutableArray<PolicyChange>.Builder changes, string path, string subject, Route before, Route after)
    {
        Value(changes, PolicyPath.Of(path, "tier"), $"{subject}:", before.Tier.Name, after.Tier.Name);
        CompareChecks(changes, PolicyPath.Of(path, "checks"), subject, before, after);
        Compare(changes, path, subject, Facets.Of(before), Facets.Of(after));
    }

    private static void CompareChecks(ImmutableArray<PolicyChange>.Builder changes, string path, string subject, Route before, Route after)
    {
        if (before.CheckTexts.SequenceEqual(after.CheckTexts, StringComparer.Ordinal)) return;
        var removed = Without(before.CheckTexts, after.CheckTexts);
        var added = Without(after.CheckTexts, before.CheckTexts);
        foreach (var text in removed) changes.Add(new PolicyChange(ChangeKind.Removed, path, $"{subject}: check removed ({text})"));
        foreach (var text in added) changes.Add(new PolicyChange(ChangeKind.Added, path, $"{subject}: check added ({text})"));
        if (removed.Count + added.Count == 0) changes.Add(new PolicyChange(ChangeKind.Changed, path, $"{subject}: checks in another order"));
    }

    private static List<string> Without(ImmutableArray<string> all, ImmutableArray<string> others)
    {
        var left = all.ToList();
        foreach (var other in others) left.Remove(other);
        return left;
    }

    private static void ComparePins(ImmutableArray<PolicyChange>.Builder changes, PolicySnapshot before, PolicySnapshot after) =>
        CompareNamed(changes, "pins", "pin ", before.Pins.ToDictionary(PinName), after.Pins.ToDictionary(PinName), pin => pin.Why ?? "",
            (all, path, subject, old, young) => Compare(all, path, subject, Facets.Of(old, before), Facets.Of(young, after)));

    private static string PinName(Pin pin) => pin.Name.StartsWith("pin ", StringComparison.Ordinal) ? pin.Name["pin ".Length..] : pin.Name;

    private static void CompareNamed<T>(
        ImmutableArray<PolicyChange>.Builder changes, string parent, string prefix, IReadOnlyDictionary<string, T> before, IReadOnlyDictionary<string, T> after,
        Func<T, string> brief, Action<ImmutableArray<PolicyChange>.Builder, string, string, T, T> compare)
    {
        foreach (var name in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var path = PolicyPath.Of(parent, name);
            var subject = prefix + name;
            var isOld = before.TryGetValue(name, out var old);
            var isNew = after.TryGetValue(name, out var young);
            if (isOld && isNew) compare(changes, path, subject, old!, young!);
            else if (isNew) changes.Add(new PolicyChange(ChangeKind.Added, path, $"{subject}: added{Brackets(brief(young!))}"));
            else changes.Add(new PolicyChange(ChangeKind.Removed, path, $"{subject}: removed{Brackets(brief(old!))}"));
        }
    }

    private static string Brackets(string text) => text.Length == 0 ? "" : $" ({text})";

    private static void Compare(ImmutableArray<PolicyChange>.Builder changes, string path, string subject, ImmutableArray<Facet> before, ImmutableArray<Facet> after)
    {
        // Both lists come from the same method: same keys, same order.
        for (var i = 0; i < before.Length; i++) Value(changes, $"{path}.{before[i].Key}", $"{subject}{(subject.Contains(':') ? "." : ": ")}{before[i].Key}", before[i].Text, after[i].Text);
    }

    private static void Value(ImmutableArray<PolicyChange>.Builder changes, string path, string subject, string before, string after, string unit = "")
    {
        if (before == after) return;
        var kind = before.Length == 0 ? ChangeKind.Added : after.Length == 0 ? ChangeKind.Removed : ChangeKind.Changed;
        changes.Add(new PolicyChange(kind, path, $"{subject} {Shown(before)} → {Shown(after)}{unit}"));
    }

    private static string Shown(string text) => text.Length == 0 ? "none" : text;
}
