namespace Rung.Gateway.Shadows;

/// <summary>The tag under which the copies of a tag's calls, and their judging, stand in the ledger.</summary>
public static class ShadowTag
{
    /// <summary>What it begins with.</summary>
    public const string Prefix = "shadow.";

    private const int Longest = 64;

    /// <summary>Of a tag: at most 64 characters, as every tag.</summary>
    public static string Of(string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return Prefix + (tag.Length > Longest - Prefix.Length ? tag[..(Longest - Prefix.Length)] : tag);
    }
}
