namespace Rung.Control.Imports.Reading;

/// <summary>Names that a log gives to jobs, roles and people, brought into order.</summary>
internal static class TagName
{
    /// <summary>Most characters of any other name that is kept.</summary>
    public const int LongestName = 200;

    /// <summary>A tag or role (<c>[a-z0-9._-]{1,64}</c>), spelt as for every other format; null when nothing is left.</summary>
    public static string? Of(string? name) => LogText.Tag(name);

    /// <summary>Any other name: trimmed and cut to 200 characters; null when nothing is left.</summary>
    public static string? Cut(string? name)
    {
        if (name is null) return null;
        var trimmed = name.Trim();
        if (trimmed.Length == 0) return null;
        if (trimmed.Length <= LongestName) return trimmed;
        return char.IsHighSurrogate(trimmed[LongestName - 1]) ? trimmed[..(LongestName - 1)] : trimmed[..LongestName];
    }

    /// <summary>A team, project or key by its name or hash; null for what looks like a key itself, which no column is meant to hold and some do.</summary>
    public static string? Owner(string? name)
    {
        if (Cut(name) is not { } owner) return null;
        foreach (var beginning in (ReadOnlySpan<string>)["sk-", "sk_", "AIza", "Bearer ", "xai-", "gsk_"])
        {
            if (owner.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)) return null;
        }
        return owner;
    }
}
