namespace Rung.Control.Audit.Page;

/// <summary>The charts of the page, in SVG without a script. Every mark carries its figures as a tooltip, and every chart its summary for those who cannot see it.</summary>
internal static class Charts
{
    private const double Width = 720;
    private const double Left = 190;
    private const double Right = 96;
    private const int BarsShown = 15;
    private const int NameChars = 24;

    /// <summary>One bar a job, the dearest first; what is beyond the first ones is one bar.</summary>
    public static void Spend(Html page, AuditReport report)
    {
        var bars = report.Rows.Take(BarsShown).Select(row => (Name: row.Tag, Cost: row.Totals.CostNanoUsd, row.Share)).ToList();
        var rest = report.Rows.Skip(BarsShown).ToList();
        if (rest.Count > 0) bars.Add(($"the rest ({Money.Of(rest.Count, "job")})", rest.Sum(row => row.Totals.CostNanoUsd), rest.Sum(row => row.Share ?? 0)));
        var most = Math.Max(1, bars.Count > 0 ? bars.Max(bar => bar.Cost) : 1);
        Open(page, "Spend by job", wide: true, height: 8 + bars.Count * 24, $"{Money.Usd(report.Totals.CostNanoUsd)} over {Money.Of(report.Rows.Length, "job")}; the dearest is {(bars.Count > 0 ? bars[0].Name : "none")}.");
        for (var i = 0; i < bars.Count; i++)
        {
            var (name, cost, share) = bars[i];
            var (y, width) = (4 + i * 24, (Width - Left - Right) * cost / most);
            page.Raw($"<g><title>{Html.Text($"{name}: {Money.Usd(cost)}{Of(share)}")}</title><text x=\"{Html.At(Left - 8)}\" y=\"{y + 15}\" text-anchor=\"end\">{Html.Text(Cut(name))}</text>");
            page.Raw($"<rect class=\"bar\" x=\"{Html.At(Left)}\" y=\"{y + 3}\" width=\"{Html.At(Math.Max(1, width))}\" height=\"16\" rx=\"2\"/>");
            page.Raw($"<text x=\"{Html.At(Left + Math.Max(1, width) + 6)}\" y=\"{y + 15}\">{Html.Text(Money.Usd(cost))}<tspan class=\"soft\">{Html.Text(share is { } part ? $"  {Money.Percent(part)}" : "")}</tspan></text></g>\n");
        }
        Close(page);
    }

    /// <summary>What is spent now and what would be, by the tier that it is spent at; the whisker is the interval of the projection.</summary>
    public static void NowAndProposed(Html page, AuditReport report)
    {
        var tiers = report.Frame.Ladder.Select(tier => tier.Name).Append(null).ToList();
        var now = tiers.Select(tier => report.Rows.Where(row => Same(row.Review.Tier, tier, tiers)).Sum(row => row.Totals.CostNanoUsd)).ToList();
        var then = tiers.Select(tier => report.Rows.Where(row => Same(row.Review.ProposedTier ?? row.Review.Tier, tier, tiers)).Sum(row => Math.Max(0, row.Totals.CostNanoUsd - (row.Review.SavingNanoUsd ?? 0)))).ToList();
        var interval = report.SavingInterval is var (low, high) ? (Low: Math.Max(0, report.Totals.CostNanoUsd - high), High: Math.Max(0, report.Totals.CostNanoUsd - low)) : default((long Low, long High)?);
        var scale = (Width - 90 - Right) / Math.Max(1, Math.Max(Math.Max(now.Sum(), then.Sum()), interval?.High ?? 0));
        var range = interval is var (from, to) ? $", {Money.Range(from, to)} under the stated assumptions" : "";
        Open(page, "Now, and as proposed (not proved yet)", wide: false, height: 128, $"{Money.Usd(now.Sum())} now, {Money.Usd(then.Sum())} as proposed{range}.");
        Stack(page, 8, "now", tiers, now, scale);
        Stack(page, 52, "proposed", tiers, then, scale);
        if (interval is var (least, most) && most > least)
        {
            var (x1, x2) = (Html.At(90 + least * scale), Html.At(90 + most * scale));
            page.Raw($"<g><title>{Html.Text(Money.Range(least, most))}</title><path class=\"whisker\" d=\"M{x1} 84v8M{x1} 88H{x2}M{x2} 84v8\"/></g>");
        }
        Legend(page, 108, [.. tiers.Select((tier, index) => (tier ?? "no tier known", TierClass(index, tier), now[index] + then[index])).Where(entry => entry.Item3 > 0).Select(entry => (entry.Item1, entry.Item2))]);
        Close(page);
    }

