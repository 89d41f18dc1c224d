using Rung.Control.Feedback;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Serving;

/// <summary>Puts the desk of feedback on top of a gateway's stores.</summary>
internal static class FeedbackDesks
{
    /// <summary>The desk of a server.</summary>
    public static FeedbackDesk Of(GatewayServerOptions options, Ledger ledger) => new(new FeedbackWorld
    {
        Append = ledger.AppendVerdictsAsync, FindCall = ledger.FindCallAsync, Clock = options.Clock, KeepComments = options.Feedback.KeepComments,
        FindCapture = options.Content is { } captures ? captures.FindCaptureAsync : null,
        AppendTexts = options.Content is { } texts ? texts.AppendCommentsAsync : null,
        Redact = null,
    });
}
