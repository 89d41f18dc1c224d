namespace Rung.Control.Audit.Sites;

/// <summary>Gives drafts their tags and turns them into sites, as the user's names say.</summary>
internal sealed class SiteList(SiteNames names, IReadOnlyDictionary<ulong, string[]> fields, IReadOnlyDictionary<ulong, string[]> toolNames)
{
    /// <summary>The sites, those that cost most first.</summary>
    public IReadOnlyList<CallSite> Of(List<SiteDraft> drafts)
    {
        Suggest(drafts);
        var byTag = new Dictionary<string, List<(SiteDraft Draft, SiteName? Name)>>(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            var name = names.For(draft);
            var tag = name?.Tag ?? draft.Tag;
            if (!byTag.TryGetValue(tag, out var merged)) byTag.Add(tag, merged = []);
            merged.Add((draft, name));
        }
        return
        [
            .. byTag.Select(pair => Site(pair.Key, pair.Value))
                .OrderByDescending(site => site.Statistics.CostNanoUsd).ThenByDescending(site => site.Statistics.Calls).ThenBy(site => site.Tag, StringComparer.Ordinal),
        ];
    }

    /// <summary>Carried tags as they are; suggestions made unique, the ends of fingerprints first where words describe and do not name.</summary>
    private static void Suggest(List<SiteDraft> drafts)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            if (draft.CarriedTag is not { } tag) continue;
            draft.Tag = tag;
            taken.Add(tag);
        }
        var wanted = drafts.Where(draft => draft.CarriedTag is null).GroupBy(draft => TagText.Of(draft.Words, TagText.Longest - 14)).OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (var group in wanted)
        {
            var isUnique = group.Count() == 1 && group.First().IsNamed && !taken.Contains(group.Key);
            foreach (var draft in group.OrderBy(draft => draft.Evidence))
            {
                // Four digits of the fingerprint, so that a suggestion stays when a site beside it comes or goes; all of it in the rare case of two alike.
                draft.Tag = isUnique ? group.Key : $"{group.Key}-{draft.Fingerprint[^4..]}";
                if (taken.Add(draft.Tag)) continue;
                draft.Tag = $"{group.Key}-{draft.Fingerprint}";
                for (var i = 2; !taken.Add(draft.Tag); i++) draft.Tag = $"{group.Key[..Math.Min(group.Key.Length, 40)]}-{draft.Fingerprint}-{i}";
            }
        }
    }

    private CallSite Site(string tag, List<(SiteDraft Draft, SiteName? Name)> parts)
    {
        parts = [.. parts.OrderByDescending(part => part.Draft.Tally.Calls).ThenBy(part => part.Draft.Evidence)];
        var (main, name) = parts[0];
        // The confidence of several parts is that of a mean call of theirs.
        var calls = parts.Sum(part => (double)part.Draft.Tally.Calls);
        var confidence = calls > 0 ? parts.Sum(part => part.Draft.Confidence * part.Draft.Tally.Calls / calls) : main.Confidence;
        var tally = main.Tally;
        foreach (var (draft, _) in parts.Skip(1)) tally.Add(draft.Tally);
        name ??= parts.Select(part => part.Name).FirstOrDefault(part => part is not null);
        var statistics = tally.Read();
        return new CallSite
        {
            Tag = tag,
            IsTagged = parts.TrueForAll(part => part.Draft.CarriedTag is not null),
            Confidence = Math.Round(confidence, 3),
            GroupedBy = main.GroupedBy + (parts.Count > 1 ? $", and {parts.Count - 1} more by the file of names" : name?.Tag is not null ? ", named by the file of names" : ""),
            Fingerprint = main.Fingerprint,
            Role = name?.Role ?? tally.Roles.ByCount(StringComparer.Ordinal).FirstOrDefault(),
            Agent = tally.Agents.ByCount(StringComparer.Ordinal).FirstOrDefault(),
            Step = tally.Steps.ByCount(StringComparer.Ordinal).FirstOrDefault(),
            Skeleton = SiteSkeleton.Of(main, statistics, fields, toolNames),
            Example = tally.Example,
            IsIgnored = parts.TrueForAll(part => part.Name?.Ignore == true),
            Statistics = statistics,
        };
    }
}
