namespace Rung.Core.Requests;

/// <summary>
/// How tags and roles are spelt: lower-case <c>[a-z0-9._-]{1,64}</c>. The gateway and the imports share it, so a rule that is proposed from a log meets the
/// calls that carry the same name later.
/// </summary>
public static class TagSpelling
{
    /// <summary>Longest tag, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The same name when it is in order already (no allocation), else the nearest one in order: without blanks and slashes around it, cut, in lower case, a dash for each other character; null for nothing.</summary>
    public static string? Of(string? name)
    {
        if (string.IsNullOrEmpty(name)) return null;
        if (IsTag(name)) return name;

        var trimmed = name.AsSpan().Trim().Trim('/');
        if (trimmed.Length > MaxLength) trimmed = trimmed[..MaxLength];
        if (trimmed.IsEmpty) return null;
        return string.Create(trimmed.Length, trimmed, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                var lower = char.ToLowerInvariant(source[i]);
                target[i] = IsAllowed(lower) ? lower : '-';
            }
        });
    }

    /// <summary>Whether a text is a tag in order as it stands.</summary>
    public static bool IsTag(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLength) return false;
        foreach (var letter in text)
        {
            if (!IsAllowed(letter)) return false;
        }
        return true;
    }

    private static bool IsAllowed(char letter) => letter is >= 'a' and <= 'z' or >= '0' and <= '9' or '.' or '_' or '-';
}
