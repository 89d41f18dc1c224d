using System.Collections.Immutable;
using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Alerts;
using Rung.Core.Steering;
using Rung.Storage;
using Spectre.Console;

namespace Rung.Commands.Alerts;

/// <summary><c>rung budget</c>: spending against the budgets of the policy, with a forecast.</summary>
internal static class BudgetCommand
{
    public static Command Create(TimeProvider clock)
    {
        var policy = new Option<string>("--policy") { Description = $"Whose budgets: {PolicyFinder.Forms}.", HelpName = "POLICY", DefaultValueFactory = _ => PolicyFinder.Current };
        var data = AlertsCommand.DataOption();
        var json = PolicyCommand.JsonOption();
        var command = new Command("budget", "Hold spending against the budgets of the policy, with a forecast. Exit code 1 when one is spent, or will be although chance is allowed for.") { policy, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                var (directory, reference) = (parsed.GetRequiredValue(data), parsed.GetRequiredValue(policy));
                var named = await new PolicyFinder(directory, clock).FindAsync(reference, cancellationToken);
                var budgets = named.Snapshot.Control.Budgets;
                await using var ledger = Ledger.OpenReadOnly(directory, clock);
                var readings = await BudgetStandings.ReadAsync(ledger, budgets, clock.GetUtcNow(), read => error.WriteLine($"{read:N0} calls read …"), cancellationToken);
                if (parsed.GetValue(json)) Output.WriteJson(output, new { Policy = named.Name, Budgets = readings.Select(Json) });
                else if (readings.IsEmpty) Lines.Write(output, "", $"{named.Name} states no budgets. Add one: budgets: {{ all: {{ usd: 500, per: month }} }}");
                else Write(output, readings);
                return readings.Any(BudgetStandings.IsInDanger) ? ExitCode.Faults : ExitCode.Ok;
            });
        });
        return command;
    }

    private static void Write(TextWriter output, ImmutableArray<BudgetReading> readings)
    {
        var table = new Table().Border(TableBorder.Horizontal);
        foreach (var name in (string[])["budget", "of", "limit", "spent", "at its end (95 %)", "used up"]) table.AddColumn(new TableColumn(name) { Alignment = name is "limit" or "spent" ? Justify.Right : Justify.Left });
        foreach (var reading in readings)
        {
            var budget = reading.Budget;
            table.AddRow(
                new Text(Lines.Clean(budget.Name)), new Text($"{(budget.Tags.IsEmpty ? "all traffic" : string.Join(", ", budget.Tags))}, {budget.Period.ToString().ToLowerInvariant()} to {reading.To.UtcDateTime:yyyy-MM-dd}"),
                new Text(Output.Usd(budget.NanoUsd)), new Text($"{Output.Usd(reading.SpentNanoUsd)} ({(double)reading.SpentNanoUsd / budget.NanoUsd:0 %})"),
                new Text(reading.Forecast is { } forecast ? $"{Output.Usd((long)forecast.Estimate)} ({Output.Usd((long)forecast.Low)} to {Output.Usd((long)forecast.High)})" : "not known yet"),
                new Text(reading.SpentNanoUsd > budget.NanoUsd ? "it is" : reading.UsedUpAt is { } when ? $"about {when.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : reading.Forecast is null ? "" : "it lasts"));
        }
        PlainTable.Write(output, table);
        foreach (var reading in readings.Where(reading => reading.UnknownCalls > 0))
            Lines.Write(output, "", $"{Lines.Clean(reading.Budget.Name)}: {reading.UnknownCalls:N0} calls of unknown price are in no number.");
    }

    private static object Json(BudgetReading reading) => new
    {
        reading.Budget.Name, reading.Budget.Tags, Per = reading.Budget.Period, reading.From, reading.To, LimitUsd = Output.UsdNumber(reading.Budget.NanoUsd), SpentUsd = Output.UsdNumber(reading.SpentNanoUsd),
        reading.UnknownCalls,
        Forecast = reading.Forecast is { } forecast ? new { EstimateUsd = Output.UsdNumber((long)forecast.Estimate), LowUsd = Output.UsdNumber((long)forecast.Low), HighUsd = Output.UsdNumber((long)forecast.High) } : null,
        reading.UsedUpAt, InDanger = BudgetStandings.IsInDanger(reading), reading.Words,
    };
}
