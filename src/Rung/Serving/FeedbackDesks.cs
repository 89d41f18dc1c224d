using Rung.Control.Feedback;
using Rung.Core.Policies;
using Rung.Core.Redaction;
using Rung.Gateway;
using Rung.Storage;

namespace Rung.Serving;

/// <summary>Puts the desk of feedback on top of a gateway's stores.</summary>
internal static class FeedbackDesks
{
    /// <summary>The desk of a server.</summary>
    public static FeedbackDesk Of(GatewayServerOptions options, Ledger ledger, PolicyHolder policies) => new(new FeedbackWorld
    {
        Append = ledger.AppendVerdictsAsync, FindCall = ledger.FindCallAsync, Clock = options.Clock, KeepComments = options.Feedback.KeepComments,
        FindCapture = options.Content is { } captures ? captures.FindCaptureAsync : null,
        AppendTexts = options.Content is { } texts ? texts.AppendCommentsAsync : null,
        Redact = text => Redacted(policies.Snapshot, text),
    });

    // Everything that the policy in force knows to blot out: a comment may hold what its route's capture would let stand.
    private static string? Redacted(PolicySnapshot policy, string text)
    {
        try
        {
            return Redactor.Of(policy).Text(text, out _);
        }
        catch (RedactionException)
        {
            return null; // Nothing is known of it then.
        }
    }
}
