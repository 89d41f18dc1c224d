using System.Globalization;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Lints;

/// <summary>Opinions on pins: that they can be satisfied, and that they mean what they say.</summary>
internal static class PinLints
{
    public static void Judge(PolicySnapshot snapshot, LintList lints)
    {
        var used = snapshot.Ladder.Aggregate(ModelSet.Empty, (set, tier) => set | tier.Pool);
        for (var i = 0; i < snapshot.Pins.Length; i++)
        {
            var pin = snapshot.Pins[i];
            var path = PolicyPath.Item("pins", i);
            JudgeModels(pin, snapshot, used, path, lints);
            JudgeNames(pin, snapshot, path, lints);
            JudgeRoutes(pin, snapshot, path, lints);
            JudgeOthers(i, snapshot, path, lints);
        }
    }

    private static void JudgeModels(Pin pin, PolicySnapshot snapshot, ModelSet used, string path, LintList lints)
    {
        if ((pin.Models & used).IsEmpty)
        {
            lints.Add(LintCatalogue.PinOffLadder, path, "models", $"No tier holds a model of {Name(pin)}: matching calls go straight to its models, and cannot climb.");
            return;
        }
        foreach (var index in pin.Models)
        {
            if (!used.Contains(index))
                lints.Add(LintCatalogue.PinnedModelOffLadder, path, "models", $"{Name(pin)} allows {snapshot.Models[index].Name}, which stands in no tier.");
        }
    }

    private static void JudgeNames(Pin pin, PolicySnapshot snapshot, string path, LintList lints)
    {
        var when = PolicyPath.Of(path, "when");
        if (pin.Tag is { } tag && !snapshot.Tags.ContainsKey(tag))
            lints.Add(LintCatalogue.PinNameUnknown, when, "tag", $"{Name(pin)} is for tag {tag}, which the policy does not have.", Suggest(tag, snapshot.Tags.Keys));
        if (pin.Role is { } role && !snapshot.Roles.ContainsKey(role))
            lints.Add(LintCatalogue.PinNameUnknown, when, "role", $"{Name(pin)} is for role {role}, which the policy does not have.", Suggest(role, snapshot.Roles.Keys));
    }

    private static string? Suggest(string name, IEnumerable<string> known) =>
        Suggestion.Nearest(name, known.Order(StringComparer.Ordinal)) is { } near ? string.Create(CultureInfo.InvariantCulture, $"Did you mean \"{near}\"?") : null;

    private static void JudgeRoutes(Pin pin, PolicySnapshot snapshot, string path, LintList lints)
    {
        foreach (var route in snapshot.Tags.Values.Concat(snapshot.Roles.Values).OrderBy(route => route.Name, StringComparer.Ordinal).Append(snapshot.Default))
        {
            if (AlwaysMatches(pin, route) && (pin.Models & route.Tier.Pool).IsEmpty)
                lints.Add(LintCatalogue.PinOutsideRoute, path, "models", $"Every call of route {route.Name} matches {Name(pin)}, but its tier {route.Tier.Name} holds none of the pin's models.");
        }
    }

    /// <summary>Whether the route alone, without anything from the client, makes the pin hold.</summary>
    private static bool AlwaysMatches(Pin pin, Route route) =>
        pin.Tenant is null && pin.User is null
        && (pin.DataClass is null || pin.DataClass == route.DataClass)
        && (pin.Tag is null || (route.Kind == RouteKind.Tag && pin.Tag == route.Name))
        && (pin.Role is null || pin.Role == route.Role);

    private static void JudgeOthers(int index, PolicySnapshot snapshot, string path, LintList lints)
    {
        var pin = snapshot.Pins[index];
        for (var earlier = 0; earlier < index; earlier++)
        {
            var other = snapshot.Pins[earlier];
            if (!CanMeet(pin, other) || !(pin.Models & other.Models).IsEmpty) continue;
            lints.Add(LintCatalogue.PinsDisjoint, path, "models", $"{Name(pin)} and {Name(other)} can match the same call, but have no model in common: such a call is rejected.");
        }
    }

    private static bool CanMeet(Pin left, Pin right) =>
        Agree(left.DataClass, right.DataClass) && Agree(left.Tag, right.Tag) && Agree(left.Role, right.Role)
        && Agree(left.Tenant, right.Tenant) && Agree(left.User, right.User);

    private static bool Agree(string? left, string? right) => left is null || right is null || left == right;

    private static string Name(Pin pin) => pin.Name.StartsWith("pin ", StringComparison.Ordinal) ? pin.Name : $"pin {pin.Name}";
}
