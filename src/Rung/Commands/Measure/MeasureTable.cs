using Rung.Commands.Policy;
using Rung.Control.Measurement;
using Rung.Core.Measurement;
using Rung.Core.Statistics;
using Spectre.Console;

namespace Rung.Commands.Measure;

/// <summary>The table of <c>rung measure</c>, at most 100 columns; with one tag and one row, every number with its interval.</summary>
internal static class MeasureTable
{
    public static void Write(TextWriter output, IReadOnlyList<MeasureRow> rows, MeasureQuery query)
    {
        if (rows.Count == 0)
        {
            output.WriteLine($"There are no calls{(query.Tag is { } tag ? $" of tag {tag}" : "")} {ReportTable.Window(query.Since, query.Until)}.");
            output.WriteLine("Widen --since to look further back.");
            return;
        }
        output.WriteLine($"Calls by {(query.By == MeasureGrouping.Tag ? "tag" : $"tag and {ReportTable.Word(query.By)}")}, {ReportTable.Window(query.Since, query.Until)}");
        ReportTable.WriteTable(output, Rows(rows, query));
        if (query.Tag is not null && rows.Count == 1) WriteWhole(output, rows[0]);
        Notes(output, rows);
    }

    private static Table Rows(IReadOnlyList<MeasureRow> rows, MeasureQuery query)
    {
        var parted = query.By != MeasureGrouping.Tag;
        string[] figures = ["calls", "quality", "a call", "checks", "climb", "failover", "errors", "p50", "p95", "saved"];
        var table = ReportTable.Titled("tag", parted ? [ReportTable.Word(query.By), .. figures] : figures);
        foreach (var row in rows)
        {
            var reading = row.Reading;
            List<string> cells = [ReportTable.Short(row.Tag ?? "(no tag)")];
            if (parted) cells.Add(ReportTable.Short(row.Part ?? "(none)"));
            cells.AddRange(
            [
                ReportTable.Count(reading.Calls), reading.Quality is { } quality ? $"{quality.Estimate:0.000}" : "-", reading.CostPerCall is { } cost ? Output.Usd((long)cost.Estimate) : "-",
                Percent(reading.CheckFailure), Percent(reading.Escalation), Percent(reading.Failover), Percent(reading.Error),
                ReportTable.Time((long?)reading.Latency?.P50), ReportTable.Time((long?)reading.Latency?.P95), row.Saving is { } saving ? $"{100 * saving.Share.Estimate:0} %{Mark(saving.Basis)}" : "-",
            ]);
            table.AddRow(cells.Select(cell => new Text(cell)));
        }
        return table;
    }

    private static void WriteWhole(TextWriter output, MeasureRow row)
    {
        var reading = row.Reading;
        void Say(string name, string words) => output.WriteLine($"{name,-16} {words}");
        Say("quality", reading.Quality is { } quality ? $"{Scores(quality)}" : "nothing has judged these calls");
        foreach (var signal in reading.Signals)
            Say("", $"{ReportTable.Word(signal.Signal)} {Scores(signal.Mean)}, {Some(signal.Items, "judgement")} of {Some(signal.Units, "unit")}, {100 * signal.Weight:0} % of it");
        Say("cost", $"{Output.Usd(reading.CostNanoUsd)}{(reading.UnknownPriceCalls > 0 ? $", and {Some(reading.UnknownPriceCalls, "call")} of unknown price" : "")}");
        if (reading.CostPerCall is { } call) Say("  a call", Amounts(call));
        if (reading.CostPerSession is { } session) Say("  a session", $"{Amounts(session)}, {Some(reading.Sessions, "session")}");
        if (row.Saving is { } saving)
            Say("saved", $"{100 * saving.Share.Estimate:0.0} % ({100 * saving.Share.Low:0.0} to {100 * saving.Share.High:0.0}), {Output.Usd((long)saving.NanoUsd.Estimate)}, against {Words(saving)}");
        Say("failed checks", Share(reading.CheckFailure));
        Say("climbed", Share(reading.Escalation));
        Say("failed over", Share(reading.Failover));
        Say("errors", Share(reading.Error));
        Say("overridden", Share(reading.Override));
        Say("last byte", Times(reading.Latency));
        Say("first byte", Times(reading.FirstByte));
        output.WriteLine();
    }

    private static void Notes(TextWriter output, IReadOnlyList<MeasureRow> rows)
    {
        Lines.Write(output, "", "checks: first answers that failed a check, of those checked. Intervals are for 95 %; sessions, and calls without one, count as independent.");
        if (rows.Any(row => row.Saving is { Basis: SavingBasis.Holdback })) Lines.Write(output, "", "h saved against calls that a rollout holds back, by chance.");
        if (rows.Any(row => row.Saving is { Basis: SavingBasis.Current })) Lines.Write(output, "", "c saved against calls that a rollout has not moved yet, by chance.");
        if (rows.Any(row => row.Saving is { Basis: SavingBasis.Baseline })) Lines.Write(output, "", "b saved against the price of the same tokens at the reference tier.");
    }

    private static string Mark(SavingBasis basis) => basis switch { SavingBasis.Holdback => " h", SavingBasis.Current => " c", _ => " b" };

    private static string Words(MeasuredSaving saving) => saving.Basis switch
    {
        SavingBasis.Holdback => $"{Some(saving.Others, "call")} held back",
        SavingBasis.Current => $"{Some(saving.Others, "call")} on the current policy",
        _ => "the price of the same tokens at the reference tier",
    };

    private static string Percent(MeasuredShare share) => share.Share is { } known ? $"{100 * known.Estimate:0.0} %" : "-";

    private static string Share(MeasuredShare share) => share.Share is { } known
        ? $"{100 * known.Estimate:0.0} % ({100 * known.Low:0.0} to {100 * known.High:0.0}), {share.Events:#,0} of {Some(share.Trials, "call")}" : "no call could";

    private static string Scores(Interval score) => $"{score.Estimate:0.000} ({score.Low:0.000} to {score.High:0.000})";

    private static string Amounts(Interval nanoUsd) => $"{Output.Usd((long)nanoUsd.Estimate)} ({Output.Usd((long)nanoUsd.Low)} to {Output.Usd((long)nanoUsd.High)})";

    private static string Times(MeasuredTimes? times) => times is { } known
        ? $"p50 {ReportTable.Time((long)known.P50)}, p95 {ReportTable.Time((long)known.P95)}, p99 {ReportTable.Time((long)known.P99)}, {Some(known.Count, "call")}" : "-";

    private static string Some(long count, string what) => count == 1 ? $"1 {what}" : $"{count:#,0} {what}s";
}
