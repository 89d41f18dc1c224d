namespace Rung.Control.Imports.Reading;

/// <summary>Names that a log gives to jobs, roles and people, brought into order.</summary>
internal static class TagName
{
    /// <summary>Most characters of a tag or a role.</summary>
    public const int Longest = 64;

    /// <summary>Most characters of any other name that is kept.</summary>
    public const int LongestName = 200;

    /// <summary>
    /// A tag or role in the gateway's own spelling (<c>[a-z0-9._-]{1,64}</c>), so that an imported call and the same call through the gateway carry
    /// the same name: lower case, one dash for each character that tags do not have. Null when no letter and no digit is left.
    /// </summary>
    public static string? Of(string? name)
    {
        if (name is null) return null;
        var trimmed = name.AsSpan().Trim().Trim('/');
        if (trimmed.Length > Longest) trimmed = trimmed[..Longest];
        if (!trimmed.ContainsAnyInRange('0', '9') && !trimmed.ContainsAnyInRange('a', 'z') && !trimmed.ContainsAnyInRange('A', 'Z')) return null;
        return string.Create(trimmed.Length, trimmed, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                var lower = char.ToLowerInvariant(source[i]);
                target[i] = lower is >= 'a' and <= 'z' or >= '0' and <= '9' or '.' or '_' or '-' ? lower : '-';
            }
        });
    }

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
