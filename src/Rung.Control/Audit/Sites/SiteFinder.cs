using System.Collections.Immutable;
using Rung.Control.Audit.Sites;
using Rung.Control.Audit.Traits;
using Rung.Control.Imports;

namespace Rung.Control.Audit;

/// <summary>Groups calls by the place in a program that made them, and counts what each place did. One pass, bounded memory, one thread.</summary>
/// <remarks>
/// <para>Calls that carry a tag are grouped by it. Others are grouped by agent, step and role where these are told, and within them by template, set of tools and
/// schema; without content by tools, schema and parameters; without these by model and team.</para>
/// <para>No chance and no clock: the same calls in the same order give the same sites. Another order of the same calls changes no total; it may move calls of rare
/// jobs (below about three of the first few hundred calls of their source) to another site of the same source.</para>
/// <para>At most <see cref="MostSites"/> sites come out; the smallest beyond them are summed in one site <c>other</c> that says so.</para>
/// </remarks>
public sealed class SiteFinder
{
    /// <summary>Most sites of an audit, the site <c>other</c> apart.</summary>
    public const int MostSites = 400;

    private const int MostGroups = 1_500, MostWaiting = 8_192, MostNames = 8_192, MostKnown = 1_024, MostNamesKept = 8;
    private const string OtherTag = "other";

    private readonly SiteNames names;
    private readonly Dictionary<string, (SiteTally Tally, bool IsGiven)> tagged = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SiteTally> buckets = new(StringComparer.Ordinal);
    private readonly Dictionary<(string?, string?, string?), SourceGroup> byName = [];
    private readonly Dictionary<(string?, string?, string?), SourceGroup> groups = [];
    private readonly List<SourceGroup> inOrder = [];
    private readonly Dictionary<ulong, string[]> fields = [], toolNames = [];
    private readonly RepeatMemory repeats = new();
    private SiteTally? other;
    private int waiting;
    private readonly Dictionary<SiteTally, string> tagOf = [];
    private Dictionary<string, CallSite>? byTag;
    private IReadOnlyList<CallSite>? complete;

    /// <summary>A finder for one audit.</summary>
    /// <param name="names">The user's names of sites; <see cref="SiteNames.Empty"/> when there are none.</param>
    public SiteFinder(SiteNames names)
    {
        ArgumentNullException.ThrowIfNull(names);
        this.names = names;
    }

