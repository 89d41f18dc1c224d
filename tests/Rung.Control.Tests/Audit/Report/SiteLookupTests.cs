using Rung.Control.Audit;
using Rung.Control.Imports;
using Rung.Control.Tests.Audit.Sites;
using Shape = Rung.Control.Tests.Audit.Sites.SyntheticTraffic.Shape;

namespace Rung.Control.Tests.Audit.Report;

/// <summary>A call that is read again finds the site that it was counted at.</summary>
public class SiteLookupTests
{
    [Fact]
    public void Calls_read_again_find_their_sites()
    {
        var traffic = new SyntheticTraffic(7);
        for (var job = 0; job < 6; job++)
        {
            var fixedPart = traffic.Prose(3);
            traffic.Add($"job{job}", 200, () => new Shape { System = $"{fixedPart} The customer is {traffic.Name()}.", User = traffic.Prose(2) });
        }
        var calls = traffic.InOrder().Select((call, i) => i % 5 == 0 ? call with { Tag = "sort", TagSource = ImportedTagSource.Given } : call).ToList();
        var finder = new SiteFinder(SiteNames.Empty);
        foreach (var call in calls) finder.Add(call, TraitReader.Read(call, keepOpening: false), new CallRating(1));
        var sites = finder.Complete();

        var found = calls.Select(call => finder.SiteOf(call, TraitReader.Read(call, keepOpening: false))?.Tag).ToList();

        Assert.DoesNotContain(null, found);
        // A few calls may have been counted before their template was known.
        var off = sites.Sum(site => Math.Abs(site.Statistics.Calls - found.Count(tag => tag == site.Tag)));
        Assert.True(off <= calls.Count / 50, $"{off} of {calls.Count}");
    }

    [Fact]
    public void An_audit_that_is_not_complete_knows_no_sites()
    {
        var call = Rating.Priced.Call();

        Assert.Throws<InvalidOperationException>(() => new SiteFinder(SiteNames.Empty).SiteOf(call, TraitReader.Read(call, keepOpening: false)));
    }
}
