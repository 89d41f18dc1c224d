using Rung.Core.Spans;
using Rung.Storage.Content;

namespace Rung.Control.Feedback;

/// <summary>Takes feedback: numbers to the ledger, texts to the store of content where content is kept. Safe to repeat, and to use from several threads.</summary>
public sealed class FeedbackDesk(FeedbackWorld world)
{
    /// <summary>Takes the items of one body, all of them or none.</summary>
    /// <param name="items">The items.</param>
    /// <param name="scope">What the sender's token allows; null for a sender with the gateway's own key.</param>
    /// <param name="cancellationToken">Looked at before anything is written.</param>
    /// <exception cref="FeedbackException">One of them cannot be used.</exception>
    /// <exception cref="FeedbackScopeException">One of them is about something else than the token is for.</exception>
    /// <exception cref="Storage.LedgerException">Ledger or content cannot be used now.</exception>
    public async Task<FeedbackReceipt> TakeAsync(IReadOnlyList<FeedbackItem> items, FeedbackScope? scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(items);
        var verdicts = new List<VerdictRecord>();
        var texts = new List<FeedbackText>();
        var notes = new List<string>();
        foreach (var given in items)
        {
            var item = scope is null ? given : await WithinAsync(given, scope, cancellationToken);
            var capture = await CaptureAsync(item, cancellationToken);
            verdicts.AddRange(FeedbackVerdicts.Of(item, item.Override is { } replaced ? Distance(item, replaced, capture) : null));
            KeepTexts(item, capture, texts, notes);
        }
        // Texts first: whoever finds the verdict finds its comment. Both are safe to repeat, so a failure in between is mended by sending it again.
        if (texts.Count > 0) await world.AppendTexts!(texts, cancellationToken);
        var added = verdicts.Count > 0 ? await world.Append(verdicts, cancellationToken) : 0;
        return new FeedbackReceipt(verdicts, added, texts.Count, notes);
    }

    // A token names its call or session, so an item need not; and whoever holds it speaks only for whom it was made.
    private async Task<FeedbackItem> WithinAsync(FeedbackItem item, FeedbackScope scope, CancellationToken cancellationToken)
    {
        var by = scope.By ?? "user";
        if (scope.CallId is { } only)
        {
            if (item.CallId is not null && item.CallId != only) throw new FeedbackScopeException("This token is for another call.");
            if (item.CallId is null && item.Session is not null) throw new FeedbackScopeException("This token is for a call, not for a session.");
            return item with { CallId = only, Session = null, By = by };
        }
        if (item.Session is not null && item.Session != scope.Session) throw new FeedbackScopeException("This token is for another session.");
        if (item.CallId is not { } id) return item with { Session = scope.Session, By = by };
        var call = await world.FindCall(id, cancellationToken);
        if (call?.Session != scope.Session) throw new FeedbackScopeException("This token is for a session, and no call of that id is known to belong to it.");
        return item with { Session = scope.Session, By = by };
    }

    private async Task<CapturedCall?> CaptureAsync(FeedbackItem item, CancellationToken cancellationToken)
    {
        if (item.CallId is null || world.FindCapture is null) return null;
        var wanted = item.Comment is not null || item.Override is { Replacement: not null };
        return wanted ? await world.FindCapture(item.CallId, cancellationToken) : null;
    }

    private double Distance(FeedbackItem item, FeedbackOverride replaced, CapturedCall? capture)
    {
        if (replaced.Distance is { } told) return told;
        if (replaced.Original is { } original) return TextDistance.Normalised(original, replaced.Replacement!);
        if (capture is null || CapturedText.Of(capture) is not { } answer)
        {
            var place = item.Place.Length == 0 ? "override.original" : $"{item.Place}.override.original";
            throw new FeedbackException(place, "It is missing, and no answer of this call is kept to compare with.", "Send original beside replacement, or distance alone.");
        }
        // What is kept was redacted: only the same marks on the other side compare like with like.
        return TextDistance.Normalised(answer, world.Redact?.Invoke(replaced.Replacement!) ?? replaced.Replacement!);
    }

    private void KeepTexts(FeedbackItem item, CapturedCall? capture, List<FeedbackText> texts, List<string> notes)
    {
        if (item.Comment is null && item.Override is not { Replacement: not null }) return;
        var until = capture?.ExpiresAt ?? (world.KeepComments is { } kept ? world.Clock.GetUtcNow() + kept : null);
        if (until is not { } end || world.AppendTexts is null || world.Redact is not { } redact)
        {
            // A replacement has served: its distance is known. A comment is lost, and that must be said.
            if (item.Comment is not null)
                notes.Add($"{(item.Place.Length > 0 ? item.Place + "." : "")}comment: not kept, because the content of this call is not. Set capture on its route, or start the gateway with --keep-comments.");
            return;
        }
        if (item.Comment is { } comment)
        {
            if (redact(comment) is { } clean) texts.Add(Text(item, FeedbackTextKind.Comment, clean, end));
            else notes.Add($"{(item.Place.Length > 0 ? item.Place + "." : "")}comment: not kept, because a redaction pattern of the policy took too long on it.");
        }
        if (item.Override is { Replacement: { } replacement } && redact(replacement) is { } after) texts.Add(Text(item, FeedbackTextKind.Replacement, after, end));
    }

    private static FeedbackText Text(FeedbackItem item, FeedbackTextKind kind, string text, DateTimeOffset end) => new()
    {
        Id = FeedbackVerdicts.IdOf(item, kind == FeedbackTextKind.Comment ? "comment" : "replacement", text), CallId = item.CallId, Session = item.Session,
        Kind = kind, At = item.At, ExpiresAt = end, Text = text,
    };
}