    /// <summary>Adds a call, or a sum of calls. Runs once per imported call.</summary>
    /// <param name="call">The call; its content is looked at and let go.</param>
    /// <param name="traits">Its traits, from <see cref="TraitReader"/>.</param>
    /// <param name="rating">What it cost.</param>
    /// <exception cref="InvalidOperationException">The audit is complete.</exception>
    public void Add(ImportedCall call, CallTraits traits, CallRating rating)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(traits);
        if (complete is not null) throw new InvalidOperationException("The audit is complete: its sites have been given out.");
        var isTagged = IsTagged(call);
        if (call.Granularity == ImportGranularity.Bucket)
        {
            var sum = new SeenCall(call, traits, rating, null, null);
            (isTagged ? TalliedByTag(call) : Bucket(call)).Add(sum);
            return;
        }
        Learn(call, traits);
        if (isTagged)
        {
            TalliedByTag(call).Add(See(call, traits, rating, TextHash.Of(call.Tag)));
            return;
        }
        if (Group(call) is not { } group)
        {
            (other ??= new SiteTally()).Add(See(call, traits, rating, 1));
            return;
        }
        waiting -= group.Waiting;
        group.Add(See(call, traits, rating, group.Key));
        waiting += group.Waiting;
        if (waiting > MostWaiting) SettleLargest();
    }

    /// <summary>The sites, those that cost most first. Sums over them equal the sums of what was added, exactly.</summary>
    public IReadOnlyList<CallSite> Complete()
    {
        if (complete is not null) return complete;
        var drafts = new List<SiteDraft>();
        foreach (var (tag, (tally, isGiven)) in tagged) drafts.Add(Tagged(tag, tally, isGiven));
        foreach (var (name, tally) in buckets) drafts.Add(Summed(name, tally));
        var maker = new SiteDrafts(fields, toolNames);
        foreach (var group in inOrder)
        {
            group.Settle(mayWait: 0);
            drafts.AddRange(maker.Of(group));
        }
        waiting = 0;
        var all = drafts.ToList();
        var kept = Capped(drafts);
        complete = new SiteList(names, fields, toolNames).Of(kept);
        Remember(all, kept);
        return complete;
    }

    /// <summary>The site that a call, or a sum of calls, belongs to, as far as it can be told from the call alone. Once the audit is complete.</summary>
    /// <param name="call">A call that was added, read again.</param>
    /// <param name="traits">Its traits.</param>
    /// <returns>Null when no call like it was added. A call that came before its template was known may have been counted at another site of its source.</returns>
    /// <exception cref="InvalidOperationException">The audit is not complete.</exception>
    public CallSite? SiteOf(ImportedCall call, CallTraits traits)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(traits);
        if (complete is null) throw new InvalidOperationException("The audit is not complete: its sites are not known yet.");
        byTag ??= complete.ToDictionary(site => site.Tag, StringComparer.Ordinal);
        var tally = IsTagged(call) ? TalliedByTag(call)
            : call.Granularity == ImportGranularity.Bucket ? Bucket(call)
            : Group(call)?.PlaceOf(new SeenCall(call, traits, default, null, null)).Tally ?? other;
        return tally is not null && tagOf.TryGetValue(tally, out var tag) ? byTag.GetValueOrDefault(tag) : null;
    }

    /// <summary>Which tally became which site: what was beyond the limit went to <c>other</c>.</summary>
    private void Remember(List<SiteDraft> all, List<SiteDraft> kept)
    {
        var otherTag = kept.Find(draft => draft.Tally == other) is { } rest ? FinalTag(rest) : null;
        var isKept = kept.ToHashSet();
        if (other is not null && otherTag is not null) tagOf[other] = otherTag;
        foreach (var draft in all)
        {
            if ((isKept.Contains(draft) ? FinalTag(draft) : otherTag) is not { } tag) continue;
            tagOf[draft.Tally] = tag;
            foreach (var part in draft.Parts) tagOf[part] = tag;
        }
    }

    private string FinalTag(SiteDraft draft) => names.For(draft)?.Tag ?? draft.Tag;

    private bool IsTagged(ImportedCall call) =>
        call.Tag is not null && (call.TagSource == ImportedTagSource.Given || (call.TagSource == ImportedTagSource.Inferred && names.KeepsInferredTags));

    private List<SiteDraft> Capped(List<SiteDraft> drafts)
    {
        drafts.RemoveAll(draft => draft.Tally.Calls == 0);
        var byCalls = drafts.OrderByDescending(draft => draft.Tally.Calls).ThenBy(draft => draft.Evidence).ToList();
        foreach (var draft in byCalls.Skip(MostSites)) (other ??= new SiteTally()).Add(draft.Tally);
        var kept = byCalls.Take(MostSites).ToList();
        if (other is null) return kept;
        kept.Add(new SiteDraft
        {
            Tally = other,
            Words = OtherTag,
            IsNamed = true,
            Confidence = 0.05,
            GroupedBy = $"what is left of more than {MostSites} groups: not one job",
            Evidence = TextHash.Join(TextHash.Of(OtherTag), 4),
        });
        return kept;
    }

    private static SiteDraft Tagged(string tag, SiteTally tally, bool isGiven) => new()
    {
        Tally = tally,
        CarriedTag = tag,
        Confidence = isGiven ? 1 : 0.8,
        GroupedBy = isGiven ? "the tag that the calls carry" : "a name that usually is the job",
        Evidence = TextHash.Join(TextHash.Of(tag), 5),
    };

    private static SiteDraft Summed(string name, SiteTally tally) => new()
    {
        Tally = tally,
        Words = "sums-" + name,
        IsNamed = true,
        Confidence = 0.2,
        GroupedBy = "team and model of a report that has sums only",
        Evidence = TextHash.Join(TextHash.Of(name), 6),
    };

    private SeenCall See(ImportedCall call, CallTraits traits, CallRating rating, ulong source)
    {
        bool? isAgain = null;
        if (traits.Prompt != 0 && (call.Session ?? call.Run) is { } place)
        {
            isAgain = repeats.Repeats(TextHash.NotZero(TextHash.Join(TextHash.Of(place), source)), traits.Prompt, call.Status != ImportedStatus.Failed);
        }
        return new SeenCall(call, traits, rating, isAgain, HasHistory(call, traits));
    }

    /// <summary>By the roles of the messages; where only their number is known, a prompt and an answer and a prompt are three.</summary>
    private static bool? HasHistory(ImportedCall call, CallTraits traits)
    {
        if (call.Content is not { Messages: { IsDefaultOrEmpty: false } messages }) return traits.Messages >= 0 ? traits.Messages > 2 : null;
        foreach (var (role, _) in messages)
        {
            if (role is "assistant") return true;
        }
        return false;
    }

    /// <summary>Notes the names of fields and tools the first time they are seen: suggestions and skeletons are made of them.</summary>
    private void Learn(ImportedCall call, CallTraits traits)
    {
        if (traits.Schema != 0 && fields.Count < MostKnown && call.Content?.Schema is { } schema && !fields.ContainsKey(traits.Schema)) fields.Add(traits.Schema, [.. SchemaHash.Fields(schema, MostNamesKept)]);
        if (traits.ToolSet != 0 && toolNames.Count < MostKnown && !call.Tools.IsDefaultOrEmpty && !toolNames.ContainsKey(traits.ToolSet)) toolNames.Add(traits.ToolSet, [.. call.Tools.Distinct().Order(StringComparer.Ordinal)]);
    }

    private SiteTally TalliedByTag(ImportedCall call)
    {
        var isGiven = call.TagSource == ImportedTagSource.Given;
        if (tagged.TryGetValue(call.Tag!, out var known))
        {
            if (isGiven && !known.IsGiven) tagged[call.Tag!] = (known.Tally, true);
            return known.Tally;
        }
        if (tagged.Count >= MostGroups) return other ??= new SiteTally();
        var tally = new SiteTally();
        tagged.Add(call.Tag!, (tally, isGiven));
        return tally;
    }

    private SiteTally Bucket(ImportedCall call)
    {
        var name = call.Team is { Length: > 0 } team ? $"{team} {call.Model}" : call.Model;
        if (buckets.TryGetValue(name, out var tally)) return tally;
        if (buckets.Count >= MostGroups) return other ??= new SiteTally();
        buckets.Add(name, tally = new SiteTally());
        return tally;
    }

    private SourceGroup? Group(ImportedCall call)
    {
        // Most calls come from few makers: their names are brought to one form only once.
        if (byName.TryGetValue((call.Agent, call.Step, call.Role), out var group)) return group;
        var (agent, step) = (SourceName.Normalise(call.Agent), SourceName.Of(call.Step));
        var key = (agent, step, call.Role);
        if (!groups.TryGetValue(key, out group))
        {
            // Steps without number are no steps: from there on only the agent tells.
            if (groups.Count >= MostGroups) return groups.GetValueOrDefault((agent, null, call.Role));
            group = new SourceGroup(agent, step, call.Role);
            groups.Add(key, group);
            inOrder.Add(group);
        }
        if (byName.Count < MostNames) byName.Add((call.Agent, call.Step, call.Role), group);
        return group;
    }

    private void SettleLargest()
    {
        var largest = inOrder[0];
        foreach (var group in inOrder)
        {
            if (group.Waiting > largest.Waiting) largest = group;
        }
        waiting -= largest.Waiting;
        largest.Settle(mayWait: 0);
        waiting += largest.Waiting;
    }
}
