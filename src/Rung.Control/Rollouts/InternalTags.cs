using Rung.Core.Rollouts;

namespace Rung.Control.Rollouts;

/// <summary>Tags under which Rung itself asks models: nobody sees these answers, so they take part in no comparison.</summary>
internal static class InternalTags
{
    /// <summary>Whether a tag is one of them.</summary>
    public static bool IsInternal(string tag) => tag.StartsWith(GuardBook.ShadowPrefix, StringComparison.Ordinal);
}
