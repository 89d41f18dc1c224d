using Rung.Commands.Policy;
using Rung.Control.Measurement;
using Spectre.Console;

namespace Rung.Commands;

/// <summary>The table of <c>rung quality</c>, at most 100 columns, and the sentences that its numbers need.</summary>
internal static class QualityTable
{
    private const int MostKinds = 3;

    public static void Write(TextWriter output, IReadOnlyList<TagQuality> rows, QualityQuery query)
    {
        if (rows.Count == 0)
        {
            output.WriteLine($"Nothing has judged {(query.Imported ? "an imported call" : "a call")}{(query.Tag is { } tag ? $" of tag {tag}" : "")} {ReportTable.Window(query.Since, query.Until)}.");
            output.WriteLine("Checks, judges, reviews and POST /rung/feedback do; widen --since to look further back.");
            return;
        }
        output.WriteLine($"Quality by {(query.ByModel ? "tag and model" : "tag")}{(query.Imported ? " of imported calls" : "")}, {ReportTable.Window(query.Since, query.Until)}");
        ReportTable.WriteTable(output, Rows(rows, query));
        if (query.Tag is not null && !query.ByModel) foreach (var row in rows) WriteKinds(output, row);
        Notes(output, rows, query);
    }

    private static Table Rows(IReadOnlyList<TagQuality> rows, QualityQuery query)
    {
        var table = Titled("tag", query.ByModel ? ["model", "judged", "sessions", "quality", "95 % interval", "floor", ""] : ["judged", "sessions", "quality", "95 % interval", "kinds", "floor", ""]);
        foreach (var row in rows)
        {
            var cells = new List<string> { ReportTable.Short(row.Tag ?? "(no tag)") };
            if (query.ByModel) cells.Add(ReportTable.Short(string.IsNullOrEmpty(row.Model) ? "(not known)" : row.Model));
            cells.AddRange([ReportTable.Count(row.Combined.Items), ReportTable.Count(row.Combined.Sessions), Value(row.Combined), Interval(row.Combined)]);
            if (!query.ByModel) cells.Add(Kinds(row));
            cells.AddRange([row.Floor is { } floor ? $"{floor.AtLeast:0.###} {floor.Verdict}" : "-", row.Floor is { } known ? State(known.State) : ""]);
            table.AddRow(cells.Select(cell => new Text(cell)));
        }
        return table;
    }

    private static void WriteKinds(TextWriter output, TagQuality row)
    {
        var table = Titled("kind", ["judged", "sessions", "quality", "95 % interval", "share", "sample"]);
        foreach (var source in row.Sources)
        {
            table.AddRow(new[]
            {
                QualitySources.Word(source.Source), ReportTable.Count(source.Estimate.Items), ReportTable.Count(source.Estimate.Sessions), Value(source.Estimate), Interval(source.Estimate),
                $"{source.Share * 100:0} %", source.IsRandomSample ? "all, or drawn" : "not random",
            }.Select(cell => new Text(cell)));
        }
        ReportTable.WriteTable(output, table);
    }

    private static void Notes(TextWriter output, IReadOnlyList<TagQuality> rows, QualityQuery query)
    {
        foreach (var row in rows)
        {
            if (row.Floor is not { } floor) continue;
            var name = (row.Tag ?? "(no tag)") + (string.IsNullOrEmpty(row.Model) ? "" : $" on {row.Model}");
            var measured = floor.Estimate.Quality is { } quality ? $" {quality.Estimate:0.000} ({quality.Low:0.000} to {quality.High:0.000}, n = {floor.Estimate.Sessions:N0});" : "";
            Lines.Write(output, "", $"{ReportTable.Short(name)}: floor {floor.AtLeast:0.###} by {floor.Verdict}{(floor.Of is { } tier ? $" of {tier}" : "")}:{measured} {Words(floor.State)}: {floor.Words}.");
        }
        Lines.Write(output, "", $"judged: calls and sessions, once for each kind; the interval counts sessions as independent. Below {QualityPool.LeastSessions} sessions: not enough data yet.");
        if (rows.Any(row => row.Sources.Any(source => !source.IsRandomSample)))
            Lines.Write(output, "", "* not a random sample: those who speak up may differ from those who do not, and no interval shows by how much.");
    }

    private static Table Titled(string key, string[] titles)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn(key) { NoWrap = true, Padding = new Padding(0, 0, 0, 0) });
        foreach (var title in titles)
        {
            var isText = title is "kinds" or "floor" or "" or "sample" or "model";
            table.AddColumn(new TableColumn(title) { Alignment = isText ? Justify.Left : Justify.Right, NoWrap = true, Padding = new Padding(isText ? 1 : 0, 0, 0, 0) });
        }
        return table;
    }

    private static string Kinds(TagQuality row)
    {
        var named = row.Sources.Take(MostKinds).Select(source => QualitySources.Word(source.Source) + (source.IsRandomSample ? "" : "*"));
        return string.Join(", ", named) + (row.Sources.Length > MostKinds ? $" +{row.Sources.Length - MostKinds}" : "");
    }

    private static string Value(QualityEstimate estimate) => estimate.Quality is { } quality ? $"{quality.Estimate:0.000}" : "too few";

    private static string Interval(QualityEstimate estimate) => estimate.Quality is { } quality ? $"{quality.Low:0.000}-{quality.High:0.000}" : $"of {QualityPool.LeastSessions}";

    private static string State(FloorState state) => state switch { FloorState.Met => "met", FloorState.Broken => "BROKEN", _ => "?" };

    private static string Words(FloorState state) => state switch { FloorState.Met => "met", FloorState.Broken => "BROKEN", _ => "cannot be said" };
}
