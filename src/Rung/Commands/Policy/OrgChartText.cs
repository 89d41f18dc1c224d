using Rung.Control.Policies;
using Rung.Core.Policies;
using Spectre.Console;

namespace Rung.Commands.Policy;

/// <summary>An org chart for a terminal.</summary>
internal static class OrgChartText
{
    // What the borders of a table of six columns take.
    private const int BordersOfTable = 7;

    /// <summary>Writes it, at most 100 columns wide.</summary>
    public static void Write(TextWriter output, OrgChart chart)
    {
        Lines.Write(output, "Ladder: ", string.Join(" → ", chart.Ladder.Select(tier => $"{tier.Name} ({string.Join(", ", tier.Models)}{(tier.IsReference ? "; the reference" : "")})")));
        output.WriteLine();
        PlainTable.Write(output, Table(chart.Routes));
        if (chart.Pins.Count > 0) output.WriteLine();
        foreach (var pin in chart.Pins)
            Lines.Write(output, $"Pin {Lines.Clean(pin.Name)}: ", $"{pin.When} → only {string.Join(", ", pin.Models)}{(pin.Why is null ? "" : $" ({pin.Why})")}");
    }

    private static Table Table(IReadOnlyList<ChartRoute> routes)
    {
        var rows = routes.Select(route => new[]
        {
            Title(route), route.Tier, route.Owner ?? "(nobody)", route.Why ?? "(not said)", Lines.Clean(route.CaughtBy), Bounds(route),
        }).ToList();
        // Names get what they need, within reason; sentences share the rest.
        var (name, tier, owner) = (Widest(0, 20), Widest(1, 10), Widest(2, 14));
        var left = Lines.Width - BordersOfTable - name - tier - owner;
        var hasBounds = rows.Exists(row => row[5].Length > 0);
        var (why, caught) = hasBounds ? (left * 2 / 5, left * 3 / 10) : (left * 3 / 5, left * 2 / 5);
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (title, width) in new[] { ("route", name), ("tier", tier), ("owner", owner), ("why", why), ("caught by", caught), ("bounds", left - why - caught) })
        {
            if (title != "bounds" || hasBounds) table.AddColumn(new TableColumn(title) { Width = width, Padding = new Padding(0, 0, 0, 0) });
        }
        foreach (var row in rows)
        {
            if (table.Rows.Count > 0) table.AddEmptyRow();
            table.AddRow(row.Take(table.Columns.Count).Select(cell => new Text(cell)));
        }
        return table;

        int Widest(int column, int most) => Math.Clamp(rows.Max(row => row[column].Split('\n').Max(line => line.Length)), 6, most);
    }

    private static string Title(ChartRoute route)
    {
        var marks = string.Join(", ", new[] { route.UserVisible ? "user-visible" : null, route.DataClass }.OfType<string>());
        return $"{(route.Kind == RouteKind.Role ? "role " : route.Role is null ? "" : "· ")}{route.Name}{(marks.Length == 0 ? "" : $"\n({marks})")}";
    }

    private static string Bounds(ChartRoute route) => string.Join('\n', new[]
    {
        route.Floor is null ? null : $"floor: {route.Floor}",
        route.Ceiling is null ? null : $"ceiling: {route.Ceiling}",
        route.Evidence is null ? null : $"evidence: {Lines.Clean(route.Evidence)}",
        route.EvidenceMissing is null ? null : $"evidence: none yet ({route.EvidenceMissing.Missing.Replace('_', ' ')})",
    }.OfType<string>());
}
