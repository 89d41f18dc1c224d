namespace Rung.Gateway.Intake;

/// <summary>Names of tags and roles: lower-case <c>[a-z0-9._-]{1,64}</c>, so that a client cannot fill the ledger with variants.</summary>
internal static class NameText
{
    private const int MaxLength = 64;

    /// <summary>The same name when it is in order already (no allocation), else the nearest one in order; null for nothing.</summary>
    public static string? Normalise(string? name)
    {
        if (string.IsNullOrEmpty(name)) return null;
        if (name.Length <= MaxLength && InOrder(name)) return name;

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

    /// <summary>Whether a text is a name in order as it stands.</summary>
    public static bool IsName(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxLength && InOrder(text);

    private static bool InOrder(ReadOnlySpan<char> name)
    {
        foreach (var letter in name)
        {
            if (!IsAllowed(letter)) return false;
        }
        return true;
    }

    private static bool IsAllowed(char letter) => letter is >= 'a' and <= 'z' or >= '0' and <= '9' or '.' or '_' or '-';
}
