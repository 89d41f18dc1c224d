using Rung.Core.Decisions;
using Rung.Core.Policies;
using Spectre.Console;

namespace Rung.Commands.Policy;

/// <summary>A compiled policy as people read an org chart: every job with its tier, owner, reason, what catches its failure, and its bounds.</summary>
internal sealed record OrgChart(IReadOnlyList<ChartTier> Ladder, IReadOnlyList<ChartRoute> Routes, IReadOnlyList<ChartPin> Pins)
{
    private const ClimbCause EveryCause = ClimbCause.CheckFailed | ClimbCause.Truncated | ClimbCause.Refused | ClimbCause.Filtered | ClimbCause.Unavailable;

    // What the borders of a table of six columns take.
    private const int BordersOfTable = 7;

    /// <summary>Reads a policy: roles with their tags beneath, then tags without a role, then the default route.</summary>
    public static OrgChart Of(PolicySnapshot policy)
    {
        var tags = policy.Tags.Values.OrderBy(route => route.Name, StringComparer.Ordinal).ToList();
        var routes = new List<ChartRoute>();
        foreach (var (name, role) in policy.Roles.OrderBy(role => role.Key, StringComparer.Ordinal))
        {
            routes.Add(Row(role, name));
            routes.AddRange(tags.Where(tag => tag.Role == name).Select(tag => Row(tag, tag.Name)));
        }
        routes.AddRange(tags.Where(tag => tag.Role is null).Select(tag => Row(tag, tag.Name)));
        routes.Add(Row(policy.Default, "default"));
        return new OrgChart(
            [.. policy.Ladder.Select(tier => new ChartTier(tier.Name, [.. policy.Models.Where(model => tier.Pool.Contains(model.Index)).Select(model => model.Name)], tier.Name == policy.ReferenceTier.Name))],
            routes,
            [.. policy.Pins.Select(pin => new ChartPin(pin.Name, Condition(pin), [.. policy.Models.Where(model => pin.Models.Contains(model.Index)).Select(model => model.Name)], pin.Why))]);
    }

    /// <summary>Writes it, at most 100 columns wide.</summary>
    public void Write(TextWriter output)
    {
        Lines.Write(output, "Ladder: ", string.Join(" → ", Ladder.Select(tier => $"{tier.Name} ({string.Join(", ", tier.Models)}{(tier.IsReference ? "; the reference" : "")})")));
        output.WriteLine();
        PlainTable.Write(output, Table());
        if (Pins.Count > 0) output.WriteLine();
        foreach (var pin in Pins)
            Lines.Write(output, $"Pin {Lines.Clean(pin.Name)}: ", $"{pin.When} → only {string.Join(", ", pin.Models)}{(pin.Why is null ? "" : $" ({pin.Why})")}");
    }

    private Table Table()
    {
        var rows = Routes.Select(route => new[]
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

    private static ChartRoute Row(Route route, string name) => new()
    {
        Name = name,
        Kind = route.Kind,
        Role = route.Kind == RouteKind.Tag ? route.Role : null,
        Tier = route.Tier.Name,
        Owner = route.Owner,
        Why = route.Why,
        Checks = route.CheckTexts.Length == route.Checks.Length ? [.. route.CheckTexts] : [.. route.Checks.Select(check => check.Name)],
        CaughtBy = CaughtBy(route),
        Escalation = route.Escalation is { } up ? Escalation(up) : null,
        Floor = route.Floor is { } floor ? $"{floor.Verdict} at least {floor.AtLeast:0.####}{(floor.Of is null ? "" : $" of {floor.Of}")}" : null,
        Ceiling = route.Ceiling is { } ceiling ? Ceiling(ceiling) : null,
        Evidence = route.Evidence,
        EvidenceMissing = route.EvidenceGap is { } gap ? new ChartGap(gap.Word, gap.Prove) : null,
        UserVisible = route.UserVisible,
        DataClass = route.DataClass,
    };

    private static string Escalation(Escalation up)
    {
        var causes = up.On == EveryCause ? "any cause" : Explanation.Causes(up.On);
        var times = up.Times == 1 ? "" : $", up to {up.Times} times";
        return $"climbs to {up.To.Name} on {causes}{times}{(up.Exhausted == Exhausted.Error ? ", then an error" : "")}";
    }

    private static string Ceiling(Ceiling ceiling) => string.Join(", ", new[]
    {
        ceiling.NanoUsdPerCall is { } call ? $"{Output.Usd(call)} a call" : null,
        ceiling.NanoUsdPerSession is { } session ? $"{Output.Usd(session)} a session" : null,
        ceiling.NanoUsdPerDay is { } day ? $"{Output.Usd(day)} a day" : null,
    }.OfType<string>());

    private static string Condition(Pin pin) => string.Join(" and ", new[]
    {
        pin.DataClass is null ? null : $"data_class {pin.DataClass}",
        pin.Tag is null ? null : $"tag {pin.Tag}",
        pin.Role is null ? null : $"role {pin.Role}",
        pin.Tenant is null ? null : $"tenant {pin.Tenant}",
        pin.User is null ? null : $"user {pin.User}",
    }.OfType<string>());

    private static string Title(ChartRoute route)
    {
        var marks = string.Join(", ", new[] { route.UserVisible ? "user-visible" : null, route.DataClass }.OfType<string>());
        return $"{(route.Kind == RouteKind.Role ? "role " : route.Role is null ? "" : "· ")}{route.Name}{(marks.Length == 0 ? "" : $"\n({marks})")}";
    }

    private static string CaughtBy(Route route)
    {
        var parts = route.Checks.Select(check => $"check: {check.Name}").Concat(route.Escalation is { } up ? [Escalation(up)] : []).ToList();
        return parts.Count == 0 ? "nothing" : string.Join("; ", parts);
    }

    private static string Bounds(ChartRoute route) => string.Join('\n', new[]
    {
        route.Floor is null ? null : $"floor: {route.Floor}",
        route.Ceiling is null ? null : $"ceiling: {route.Ceiling}",
        route.Evidence is null ? null : $"evidence: {Lines.Clean(route.Evidence)}",
        route.EvidenceMissing is null ? null : $"evidence: none yet ({route.EvidenceMissing.Missing.Replace('_', ' ')})",
    }.OfType<string>());
}
