using System.CommandLine;
using Rung.Core.Prices;

namespace Rung.Commands;

/// <summary><c>rung prices check</c>: whether the price book can be trusted today. Exit code 1 when something matters.</summary>
internal static class PricesCheckCommand
{
    public static Command Create(TimeProvider clock)
    {
        var asOf = PricesCommand.AsOfOption("Judge the book by this day, UTC. Default: today.");
        var book = PricesCommand.BookOption();
        var json = PricesCommand.JsonOption();
        var command = new Command("check", "Look for prices that ended, promotions that are over, gaps and old age. Exit code 1 when something matters.") { asOf, book, json };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var path = parsed.GetValue(book)?.FullName;
            return PricesFile.Guard(error, path ?? PricesFile.DefaultPath, () =>
            {
                var prices = PricesFile.ReadEffective(path);
                var day = PricesCommand.DayOf(parsed.GetValue(asOf), clock);
                var findings = PriceBookCheck.Run(prices, day);
                if (parsed.GetValue(json)) Output.WriteJson(output, new { AsOf = day, prices.Compiled, prices.NewestObservation, Findings = findings });
                else PricesTable.WriteFindings(output, findings);

                var matter = findings.Count(finding => finding.Matters);
                error.WriteLine($"{prices.Entries.Count} models, {findings.Count} findings, {matter} of them matter, as of {day:yyyy-MM-dd}.");
                return matter > 0 ? ExitCode.Faults : ExitCode.Ok;
            });
        });
        return command;
    }
}
