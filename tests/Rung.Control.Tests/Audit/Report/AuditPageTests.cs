using System.Xml.Linq;
using Rung.Control.Audit;
using Rung.Control.Audit.Page;
using Rung.Control.Imports;
using Rung.Control.Tests.Audit.Rating;

namespace Rung.Control.Tests.Audit.Report;

/// <summary>The page: whole, alone, and safe whatever a log calls things.</summary>
public class AuditPageTests
{
    private const string Hostile = "<img src=x onerror=alert(1)>\"'&\u202Egnp.\u0007";

    [Fact]
    public void Names_from_logs_cannot_become_markup()
    {
        var report = SomeAudit.Of(
            [Priced.Call(Hostile) with { Tag = Hostile, Provider = Hostile, Source = Hostile }, Priced.Call() with { StartedAt = Priced.Start.AddDays(1) }],
            site => SomeAudit.Moved(site) with
            {
                Reasons = [Hostile], Prove = Hostile, Model = Hostile, Tier = Hostile, ProposedTier = Hostile + "2", Compliance = null,
                Site = site with { Skeleton = Hostile, GroupedBy = Hostile, Example = Hostile, IsTagged = false },
            },
            SomeAudit.Frame with { Ladder = [new AuditTier(Hostile, Hostile, Hostile, Hostile)], Assumptions = [Hostile], OwnPrices = Hostile, InvoiceNanoUsd = 1 });

        var page = AuditPage.Write(report, $"rung audit {Hostile}");

        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("onerror=alert(1)>", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', page);
        Assert.DoesNotContain('\u0007', page);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", page, StringComparison.Ordinal);
        AssertWellFormed(page);
    }

    [Fact]
    public void The_page_needs_no_network_and_no_script()
    {
        var page = AuditPage.Write(Some(), "rung audit logs/");

        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        foreach (var forbidden in new[] { "<script", "http://", "https://", "src=", "@import", "url(", "href=", "javascript:" })
            Assert.DoesNotContain(forbidden, page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        Assert.Contains("@media print", page, StringComparison.Ordinal);
        AssertWellFormed(page);
    }

    [Fact]
    public void The_page_has_its_charts_and_every_job()
    {
        var page = AuditPage.Write(Some(), "rung audit logs/");

        foreach (var chart in new[] { "Spend by job", "Now, and as proposed (not proved yet)", "Tokens by kind", "Spend by day" })
            Assert.Contains($"<figcaption>{chart}</figcaption>", page, StringComparison.Ordinal);
        for (var job = 0; job < 20; job++) Assert.Contains($">job-{job:00}<", page, StringComparison.Ordinal);
        Assert.Contains("the rest (5 jobs)", page, StringComparison.Ordinal);
        Assert.Contains("None of that is proved yet.", page, StringComparison.Ordinal);
        Assert.Contains("Made by: rung audit logs/", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_audit_without_calls_is_a_page_too() => AssertWellFormed(AuditPage.Write(SomeAudit.Of([]), "rung audit"));

    private static AuditReport Some() => SomeAudit.Of(
        Enumerable.Range(0, 400).Select(i => Priced.Call(input: 1_000 + i * 10) with { Tag = $"job-{i % 20:00}", StartedAt = Priced.Start.AddHours(i) }),
        site => site.Tag.EndsWith('1') ? SomeAudit.Moved(site) : SomeAudit.Unmoved(site));

    // Everything but the doctype and the elements without an end is XML, too: a stray quote or bracket would not be.
    private static void AssertWellFormed(string page)
    {
        var xml = page.Replace("<!doctype html>", "", StringComparison.Ordinal).Replace("&#39;", "'", StringComparison.Ordinal);
        xml = System.Text.RegularExpressions.Regex.Replace(xml, "<meta ([^>]*)>", "<meta $1/>");
        xml = System.Text.RegularExpressions.Regex.Replace(xml, "<style>.*?</style>", "", System.Text.RegularExpressions.RegexOptions.Singleline);
        Assert.Equal("html", XDocument.Parse(xml).Root!.Name.LocalName);
    }
}
