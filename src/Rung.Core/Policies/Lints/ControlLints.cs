using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Lints;

/// <summary>Opinions on the control loop, on budgets and on where alerts go.</summary>
internal static class ControlLints
{
    public static void Judge(PolicyDocument document, PolicySnapshot snapshot, LintList lints)
    {
        JudgeSteering(snapshot, lints);
        string[] known = [.. document.Tags.Select(tag => tag.Name), PolicyShape.DefaultName];
        foreach (var budget in snapshot.Control.Budgets)
        {
            var path = PolicyPath.Of(PolicyPath.Of("budgets", budget.Name), "tags");
            for (var i = 0; i < budget.Tags.Length; i++)
            {
                if (known.Contains(budget.Tags[i])) continue;
                lints.Add(LintCatalogue.BudgetTagUnknown, PolicyPath.Item(path, i), null, $"The budget {budget.Name} covers the tag {budget.Tags[i]}, which this policy does not know.",
                    Suggestion.Nearest(budget.Tags[i], known) is { } near ? $"Did you mean \"{near}\"?" : null);
            }
        }
        foreach (var target in snapshot.Control.Alerts)
        {
            if (target is { Format: AlertFormat.Rung, Secret: null })
                lints.Add(LintCatalogue.AlertUnsigned, PolicyPath.Of("alerts", target.Name), null, $"What is sent to {target.Name} is not signed.");
        }
    }

    private static void JudgeSteering(PolicySnapshot snapshot, LintList lints)
    {
        if (snapshot.Control.Steering != SteeringMode.Off) return;
        var floors = snapshot.Tags.Values.Append(snapshot.Default).Where(route => route.Floor is not null).Select(route => route.Name).Order(StringComparer.Ordinal).ToList();
        if (floors.Count == 0) return;
        lints.Add(LintCatalogue.SteeringOff, "control", "steering",
            $"Steering is off, and {(floors.Count == 1 ? $"{floors[0]} has a floor that nobody watches" : $"{floors.Count} routes have floors that nobody watches, {floors[0]} among them")}.");
    }
}