    /// <summary>One column a day; a week from 120 days on.</summary>
    public static void ByDay(Html page, AuditReport report)
    {
        if (report.Period is not var (first, last) || report.Days.Length < 2) return;
        var start = DateOnly.FromDateTime(first.UtcDateTime);
        var step = report.DaysCovered switch { <= 120 => 1, <= 800 => 7, _ => Math.Max(30, report.DaysCovered / 120) };
        var columns = new (long Cost, long Calls)[(report.DaysCovered + step - 1) / step];
        foreach (var day in report.Days)
        {
            ref var column = ref columns[Math.Clamp((day.Day.DayNumber - start.DayNumber) / step, 0, columns.Length - 1)];
            column = (column.Cost + day.CostNanoUsd, column.Calls + day.Calls);
        }
        var most = Math.Max(1, columns.Max(column => column.Cost));
        const double Floor = 150, Top = 22;
        var pitch = (Width - 20) / columns.Length;
        Open(page, step switch { 1 => "Spend by day", 7 => "Spend by week", _ => $"Spend by {step} days" }, wide: false, height: 172, $"At most {Money.Usd(most)}; {report.DaysCovered} days.");
        page.Raw($"<text class=\"soft\" x=\"10\" y=\"14\">{Html.Text(Money.Usd(most))}</text><line class=\"axis\" x1=\"10\" x2=\"{Html.At(Width - 10)}\" y1=\"{Html.At(Floor)}\" y2=\"{Html.At(Floor)}\"/><line class=\"axis\" x1=\"10\" x2=\"{Html.At(Width - 10)}\" y1=\"{Html.At(Top)}\" y2=\"{Html.At(Top)}\" stroke-dasharray=\"2 4\"/>");
        for (var i = 0; i < columns.Length; i++)
        {
            var height = (Floor - Top) * columns[i].Cost / most;
            page.Raw($"<rect class=\"bar\" x=\"{Html.At(10 + i * pitch)}\" y=\"{Html.At(Floor - height)}\" width=\"{Html.At(Math.Max(0.8, pitch - Math.Min(2, pitch / 4)))}\" height=\"{Html.At(height)}\"><title>{start.AddDays(i * step):yyyy-MM-dd}: {Html.Text($"{Money.Usd(columns[i].Cost)}, {Money.Of(columns[i].Calls, "call")}")}</title></rect>");
        }
        page.Raw($"<text class=\"soft\" x=\"10\" y=\"167\">{start:yyyy-MM-dd}</text><text class=\"soft\" x=\"{Html.At(Width - 10)}\" y=\"167\" text-anchor=\"end\">{DateOnly.FromDateTime(last.UtcDateTime):yyyy-MM-dd}</text>");
        Close(page);
    }

