using Rung.Core.Alerts;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Compiling;

/// <summary>Fills the defaults into the terms of the control loop.</summary>
internal static class ControlBuilder
{
    public static ControlTerms Build(PolicyDocument document)
    {
        var (defaults, entry) = (new ControlTerms(), document.Control);
        return new ControlTerms
        {
            Steering = entry.Steering is { } word ? (SteeringMode)ControlShape.SteeringWords.IndexOf(word) : defaults.Steering,
            CoolDown = entry.CoolDownHours is { } hours ? TimeSpan.FromSeconds((double)(hours * 3600)) : defaults.CoolDown,
            DemotionsPerDay = entry.DemotionsPerDay ?? defaults.DemotionsPerDay,
            Budgets = [.. document.Budgets.Select(Budget)],
            Alerts = [.. document.Alerts.Select(Target)],
        };
    }

    private static Budget Budget(BudgetEntry entry) =>
        new(entry.Name, Amounts.NanoUsd(entry.Usd), (BudgetPeriod)ControlShape.PeriodWords.IndexOf(entry.Per!), entry.Tags ?? []);

    private static AlertTarget Target(AlertEntry entry) => new(
        entry.Name, entry.Url!, entry.Format is { } format ? (AlertFormat)ControlShape.FormatWords.IndexOf(format) : AlertFormat.Rung, entry.Secret,
        entry.AtLeast is { } least ? (AlertSeverity)ControlShape.SeverityWords.IndexOf(least) : AlertSeverity.Warning);
}
