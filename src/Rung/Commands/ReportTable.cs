using Rung.Storage.Reports;
using Spectre.Console;

namespace Rung.Commands;

/// <summary>The table of <c>rung report</c>, under 100 columns wide with usual amounts, and the sentences that its numbers need.</summary>
internal static class ReportTable
{
    // With usual amounts the table then stays under 100 columns; unusual ones widen it rather than break a line.
    private const int KeyWidth = 18;
    private const int MostWidth = 200;

    public static void Write(TextWriter output, LedgerReport report)
    {
        if (report.Totals.Calls == 0)
        {
            output.WriteLine(report.Since is null && report.Until is null
                ? "The ledger is empty. Start `rung serve`, point a client's base URL at it, and every call is recorded here."
                : $"No calls {Window(report.Since, report.Until)}. Widen --since and --until, or leave them out.");
            return;
        }
        output.WriteLine($"Calls by {Word(report.By)}, {Window(report.Since, report.Until)}");
        WriteTable(output, TableOf(report));
        foreach (var note in Notes(report)) output.WriteLine(note);
    }

    /// <summary>Writes a table without colours, as wide as it needs.</summary>
    internal static void WriteTable(TextWriter output, Table table)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = MostWidth;
        console.Write(table);
    }

    private static Table TableOf(LedgerReport report)
    {
        var table = Titled(Word(report.By), "calls", "tries", "climb", "errors", "tokens in", "out", "cost", "saved", "p50", "p95", "ttft");
        foreach (var row in report.Rows.Where(row => row.Calls + row.Attempts + row.Answered > 0)) AddRow(table, Key(report, row), row);
        table.AddEmptyRow();
        AddRow(table, "total", report.Totals);
        return table;
    }

    /// <summary>An empty table: a column of keys, then figures.</summary>
    internal static Table Titled(string key, params string[] titles)
    {
        var table = new Table { Border = TableBorder.Simple, ShowFooters = false };
        table.AddColumn(new TableColumn(key) { NoWrap = true, Padding = new Padding(0, 0, 0, 0) });
        foreach (var title in titles)
        {
            // The border gives one space; a second one sets the groups apart.
            var gap = title is "tokens in" or "cost" or "p50" ? 1 : 0;
            table.AddColumn(new TableColumn(title) { Alignment = Justify.Right, NoWrap = true, Padding = new Padding(gap, 0, 0, 0) });
        }
        return table;
    }

    private static void AddRow(Table table, string key, ReportRow row) => table.AddRow(new[]
    {
        Short(key), Count(row.Calls), Count(row.Attempts), $"{row.EscalationRate * 100:0.0}%", Count(row.Errors), Count(row.TokensIn), Count(row.TokensOut),
        Output.Usd(row.CostNanoUsd) + (row.UnknownPriceAttempts > 0 ? "+?" : ""),
        row.SavedShare is { } saved ? $"{saved * 100:0.0}%" : "-",
        Time(row.LatencyP50Micros), Time(row.LatencyP95Micros), Time(row.FirstByteP50Micros),
    }.Select(cell => new Text(cell)));

    private static IEnumerable<string> Notes(LedgerReport report)
    {
        var totals = report.Totals;
        if (report.RowsLeftOut > 0) yield return $"{report.RowsLeftOut:#,0} more rows are in the total; --limit shows more.";
        if (totals.UnknownPriceAttempts > 0)
        {
            yield return $"Unknown price: {totals.UnknownPriceAttempts:#,0} attempts have no known price and are not in the cost (+?).";
        }
        if (totals.Failures.Count > 0)
        {
            yield return $"{(report.IsByAttempt ? "Attempts" : "Calls")} that did not end well: {string.Join(", ", totals.Failures.Select(failure => $"{failure.Key} {failure.Value:#,0}"))}.";
        }
        if (totals.DoomedAttempts > 0) yield return Doomed(totals);
        yield return Saving(totals);
        if (report.Baselines.Count > 0)
        {
            yield return $"Baseline: the same tokens answered once by {string.Join(", or ", report.Baselines.Take(3).Select(Baseline))}.";
        }
        if (report.IsByAttempt)
        {
            yield return $"By {Word(report.By)}, rows are about attempts: calls that reached it, cost, tokens, errors and times of those attempts;";
            yield return "saved is over the calls it answered. A call that reached two stands in two rows and once in the total.";
        }
    }

    private static string Doomed(ReportRow totals)
    {
        var given = $"Given up early: {totals.DoomedAttempts:#,0} doomed {(totals.DoomedAttempts == 1 ? "stream" : "streams")}";
        return totals.DoomedMeasured == 0
            ? given + "; what that saved is not known yet."
            : $"{given}; about {Count(totals.SavedTokens)} output tokens and {Time(totals.SavedMicros)} not waited for (n = {totals.DoomedMeasured:#,0}).";
    }

    private static string Saving(ReportRow totals) => totals.SavingNanoUsd is not { } saving
        ? "Saved: not known, because no call has both a baseline and known prices."
        : $"Saved: {Signed(saving)} net of every attempt, over the {totals.CallsInSaving:#,0} of {totals.Calls:#,0} calls with a baseline and known prices.";

    private static string Baseline(BaselineAssumption baseline) =>
        $"{baseline.Model} ({(baseline.Tier is null ? "the policy's reference tier" : "tier " + baseline.Tier)}; {baseline.Calls:#,0} calls)";

    private static string Signed(long nanoUsd) => nanoUsd < 0 ? "-" + Output.Usd(nanoUsd == long.MinValue ? long.MaxValue : -nanoUsd) : Output.Usd(nanoUsd);

    private static string Key(LedgerReport report, ReportRow row) => row.Key switch
    {
        null => report.IsByAttempt ? "(no answer)" : $"(no {Word(report.By)})",
        "" => "(empty)",
        _ => row.Key,
    };

    // Keys come from clients: what would break the line is shown as a dot.
    internal static string Short(string key)
    {
        var line = string.Concat(key.Select(character => char.IsControl(character) ? '·' : character));
        return line.Length <= KeyWidth ? line : line[..(KeyWidth - 1)] + "…";
    }

    internal static string Count(long count) => count switch
    {
        < 100_000 => $"{count:#,0}",
        < 10_000_000 => $"{count / 1e3:#,0}k",
        < 10_000_000_000 => $"{count / 1e6:#,0}M",
        _ => $"{count / 1e9:#,0}G",
    };

    internal static string Time(long? micros) => micros switch
    {
        null => "-",
        < 999_500 => $"{micros / 1e3:0}ms",
        < 100_000_000 => $"{micros / 1e6:0.0}s",
        _ => $"{micros / 1e6:0}s",
    };

    /// <summary>A window of time in words.</summary>
    internal static string Window(DateTimeOffset? from, DateTimeOffset? to) => (from, to) switch
    {
        (null, null) => "all time",
        ({ } since, null) => $"since {since:yyyy-MM-dd HH:mm} UTC",
        (null, { } until) => $"until {until:yyyy-MM-dd HH:mm} UTC",
        ({ } since, { } until) => $"{since:yyyy-MM-dd HH:mm} to {until:yyyy-MM-dd HH:mm} UTC",
    };

    /// <summary>A grouping in a word.</summary>
    internal static string Word(Enum by) => by.ToString().ToLowerInvariant();
}