    /// <summary>All tokens as one bar: what was read, of it from a cache, what was written.</summary>
    public static void Tokens(Html page, AuditReport report)
    {
        var totals = report.Totals;
        var kinds = new List<(string Name, string Class, long Tokens)>
        {
            ("input", "k1", Math.Max(0, totals.InputTokens - totals.CacheReadTokens - totals.CacheWriteTokens)), ("read from a cache", "k2", totals.CacheReadTokens),
            ("written to a cache", "k3", totals.CacheWriteTokens), ("output", "k4", Math.Max(0, totals.OutputTokens - totals.ReasoningTokens)), ("reasoning", "k5", totals.ReasoningTokens),
        };
        kinds.RemoveAll(kind => kind.Tokens <= 0);
        var whole = kinds.Sum(kind => kind.Tokens);
        if (whole == 0) return;
        Open(page, "Tokens by kind", wide: false, height: 44 + kinds.Count * 20, $"{Money.Count(whole)} tokens: {string.Join(", ", kinds.Select(kind => $"{kind.Name} {Money.Count(kind.Tokens)}"))}.");
        var x = 10.0;
        foreach (var (name, look, tokens) in kinds)
        {
            var width = (Width - 20) * tokens / whole;
            page.Raw($"<rect class=\"{look}\" x=\"{Html.At(x)}\" y=\"6\" width=\"{Html.At(Math.Max(0.5, width))}\" height=\"22\"><title>{name}: {Money.Count(tokens)}</title></rect>");
            x += width;
        }
        for (var i = 0; i < kinds.Count; i++)
        {
            var (name, look, tokens) = kinds[i];
            page.Raw($"<rect class=\"{look}\" x=\"10\" y=\"{40 + i * 20}\" width=\"12\" height=\"12\" rx=\"2\"/><text x=\"28\" y=\"{50 + i * 20}\">{name}<tspan class=\"soft\">  {Money.Count(tokens)}, {Html.Text(Money.Percent((double)tokens / whole))}</tspan></text>");
        }
        Close(page);
    }

    private static void Stack(Html page, int y, string label, List<string?> tiers, List<long> amounts, double scale)
    {
        page.Raw($"<text x=\"82\" y=\"{y + 19}\" text-anchor=\"end\">{label}</text>");
        var x = 90.0;
        for (var i = 0; i < tiers.Count; i++)
        {
            var width = amounts[i] * scale;
            if (width <= 0) continue;
            page.Raw($"<rect class=\"{TierClass(i, tiers[i])}\" x=\"{Html.At(x)}\" y=\"{y}\" width=\"{Html.At(width)}\" height=\"28\"><title>{Html.Text($"{tiers[i] ?? "no tier known"}: {Money.Usd(amounts[i])}")}</title></rect>");
            x += width;
        }
        page.Raw($"<text x=\"{Html.At(x + 6)}\" y=\"{y + 19}\">{Html.Text(Money.Usd(amounts.Sum()))}</text>");
    }

    private static void Legend(Html page, int y, IReadOnlyList<(string Name, string Class)> entries)
    {
        var x = 90.0;
        foreach (var (name, look) in entries)
        {
            page.Raw($"<rect class=\"{look}\" x=\"{Html.At(x)}\" y=\"{y}\" width=\"12\" height=\"12\" rx=\"2\"/><text x=\"{Html.At(x + 17)}\" y=\"{y + 10}\">{Html.Text(Cut(name))}</text>");
            x += 34 + Math.Min(name.Length, NameChars) * 7.2;
        }
    }

    private static void Open(Html page, string title, bool wide, int height, string summary) =>
        page.Raw($"<figure class=\"chart{(wide ? " wide" : "")}\"><figcaption>{title}</figcaption><svg viewBox=\"0 0 {Html.At(Width)} {height}\" role=\"img\" aria-label=\"{Html.Text($"{title}. {summary}")}\">\n");

    private static void Close(Html page) => page.Raw("</svg></figure>\n");

    private static string TierClass(int index, string? tier) => tier is null ? "tx" : $"t{Math.Min(index, 4)}";

    // A tier that is not on the ladder counts as none.
    private static bool Same(string? own, string? tier, List<string?> tiers) => (tiers.Contains(own) ? own : null) == tier;

    private static string Of(double? share) => share is { } part ? $", {Money.Percent(part)}" : "";

    private static string Cut(string name) => name.Length <= NameChars ? name : name[..(NameChars - 1)] + "…";
}
