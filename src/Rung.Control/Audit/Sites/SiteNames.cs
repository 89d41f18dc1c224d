using System.Collections.Immutable;
using System.Text;
using Rung.Control.Audit.Sites;

namespace Rung.Control.Audit;

/// <summary>The user's file that renames call sites, merges several into one, sets roles, and leaves sites alone. Later audits read it.</summary>
/// <remarks>
/// <code>
/// version: 1
/// inferred_tags: keep            # or: ignore, to group by what made the calls where a tag is only inferred (an alias, a key's name)
/// sites:
///   - match: { fingerprint: 3fa9c1d2e4b7 }
///     tag: extract-invoice       # renames; a tag that others have, too, merges
///     role: worker
///   - match: { agent: planner, step: [plan, replan] }
///     tag: plan
///   - match: { tag: untagged-text-07c2 }
///     ignore: true               # counted in every total; nothing is proposed for it
/// </code>
/// <para>A <c>match</c> has one or more of <c>fingerprint</c>, <c>tag</c> (carried or suggested), <c>agent</c> and <c>step</c>, each a word or a list of words. All that it has
/// must fit, and of a list one word. The first entry that fits counts.</para>
/// </remarks>
public sealed record SiteNames
{
    /// <summary>No names: every site keeps its tag or its suggestion.</summary>
    public static SiteNames Empty { get; } = new();

    /// <summary>The entries, in their order.</summary>
    internal ImmutableArray<SiteName> Sites { get; init; } = [];

    /// <summary>Whether inferred tags count as tags; true unless the file says <c>inferred_tags: ignore</c>.</summary>
    public bool KeepsInferredTags { get; init; } = true;

    /// <summary>Reads a file of names.</summary>
    /// <param name="yamlText">Its text.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <exception cref="SiteNamesException">It cannot be used; the message names line, path and fix.</exception>
    public static SiteNames Read(string yamlText, string path)
    {
        ArgumentNullException.ThrowIfNull(yamlText);
        return new SiteNamesReader(path).Read(yamlText);
    }

    /// <summary>A file to start from: one entry for each site without a tag of its own, to be renamed. As it stands it changes nothing but the order of words.</summary>
    public static string Write(IReadOnlyList<CallSite> sites)
    {
        ArgumentNullException.ThrowIfNull(sites);
        var text = new StringBuilder(Head);
        var untagged = sites.Where(site => !site.IsTagged).ToList();
        text.Append(untagged.Count == 0 ? "sites: []   # every call carries a tag\n" : "sites:\n");
        foreach (var site in untagged)
        {
            var statistics = site.Statistics;
            var unknown = statistics.UnknownPriceCalls > 0 ? $" and {statistics.UnknownPriceCalls:#,##0} calls of unknown price" : "";
            text.Append($"  # {statistics.Calls:#,##0} calls, {statistics.CostNanoUsd / 1e9:0.00} USD{unknown}; grouped by {OneLine(site.GroupedBy)} (confidence {site.Confidence:0.00})\n");
            text.Append($"  # {OneLine(site.Skeleton)}\n");
            text.Append($"  - match: {{ fingerprint: \"{site.Fingerprint}\" }}\n    tag: {site.Tag}\n");
            if (site.Role is { } role && TagText.IsTag(role)) text.Append($"    role: {role}\n");
            if (site.IsIgnored) text.Append("    ignore: true\n");
        }
        return text.ToString();
    }

    /// <summary>The first entry that fits a site; null when none does.</summary>
    internal SiteName? For(SiteDraft draft)
    {
        foreach (var site in Sites)
        {
            if (site.Matches(draft)) return site;
        }
        return null;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private const string Head = """
        # Names of call sites, for rung audit. Change a tag to rename a site; give two sites the same tag to merge them.
        #   match:  which site: fingerprint, tag (as carried or suggested), agent, step; each a word or a list. All must fit; the first entry that fits counts.
        #   tag:    the job, in small letters, digits, dot, dash and underscore, at most 64 characters.
        #   role:   the part it plays (planner, worker, critic, ...), written as a tag is.
        #   ignore: true leaves a site alone: it counts in every total, and nothing is proposed for it.
        # inferred_tags: ignore groups calls by what made them where their tag is only inferred (an alias of a model, the name of a key).
        version: 1
        inferred_tags: keep

        """;
}
