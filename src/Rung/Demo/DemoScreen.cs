using Rung.Commands;
using Rung.Storage.Reports;
using Spectre.Console;

namespace Rung.Demo;

/// <summary>The table that redraws itself while the demo runs, on a terminal. It goes away when the demo ends.</summary>
internal sealed class DemoScreen : IProgress<DemoMoment>
{
    private const int MaxWidth = 100;

    private readonly LiveDisplayContext _live;

    private DemoScreen(LiveDisplayContext live) => _live = live;

    /// <summary>Runs something under the table.</summary>
    public static Task<T> ShowAsync<T>(TextWriter terminal, Func<IProgress<DemoMoment>, Task<T>> run)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal) });
        console.Profile.Width = Math.Min(MaxWidth, console.Profile.Width);
        return console.Live(new Text($"Warming up ... ({DemoNote.Short})")).AutoClear(true).StartAsync(live => run(new DemoScreen(live)));
    }

    /// <inheritdoc/>
    public void Report(DemoMoment value) => _live.UpdateTarget(TableOf(value));

    private static Table TableOf(DemoMoment moment)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(Markup.Escape($"{moment.Title}, {moment.Elapsed.TotalSeconds:0} s")) };
        table.Caption = new TableTitle(Markup.Escape($"{DemoNote.Short}; the gateway, its checks, prices and ledger are real. Ctrl-C stops."));
        table.AddColumn("tag");
        foreach (var heading in new[] { "calls", "attempts", "escalations", "cost so far", "p95 ms" }) table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var row in moment.Report.Rows.OrderBy(row => row.Key, StringComparer.Ordinal)) table.AddRow(Cells(row.Key ?? "", row));
        table.AddEmptyRow();
        table.AddRow(Cells("all", moment.Report.Totals));
        return table;
    }

    private static string[] Cells(string name, ReportRow row) =>
    [
        Markup.Escape(name), $"{row.Calls}", $"{row.Attempts}", $"{row.Escalations}", Output.Usd(row.CostNanoUsd), $"{(row.LatencyP95Micros ?? 0) / 1000}",
    ];
}
