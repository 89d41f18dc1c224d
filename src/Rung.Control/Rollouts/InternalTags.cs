using Rung.Core.Rollouts;

namespace Rung.Control.Rollouts;

/// <summary>Tags under which Rung itself asks models: nobody sees these answers, so they take part in no comparison.</summary>
internal static class InternalTags
{
    /// <summary>Whether a tag is one of them.</summary>
    public static bool IsInternal(string tag) => tag.StartsWith(GuardBook.ShadowPrefix, StringComparison.Ordinal);

    /// <summary>Whether a tag is that of copies of another: tags have at most 64 characters, so that a long one is cut.</summary>
    public static bool IsCopyOf(string tag, string original) =>
        IsInternal(tag) && original.StartsWith(tag.AsSpan(GuardBook.ShadowPrefix.Length), StringComparison.Ordinal)
        && (tag.Length == GuardBook.ShadowPrefix.Length + original.Length || tag.Length == LongestTag);

    private const int LongestTag = 64;
}
