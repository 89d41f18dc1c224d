using System.Collections.Immutable;

namespace Rung.Control.Audit.Sites;

/// <summary>What the user says of sites that match: one entry of the file of names.</summary>
internal sealed record SiteName
{
    /// <summary>Fingerprints, one of which must be the site's; empty: any.</summary>
    public ImmutableArray<string> Fingerprints { get; init; } = [];
    /// <summary>Tags, carried or suggested, one of which must be the site's; empty: any.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];
    /// <summary>Agents, one of which must make most of the site's calls; empty: any.</summary>
    public ImmutableArray<string> Agents { get; init; } = [];
    /// <summary>Steps, one of which must make most of the site's calls; empty: any.</summary>
    public ImmutableArray<string> Steps { get; init; } = [];
    /// <summary>The tag it gets; null to leave it.</summary>
    public string? Tag { get; init; }
    /// <summary>The role it gets; null to leave it.</summary>
    public string? Role { get; init; }
    /// <summary>Whether nothing shall be proposed for it.</summary>
    public bool Ignore { get; init; }

    /// <summary>Whether a site is meant.</summary>
    public bool Matches(SiteDraft draft) =>
        IsAny(Fingerprints, draft.Fingerprint)
        && IsAny(Tags, draft.Tag)
        && (Agents.IsEmpty || IsMaker(Agents, draft.Tally.Agents))
        && (Steps.IsEmpty || IsMaker(Steps, draft.Tally.Steps));

    private static bool IsAny(ImmutableArray<string> wanted, string value) => wanted.IsEmpty || wanted.Contains(value, StringComparer.OrdinalIgnoreCase);

    private static bool IsMaker(ImmutableArray<string> wanted, BoundedCounts<string> makers)
    {
        if (makers.ByCount(StringComparer.Ordinal).FirstOrDefault() is not { } most) return false;
        var form = SourceName.Normalise(most);
        return wanted.Any(name => name.Equals(most, StringComparison.OrdinalIgnoreCase) || (form is not null && SourceName.Normalise(name) == form));
    }
}
