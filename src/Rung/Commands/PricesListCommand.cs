using System.CommandLine;
using System.IO.Enumeration;
using Rung.Core.Prices;

namespace Rung.Commands;

/// <summary><c>rung prices list</c>: the prices in force on a day.</summary>
internal static class PricesListCommand
{
    public static Command Create(TimeProvider clock)
    {
        var provider = new Option<string?>("--provider") { Description = "Only this provider." };
        var model = new Option<string?>("--model") { Description = "Only models whose id or alias matches this pattern (* and ?).", HelpName = "GLOB" };
        var asOf = PricesCommand.AsOfOption("Prices in force on this day, UTC. Default: today.");
        var book = PricesCommand.BookOption();
        var data = PricesCommand.DataOption();
        var json = PricesCommand.JsonOption();
        var command = new Command("list", "Show prices in USD per million tokens.") { provider, model, asOf, book, data, json };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var path = parsed.GetValue(book)?.FullName;
            var directory = parsed.GetRequiredValue(data);
            return PricesFile.Guard(error, path ?? PricesFile.In(directory), () =>
            {
                var prices = PricesFile.ReadEffective(path, directory);
                var day = PricesCommand.DayOf(parsed.GetValue(asOf), clock);
                var rows = Select(prices, parsed.GetValue(provider), parsed.GetValue(model));
                if (parsed.GetValue(json)) WriteJson(output, prices, day, rows);
                else PricesTable.WritePrices(output, day, rows);
                error.WriteLine($"{rows.Count} of {prices.Entries.Count} models, USD per million tokens, as of {day:yyyy-MM-dd}; book compiled {prices.Compiled:yyyy-MM-dd}.");
                return ExitCode.Ok;
            });
        });
        return command;
    }

    private static List<PriceSchedule> Select(PriceBook prices, string? provider, string? glob) =>
    [
        .. prices.Entries
            .Where(entry => provider is null || string.Equals(entry.Provider, provider, StringComparison.OrdinalIgnoreCase))
            .Where(entry => glob is null || entry.Aliases.Prepend(entry.Model).Any(name => FileSystemName.MatchesSimpleExpression(glob, name, ignoreCase: true)))
            .OrderBy(entry => entry.Provider, StringComparer.OrdinalIgnoreCase)
            .ThenBy(entry => entry.Model, StringComparer.OrdinalIgnoreCase),
    ];

    private static void WriteJson(TextWriter output, PriceBook prices, DateOnly day, List<PriceSchedule> rows) => Output.WriteJson(output, new
    {
        AsOf = day,
        prices.Compiled,
        prices.NewestObservation,
        Unit = "USD per million tokens",
        Models = rows.Select(entry => PricesJson.Model(entry, entry.At(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)))),
    });
}
