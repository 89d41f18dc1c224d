using System.Globalization;
using Rung.Control.Evals.Standing;
using Rung.Core.Policies;
using Rung.Dashboard.Frame;

namespace Rung.Dashboard.Evidence;

/// <summary><c>/evidence</c>: what proved each tier, certificates, judges, eval sets and runs, and whether verifiers' scores mean what they say.</summary>
internal static class EvidencePages
{
    private const string All = "/evidence";

    /// <summary>Runs whose decisions stand on the first page: making a report reads every row and answer of it.</summary>
    private const int MostReports = 6;

    // The page waits so long for reports that are nearly there; then it says that they are being made, and asks again.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(150);

    private const int UsualDays = 30;
    private const int MostDays = 365;

    public static void Map(PageRoutes routes)
    {
        routes.Page(All, ShowAsync);
        routes.Page(All + "/sets/{name}", page => ShowSetAsync(page, version: null));
        routes.Page(All + "/sets/{name}/{version:int}", page => ShowSetAsync(page, int.Parse(page.Route("version"), NumberStyles.None, CultureInfo.InvariantCulture)));
        routes.Page(All + "/runs/{id}", ShowRunAsync);
        routes.Page(All + "/calibration/{**tag}", ShowCalibrationAsync);
    }

    /// <summary>The page of a tag's calibration.</summary>
    public static string CalibrationUrl(string tag) => $"{All}/calibration/{string.Join('/', tag.Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>The page of a run.</summary>
    public static string RunUrl(string run) => $"{All}/runs/{Uri.EscapeDataString(run)}";

    /// <summary>The page of a set's version.</summary>
    public static string SetUrl(string name, int version) => string.Create(CultureInfo.InvariantCulture, $"{All}/sets/{Uri.EscapeDataString(name)}/{version}");

    private static async Task<PageReply> ShowAsync(PageRequest page)
    {
        var look = page.World.Evidence;
        var view = look is null ? null : await look.JudgedAsync(page.Cancellation);
        IReadOnlyList<ReadRun> runs = [];
        var isReading = false;
        if (look?.Runs is { } shelf)
        {
            var all = await shelf.ListAsync(page.Cancellation);
            var read = await Task.WhenAll(all.Take(MostReports).Select(run => shelf.ReadSoonAsync(run, page.Policy, s_patience, page.Cancellation)));
            isReading = read.Contains(null);
            runs = [.. all.Select((run, i) => i < read.Length && read[i] is { } known ? known : new ReadRun(run, null, null, null))];
        }
        return PageReply.Show<EvidencePage>(
            "Evidence", ("View", view), ("Tags", view is null ? [] : TagEvidence.Of(view.Judged, Today(page))), ("Runs", runs), ("IsReading", isReading),
            ("Sets", page.World.Content is { } store ? await store.ListEvalSetsAsync(page.Cancellation) : []));
    }

    private static async Task<PageReply> ShowSetAsync(PageRequest page, int? version)
    {
        var name = page.Route("name");
        if (page.World.Content is not { } store || await store.FindEvalSetAsync(name, version, page.Cancellation) is not { } set)
            return PageReply.NotFound($"There is no eval set {name}{(version is null ? "" : $"@{version}")} here. The page of all evidence lists those that there are.");
        var summary = EvalSetSummary.Of(set, await store.ReadEvalRowsAsync(set.Name, set.Version, page.Cancellation));
        var versions = (await store.ListEvalSetsAsync(page.Cancellation)).Where(other => other.Name == set.Name).ToList();
        var runs = page.World.Evidence?.Runs is { } shelf ? (await shelf.ListAsync(page.Cancellation)).Where(run => run.Run.SetName == set.Name && run.Run.SetVersion == set.Version).ToList() : [];
        return PageReply.Show<SetPage>($"Eval set {set.Name}@{set.Version}", ("Summary", summary), ("Versions", versions), ("Runs", runs));
    }

    private static async Task<PageReply> ShowRunAsync(PageRequest page)
    {
        var id = page.Route("id");
        if (page.World.Evidence?.Runs is not { } shelf || await shelf.FindAsync(id, page.Policy, page.Cancellation) is not { } read)
            return PageReply.NotFound($"There is no run {id} here. The page of all evidence lists those that there are.");
        return PageReply.Show<RunPage>($"Run {id}", ("Read", read));
    }

    private static async Task<PageReply> ShowCalibrationAsync(PageRequest page)
    {
        var tag = page.Route("tag");
        if (!page.Policy.Tags.ContainsKey(tag)) return PageReply.NotFound($"The policy in force has no tag {tag}.");
        var days = UsualDays;
        if (page.Query("days") is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out days) || days is < 1 or > MostDays))
            return PageReply.Bad($"days is a whole number from 1 to {MostDays}.");
        var reading = await ReliabilityReading.ReadAsync(page.Ledger, tag, page.Now.AddDays(-days), page.Now, page.Cancellation);
        var evidence = page.World.Evidence is { } look ? TagEvidence.Of((await look.JudgedAsync(page.Cancellation)).Judged, Today(page)).FirstOrDefault(one => one.Tag == tag) : null;
        return PageReply.Show<CalibrationPage>($"Calibration of {tag}", ("Reading", reading), ("Evidence", evidence), ("Days", days));
    }

    private static DateOnly Today(PageRequest page) => DateOnly.FromDateTime(page.Now.UtcDateTime);

    /// <summary>How much an opinion of the linter matters, as a tone.</summary>
    public static string Tone(LintSeverity severity) => severity switch { LintSeverity.Error => "bad", LintSeverity.Warning => "warn", _ => "none" };
}
