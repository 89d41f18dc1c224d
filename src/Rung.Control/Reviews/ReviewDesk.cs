using System.Globalization;
using Rung.Core.Spans;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Control.Reviews;

/// <summary>A verdict that was stored, and what may be shown now that it is given.</summary>
/// <param name="Verdict">As stored.</param>
/// <param name="Shown">The case.</param>
public sealed record GivenReview(ReviewVerdict Verdict, ReviewCase Shown);

/// <summary>Where items are handed out and verdicts taken in: behind the terminal and the API alike.</summary>
/// <param name="store">The store of content.</param>
/// <param name="ledger">Where verdicts on calls go, without content; null: they wait in the store.</param>
/// <param name="clock">The clock.</param>
public sealed class ReviewDesk(ContentStore store, Ledger? ledger, TimeProvider clock)
{
    /// <summary>How long a verdict given through the API may be changed before it goes to the ledger.</summary>
    public static TimeSpan MayChange { get; } = TimeSpan.FromMinutes(10);

    private const int MostPassedOver = 10_000;

    /// <summary>The next case for a person; null when nothing is left for them. Items whose content is gone leave the queue.</summary>
    public async Task<ReviewCase?> NextAsync(ReviewTurn turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turn);
        for (var passed = 0; passed < MostPassedOver; passed++)
        {
            if (await store.NextReviewItemAsync(turn, cancellationToken) is not { } item) return null;
            if (await OpenAsync(item, cancellationToken) is { } shown) return shown;
            await store.WithdrawReviewItemAsync(item.Id, cancellationToken);
        }
        return null;
    }

    /// <summary>A case by the id of its item.</summary>
    /// <exception cref="ReviewException">There is no such item, or its content is gone.</exception>
    public async Task<ReviewCase> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.FindReviewItemAsync(id, cancellationToken) is not { } item)
            throw new ReviewException(ReviewFault.NotFound, $"There is no item {id}: it was deleted, or never planned.", "Ask for the next one.");
        return await OpenAsync(item, cancellationToken)
            ?? throw new ReviewException(ReviewFault.NotFound, $"The content of item {id} is gone: its time is over, or it was deleted.", "Ask for the next one.");
    }

    /// <summary>Takes in a verdict: on the disk when this returns. The same again changes nothing; another one of the same person replaces the first.</summary>
    /// <exception cref="ReviewException">The choice does not fit, the item is gone, or too many people have judged it.</exception>
    public async Task<GivenReview> GiveAsync(string id, ReviewOpinion opinion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(opinion);
        var shown = await FindAsync(id, cancellationToken);
        var stored = await store.GiveReviewAsync(opinion.On(shown, clock.GetUtcNow()), cancellationToken)
            ?? throw new ReviewException(ReviewFault.Conflict, $"Item {id} takes no further reviewer.", "Ask for the next one.");
        return new GivenReview(stored, shown);
    }

    /// <summary>
    /// What a person said of an item and whose answers they were; null when they have said nothing of it, or skipped it, for then they may still judge it and must not know; null
    /// too when its content is gone.
    /// </summary>
    public async Task<GivenReview?> ToldAsync(string id, string reviewer, CancellationToken cancellationToken)
    {
        if (await store.FindReviewVerdictAsync(id, reviewer, cancellationToken) is not { Choice: not ReviewChoice.Skip } verdict) return null;
        return await store.FindReviewItemAsync(id, cancellationToken) is { } item && await OpenAsync(item, cancellationToken) is { } shown ? new GivenReview(verdict, shown) : null;
    }

    /// <summary>How far reviews are, what they say, and whether people agree: of one instant.</summary>
    /// <param name="tag">A tag; null: all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ReviewOverview> OverviewAsync(string? tag, CancellationToken cancellationToken)
    {
        var items = await store.ReadReviewsAsync(new ReviewQuery { Tag = tag }, cancellationToken);
        return new ReviewOverview
        {
            Plans = await store.ReadReviewProgressAsync(tag, cancellationToken), Estimates = EstimatesOf(items), Agreements = ReviewAgreement.Of(items.Where(entry => entry.Verdicts.Count > 0)),
            Reviewers = ReviewerTally.Of(items),
        };
    }

    /// <summary>Takes back what a person said; false when there is nothing to take back.</summary>
    public Task<bool> TakeBackAsync(string id, string reviewer, CancellationToken cancellationToken) => store.TakeBackReviewAsync(id, reviewer, cancellationToken);

    /// <summary>
    /// Writes verdicts on calls to the ledger, where they count for the quality of the tag. Verdicts on rows of eval sets stay in the store: they say nothing about
    /// what was served. Safe to repeat: each has its own id.
    /// </summary>
    /// <param name="reviewer">Only what this person said; null: everything.</param>
    /// <param name="age">Only what was said so long ago: until then it may be changed without a trace in the ledger, which never forgets.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many went.</returns>
    public async Task<int> BookAsync(string? reviewer, TimeSpan age, CancellationToken cancellationToken)
    {
        if (ledger is null) return 0;
        var waiting = await store.ReadUnbookedReviewsAsync(reviewer, clock.GetUtcNow() - age, cancellationToken);
        if (waiting.Count == 0) return 0;
        var records = new List<VerdictRecord>(waiting.Count);
        foreach (var entry in waiting) records.Add(await RecordAsync(entry.Item, entry.Verdicts[0], cancellationToken));
        await ledger.AppendVerdictsAsync(records, cancellationToken);
        return await store.BookReviewsAsync([.. waiting.Select(entry => entry.Verdicts[0])], cancellationToken);
    }

    /// <summary>What the samples say, by tag and week, and by tag over all its weeks where there are several.</summary>
    /// <param name="tag">A tag; null: all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<ReviewEstimate>> EstimatesAsync(string? tag, CancellationToken cancellationToken) =>
        EstimatesOf(await store.ReadReviewsAsync(new ReviewQuery { Tag = tag }, cancellationToken));

    /// <summary>How far each plan is, newest first.</summary>
    public Task<IReadOnlyList<ReviewProgress>> ProgressAsync(string? tag, CancellationToken cancellationToken) => store.ReadReviewProgressAsync(tag, cancellationToken);

    private async Task<VerdictRecord> RecordAsync(ReviewItem item, ReviewVerdict verdict, CancellationToken cancellationToken) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"review:{item.Id}:{verdict.Reviewer}:{verdict.Revision}"),
        CallId = item.CallId,
        Session = item.Session,
        Tag = item.Tag,
        Model = item.CallId is { } call && await store.FindCaptureAsync(call, cancellationToken) is { } capture ? CallSigns.Served(capture)?.Model : null,
        Kind = VerdictKind.Review,
        Score = verdict.Score ?? 0,
        Weight = verdict.Score is null ? 0 : 1, // Not sure any more: the earlier verdict is taken out, and nothing comes in its place.
        By = verdict.Reviewer,
        At = verdict.GivenAt,
        SampledAt = item.SampledAt,
    };

    private async Task<ReviewCase?> OpenAsync(ReviewItem item, CancellationToken cancellationToken)
    {
        if (item.Source == ReviewSource.Call)
        {
            if (item.CallId is null || await store.FindCaptureAsync(item.CallId, cancellationToken) is not { } call || CallSigns.Served(call) is not { } served) return null;
            var other = CallSigns.Other(call, served);
            return new ReviewCase(item, MessageWords.Conversation(call.Request), Answer(served.Message, served.Model), other is null ? null : Answer(other.Message, other.Model));
        }
        if (item.Set is null || item.RowId is null || await store.FindEvalRowAsync(item.Set, item.SetVersion, item.RowId, cancellationToken) is not { Reference.IsEmpty: false } row) return null;
        var (conversation, reference) = (MessageWords.Conversation(row.Request), Answer(row.Reference, row.ReferenceBy));
        if (item.Source == ReviewSource.Row) return new ReviewCase(item, conversation, reference, Other: null);
        if (item.Run is null || item.Candidate is null || await store.FindEvalAnswerAsync(item.Run, item.Candidate, row.Id, cancellationToken) is not { Message.IsEmpty: false } answer) return null;
        var candidate = Answer(answer.Message, item.Candidate);
        var isSame = string.Equals(candidate.Text.Trim(), reference.Text.Trim(), StringComparison.Ordinal);
        return new ReviewCase(item, conversation, candidate, isSame ? null : reference);
    }

    private static List<ReviewEstimate> EstimatesOf(IReadOnlyList<ReviewedItem> items)
    {
        var estimates = new List<ReviewEstimate>();
        foreach (var group in items.Where(entry => entry.Item.Source == ReviewSource.Call).GroupBy(entry => entry.Item.Tag, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var weeks = group.Select(entry => entry.Item.Scope).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
            estimates.AddRange(weeks.Select(week => ReviewEstimate.Of(group.Key, week, group)));
            if (weeks.Length > 1) estimates.Add(ReviewEstimate.Of(group.Key, null, group));
        }
        return estimates;
    }

    private static ReviewAnswer Answer(ReadOnlyMemory<byte> message, string? model) => new(MessageWords.Of(message), model);
}
