using System.CommandLine;
using Rung.Core.Prices;

namespace Rung.Commands;

/// <summary><c>rung prices import</c>: brings a public price list, already on disk, into the user's own book.</summary>
internal static class PricesImportCommand
{
    private const int MostRowsShown = 200;

    public static Command Create(TimeProvider clock)
    {
        var list = new Argument<FileInfo>("file") { Description = "The price list: LiteLLM's model_prices_and_context_window.json or models.dev's api.json." };
        var from = new Option<string>("--from") { Description = "Whose list it is: litellm or models.dev.", Required = true }.AcceptOnlyFromAmong("litellm", "models.dev");
        var into = new Option<FileInfo?>("--into") { Description = $"Your own price book, made when it is not there. Default: {PricesFile.FileName} of the data directory.", HelpName = "FILE" };
        var data = PricesCommand.DataOption();
        var provider = new Option<string[]>("--provider") { Description = "Only this provider; may be given more than once." };
        var asOf = PricesCommand.AsOfOption("The day from which the list's prices hold, UTC. Default: today.");
        var force = new Option<bool>("--force") { Description = $"Take changes of more than {PriceBookMerge.MostTimes} times, too." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would change and write nothing." };
        var json = PricesCommand.JsonOption();
        var command = new Command("import", "Bring a price list from a file into your own book. Past prices stay: old calls keep their cost.")
        {
            list, from, into, data, provider, asOf, force, dryRun, json,
        };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var file = parsed.GetRequiredValue(list).FullName;
            return PricesFile.Guard(error, file, () =>
            {
                var bytes = PricesFile.ReadBytes(file);
                var import = PricesFile.Named(file, () => parsed.GetRequiredValue(from) == "litellm" ? LiteLlmPrices.Read(bytes) : ModelsDevPrices.Read(bytes));
                if (import.Entries.IsEmpty)
                {
                    return Output.Fail(error, $"{file}: none of its {import.Skipped.Length} rows is a model with a price by token.", $"Is it really a list of {import.Source}? Nothing was written.");
                }
                import = Only(import, parsed.GetValue(provider) ?? []);

                var path = parsed.GetValue(into)?.FullName ?? PricesFile.In(parsed.GetRequiredValue(data));
                var own = File.Exists(path) ? PricesFile.Read(path) : PriceBook.Empty;
                var day = PricesCommand.DayOf(parsed.GetValue(asOf), clock);
                var merged = PriceBookMerge.Merge(PriceBook.Embedded.OverlaidBy(own), import, day, parsed.GetValue(force));
                var written = !parsed.GetValue(dryRun) && merged.Changes.Any(change => change.Kind is PriceChangeKind.Added or PriceChangeKind.Changed);
                if (written) PricesFile.Write(path, OwnPart(own, merged, day));

                Report(output, error, import, merged, parsed.GetValue(json), written ? path : null);
                return merged.Changes.Any(change => change.Kind == PriceChangeKind.Refused) ? ExitCode.Faults : ExitCode.Ok;
            });
        });
        return command;
    }

    private static PriceImport Only(PriceImport import, string[] providers) => providers.Length == 0
        ? import
        : import with { Entries = [.. import.Entries.Where(entry => providers.Contains(entry.Provider, StringComparer.OrdinalIgnoreCase))] };

    /// <summary>What the user had, and what the import added or changed. The rest stays in the book that ships, so that its updates arrive.</summary>
    private static PriceBook OwnPart(PriceBook own, PriceBookMergeResult merged, DateOnly day)
    {
        var touched = merged.Changes
            .Where(change => change.Kind is PriceChangeKind.Added or PriceChangeKind.Changed)
            .Select(change => (change.Provider, change.Model))
            .Concat(own.Entries.Select(entry => (entry.Provider, entry.Model)))
            .ToHashSet();
        var entries = merged.Book.Entries.Where(entry => touched.Contains((entry.Provider, entry.Model))).ToList();
        var keys = entries.SelectMany(entry => entry.Periods).SelectMany(period => period.Source.Split(',')).ToHashSet(StringComparer.Ordinal);
        return new PriceBook
        {
            Entries = entries,
            Compiled = day > own.Compiled ? day : own.Compiled,
            NewestObservation = merged.Book.NewestObservation,
            Sources = merged.Book.Sources.RemoveRange(merged.Book.Sources.Keys.Where(key => !keys.Contains(key))),
        };
    }

    private static void Report(TextWriter output, TextWriter error, PriceImport import, PriceBookMergeResult merged, bool json, string? path)
    {
        var changes = merged.Changes;
        if (json)
        {
            Output.WriteJson(output, new
            {
                WrittenTo = path,
                Changes = changes.Where(change => change.Kind != PriceChangeKind.Unchanged).Select(change => new
                {
                    change.Kind,
                    change.Provider,
                    change.Model,
                    Before = change.Before is { } before ? PricesJson.Period(before) : null,
                    After = change.After is { } after ? PricesJson.Period(after) : null,
                    change.Reason,
                }),
                import.Skipped,
                import.Remarks,
            });
        }
        else
        {
            // New models may be thousands: they are shown last, and cut.
            var shown = changes.Where(change => change.Kind != PriceChangeKind.Unchanged).OrderBy(change => change.Kind == PriceChangeKind.Added).ToList();
            PricesTable.WriteChanges(output, [.. shown.Take(MostRowsShown)]);
            if (shown.Count > MostRowsShown) error.WriteLine($"{shown.Count - MostRowsShown} more; --json shows all.");
        }
        int Count(PriceChangeKind kind) => changes.Count(change => change.Kind == kind);
        error.WriteLine(
            $"{Count(PriceChangeKind.Added)} added, {Count(PriceChangeKind.Changed)} changed, {Count(PriceChangeKind.Unchanged)} the same, "
            + $"{Count(PriceChangeKind.Kept)} kept, {Count(PriceChangeKind.Refused)} refused; {import.Skipped.Length} rows skipped, {import.Remarks.Length} remarks.");
        error.WriteLine(path is null ? "Nothing was written." : $"Written to {path}. A gateway of this data directory takes it when it is started anew.");
        if (Count(PriceChangeKind.Refused) > 0) error.WriteLine("Refused changes exceed ten times: look at them, then use --force.");
    }
}
