using Rung.Control.Audit;
using Rung.Control.Imports;
using Shape = Rung.Control.Tests.Audit.Sites.SyntheticTraffic.Shape;

namespace Rung.Control.Tests.Audit.Sites;

public sealed class SiteNamesTests
{
    private static SyntheticTraffic Traffic()
    {
        var traffic = new SyntheticTraffic(31);
        foreach (var (step, agent) in new[] { ("plan", "planner"), ("replan", "planner"), ("extract_invoice", (string?)null) })
        {
            var system = traffic.Prose(3);
            traffic.Add(step, 100, () => new Shape { Agent = agent!, Step = step, System = system, User = traffic.Prose(2) });
        }
        var nameless = traffic.Prose(3);
        traffic.Add("nameless", 50, () => new Shape { System = nameless, User = traffic.Prose(2) });
        return traffic;
    }

    private static IReadOnlyList<CallSite> Sites(string yaml = "") =>
        Recovery.Of(Traffic().InOrder(), yaml.Length == 0 ? null : SiteNames.Read("version: 1\n" + yaml, "names.yaml")).Sites;

    [Fact]
    public void Suggestions_are_made_of_names_that_people_gave_and_are_unique_tags()
    {
        var tags = Sites().Select(site => site.Tag).ToList();
        Assert.Contains("planner-plan", tags);
        Assert.Contains("planner-replan", tags);
        Assert.Contains("extract-invoice", tags);
        Assert.Equal(tags.Count, tags.Distinct().Count());
        Assert.All(tags, tag => Assert.Matches("^[a-z0-9._-]{1,64}$", tag));
    }

    [Fact]
    public void A_site_is_renamed_by_its_fingerprint_its_suggestion_or_its_maker()
    {
        var nameless = Sites().Single(site => site.Statistics.Models[0].Provider == "nameless");
        Assert.Contains(Sites($"sites:\n- match: {{ fingerprint: \"{nameless.Fingerprint}\" }}\n  tag: found\n"), site => site.Tag == "found" && site.Fingerprint == nameless.Fingerprint);
        Assert.Contains(Sites($"sites:\n- match: {{ tag: {nameless.Tag} }}\n  tag: found\n  role: worker\n"), site => site is { Tag: "found", Role: "worker" });
        Assert.Contains(Sites("sites:\n- match: { step: Extract_Invoice }\n  tag: found\n"), site => site.Tag == "found" && site.Statistics.Calls == 100);
    }

    [Fact]
    public void Sites_with_one_tag_are_merged_and_totals_stay()
    {
        var before = Sites();
        var after = Sites("sites:\n- match: { agent: planner, step: [plan, replan] }\n  tag: plan\n");
        Assert.Equal(before.Count - 1, after.Count);
        Assert.Equal(200, after.Single(site => site.Tag == "plan").Statistics.Calls);
        Assert.Equal(before.Sum(site => site.Statistics.CostNanoUsd), after.Sum(site => site.Statistics.CostNanoUsd));
    }

    [Fact]
    public void An_ignored_site_is_marked_and_still_counted()
    {
        var sites = Sites("sites:\n- match: { agent: planner }\n  ignore: true\n");
        Assert.Equal(2, sites.Count(site => site.IsIgnored));
        Assert.Equal(350, sites.Sum(site => site.Statistics.Calls));
    }

    [Fact]
    public void Inferred_tags_count_with_less_confidence_unless_the_file_says_otherwise()
    {
        var traffic = new SyntheticTraffic(32);
        traffic.Add("a", 20, () => new Shape { Step = "one" });
        traffic.Add("b", 20, () => new Shape { Step = "two" });
        var calls = traffic.InOrder().Select(call => call with { Tag = "prod-key", TagSource = ImportedTagSource.Inferred }).ToList();
        var kept = Assert.Single(Recovery.Of(calls).Sites);
        Assert.Equal(("prod-key", true), (kept.Tag, kept.IsTagged));
        Assert.True(kept.Confidence < 1);
        Assert.Equal(["one", "two"], Recovery.Of(calls, SiteNames.Read("version: 1\ninferred_tags: ignore\n", "n.yaml")).Sites.Select(site => site.Tag).Order());
    }

    [Fact]
    public void The_file_to_start_from_can_be_read_and_changes_nothing()
    {
        var sites = Sites();
        var text = SiteNames.Write(sites);
        var again = Recovery.Of(Traffic().InOrder(), SiteNames.Read(text, "names.yaml")).Sites;
        Assert.Equal(sites.Select(site => (site.Tag, site.Fingerprint, site.Statistics.Calls)), again.Select(site => (site.Tag, site.Fingerprint, site.Statistics.Calls)));
        Assert.All(sites, site => Assert.Contains(site.Fingerprint, text, StringComparison.Ordinal));
        Assert.StartsWith("# Names of call sites", SiteNames.Write([]), StringComparison.Ordinal);
        Assert.Same(SiteNames.Empty.Sites.GetType(), SiteNames.Read(SiteNames.Write([]), "n.yaml").Sites.GetType());
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("# nothing but a comment\n", null)]
    [InlineData("version: 1\n", null)]
    [InlineData("version: 2\n", "n.yaml:1 version")]
    [InlineData("sites: []\n", "n.yaml:1: \"version\" is missing")]
    [InlineData("version: 1\nsite: []\n", "n.yaml:2: The key \"site\" is not known")]
    [InlineData("version: 1\nsites: x\n", "n.yaml:2 sites")]
    [InlineData("version: 1\nsites:\n- tag: a\n", "n.yaml:3 sites[0]: \"match\" is missing")]
    [InlineData("version: 1\nsites:\n- match: {}\n  tag: a\n", "n.yaml:3 sites[0].match")]
    [InlineData("version: 1\nsites:\n- match: { step: a }\n- match: { step: b }\n  tag: My Tag\n", "n.yaml:3 sites[0]: It says nothing")]
    [InlineData("version: 1\nsites:\n- match: { step: b }\n  tag: My Tag\n", "for example \"my-tag\"")]
    [InlineData("version: 1\nsites:\n- match: { step: [] }\n  tag: a\n", "n.yaml:3 sites[0].match.step")]
    [InlineData("version: 1\nsites:\n- match: { step: b }\n  ignore: maybe\n", "n.yaml:4 sites[0].ignore")]
    [InlineData("version: 1\nversion: 1\n", "n.yaml:2")]
    [InlineData("version: 1\n\tsites: []\n", "This is not YAML")]
    [InlineData("[1, 2]\n", "n.yaml:1")]
    public void A_fault_names_line_path_and_fix(string text, string? message)
    {
        if (message is null)
        {
            Assert.Empty(SiteNames.Read(text, "n.yaml").Sites);
            return;
        }
        Assert.Contains(message, Assert.Throws<SiteNamesException>(() => SiteNames.Read(text, "n.yaml")).Message, StringComparison.Ordinal);
    }
}
