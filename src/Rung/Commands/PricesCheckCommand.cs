using System.CommandLine;
using Rung.Core.Prices;
using Rung.Serving;

namespace Rung.Commands;

/// <summary><c>rung prices check</c>: whether the price book can be trusted today. Exit code 1 when something matters.</summary>
internal static class PricesCheckCommand
{
    public static Command Create(TimeProvider clock)
    {
        var asOf = PricesCommand.AsOfOption("Judge the book by this day, UTC. Default: today.");
        var book = PricesCommand.BookOption();
        var data = PricesCommand.DataOption();
        var policy = new Option<string?>("--policy") { Description = "Judge only the models of this policy, and say which have no known price.", HelpName = "FILE" };
        var json = PricesCommand.JsonOption();
        var command = new Command("check", "Look for prices that ended, promotions that are over, gaps and old age. Exit code 1 when something matters.") { asOf, book, data, policy, json };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var path = parsed.GetValue(book)?.FullName;
            var policyPath = parsed.GetValue(policy);
            var directory = parsed.GetRequiredValue(data);
            return PricesFile.Guard(error, path ?? PricesFile.In(directory), () =>
            {
                var prices = PricesFile.ReadEffective(path, directory);
                var day = PricesCommand.DayOf(parsed.GetValue(asOf), clock);
                var file = policyPath is null ? null : PolicyFile.Read(policyPath, prices, day);
                if (file is { Compilation.Snapshot: null })
                    return Output.Fail(error, $"{policyPath} has faults, so its models are not known.", $"See them with: rung policy lint {policyPath}");
                var findings = file?.Compilation.Snapshot is { } snapshot ? PriceBookCheck.Run(snapshot, day) : PriceBookCheck.Run(prices, day);
                if (parsed.GetValue(json)) Output.WriteJson(output, new { AsOf = day, prices.Compiled, prices.NewestObservation, Findings = findings });
                else PricesTable.WriteFindings(output, findings);

                var matter = findings.Count(finding => finding.Matters);
                error.WriteLine($"{file?.Compilation.Snapshot?.Models.Length ?? prices.Entries.Count} models, {findings.Count} findings, {matter} of them matter, as of {day:yyyy-MM-dd}.");
                return matter > 0 ? ExitCode.Faults : ExitCode.Ok;
            });
        });
        return command;
    }
}
