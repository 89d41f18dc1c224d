using Rung.Control.Imports;

namespace Rung.Control.Audit.Sites;

/// <summary>A call on its way into a site, without its content.</summary>
/// <param name="Call">The call.</param>
/// <param name="Traits">What its content told.</param>
/// <param name="Rating">What it cost.</param>
/// <param name="IsAgain">Whether it repeats the call before; null when not known.</param>
/// <param name="HasHistory">Whether its messages hold earlier answers; null when not known.</param>
internal readonly record struct SeenCall(ImportedCall Call, CallTraits Traits, CallRating Rating, bool? IsAgain, bool? HasHistory)
{
    /// <summary>The same without the content, to be kept for a while.</summary>
    public SeenCall ToKeep() => Call.Content is null ? this : this with { Call = Call with { Content = null } };
}
