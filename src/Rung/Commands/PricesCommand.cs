using System.CommandLine;

namespace Rung.Commands;

/// <summary><c>rung prices</c>: what models cost, whether the book can be trusted, and bringing in a newer list. Never uses the network.</summary>
internal static class PricesCommand
{
    public static Command Create(TimeProvider clock) => new("prices", "Show, check and import the prices of models.")
    {
        PricesListCommand.Create(clock),
        PricesCheckCommand.Create(clock),
        PricesImportCommand.Create(clock),
    };

    /// <summary>The day that <c>--as-of</c> names, else today, UTC.</summary>
    internal static DateOnly DayOf(DateOnly? asOf, TimeProvider clock) => asOf ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    internal static Option<DateOnly?> AsOfOption(string description) => new("--as-of") { Description = description, HelpName = "YYYY-MM-DD" };

    internal static Option<FileInfo?> BookOption() => new("--book")
    {
        Description = $"Your own price book, laid over the one that ships. Default: {PricesFile.FileName} of the data directory, if there is one.",
        HelpName = "FILE",
    };

    internal static Option<string> DataOption() => new("--data")
    {
        Description = "The data directory, which holds your own price book.", HelpName = "DIR", DefaultValueFactory = _ => ServeCommand.DefaultData,
    };

    internal static Option<bool> JsonOption() => new("--json") { Description = "Print JSON." };
}
