using Rung.Control.Reviews;
using Rung.Core.Spans;
using Rung.Storage;
using Rung.Storage.Content;
using Rung.Storage.Verdicts;

namespace Rung.Control.Calls;

/// <summary>One call with all that is known of it by now: its attempts in time, what judged it later, and what was kept of its content.</summary>
public sealed record CallReading
{
    // Verdicts of one call that are read: feedback is bounded per call far below that.
    private const int MostVerdicts = 500;

    /// <summary>The call.</summary>
    public required CallRecord Call { get; init; }
    /// <summary>Its attempts, in order.</summary>
    public required IReadOnlyList<AttemptSpan> Attempts { get; init; }
    /// <summary>From the call's beginning to its end, or to that of its last attempt where that is later, in microseconds; at least 1.</summary>
    public required long LengthMicros { get; init; }
    /// <summary>Quality signals about it and not about its session as a whole, the oldest first.</summary>
    public required IReadOnlyList<VerdictRecord> Verdicts { get; init; }
    /// <summary>What there is of its content.</summary>
    public required ContentStanding Standing { get; init; }
    /// <summary>Its content; null unless <see cref="Standing"/> says that it can be read.</summary>
    public CallContentReading? Content { get; init; }

    /// <summary>What the attempts added to the answer, in nano-USD less than the baseline; negative when it cost more; null when either is unknown.</summary>
    public long? SavingNanoUsd => SavingOf(Call);
    /// <summary>Tokens of all attempts by kind, largest kinds of the input first, then of the output.</summary>
    public IReadOnlyList<TokenPart> Tokens =>
    [
        .. Attempts.SelectMany(span => span.Tokens).GroupBy(part => (part.Kind, part.IsInput))
            .Select(group => new TokenPart(group.Key.Kind, group.Sum(part => part.Tokens), group.Key.IsInput)).OrderByDescending(part => part.IsInput).ThenByDescending(part => part.Tokens),
    ];

    /// <summary>Reads a call.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="content">The store of content; null: none is kept.</param>
    /// <param name="id">The call.</param>
    /// <param name="mayReadContent">Whether the reader may see prompts and answers: otherwise they are not even read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when the ledger has no such call: it still runs, it was dropped, or it went through another gateway.</returns>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static async Task<CallReading?> ReadAsync(Ledger ledger, ContentStore? content, string id, bool mayReadContent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(id);
        if (!IsId(id) || await ledger.FindCallAsync(id, cancellationToken) is not { } call) return null;
        var verdicts = new List<VerdictRecord>();
        await foreach (var verdict in ledger.ReadVerdictsAsync(new VerdictQuery { CallId = id }, cancellationToken))
        {
            verdicts.Add(verdict);
            if (verdicts.Count == MostVerdicts) break;
        }
        var (standing, kept) = await ContentOfAsync(content, id, mayReadContent, cancellationToken);
        return Of(call, verdicts, standing, kept);
    }

    /// <summary>Whether a text has the form of a call's id: 32 hexadecimal digits.</summary>
    public static bool IsId(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 32 && text.All(char.IsAsciiHexDigitLower);
    }

    /// <summary>A call as it is at hand.</summary>
    internal static CallReading Of(CallRecord call, IReadOnlyList<VerdictRecord> verdicts, ContentStanding standing = ContentStanding.NotKept, CallContentReading? content = null)
    {
        var attempts = AttemptSpan.Of(call);
        return new CallReading
        {
            Call = call, Attempts = attempts, LengthMicros = Math.Max(1, Math.Max(call.LatencyMicros, attempts.Select(span => span.EndMicros).DefaultIfEmpty().Max())),
            Verdicts = verdicts, Standing = standing, Content = content,
        };
    }

    /// <summary>The baseline less the cost, in nano-USD; null when either is not known.</summary>
    public static long? SavingOf(CallRecord call) => call is { BaselineNanoUsd: { } baseline, UnknownPriceAttempts: 0 } ? baseline - call.CostNanoUsd : null;

    private static async Task<(ContentStanding, CallContentReading?)> ContentOfAsync(ContentStore? content, string id, bool mayRead, CancellationToken cancellationToken)
    {
        if (content is null) return (ContentStanding.NotKept, null);
        if (!mayRead) return (ContentStanding.NotAllowed, null);
        try
        {
            return await content.FindCaptureAsync(id, cancellationToken) is { } captured
                ? (ContentStanding.Readable, CallContentReading.Of(captured))
                : (ContentStanding.NotKept, null);
        }
        catch (LedgerException)
        {
            return (ContentStanding.Unreadable, null); // Another key, or a damaged file: the call itself can still be shown.
        }
    }
}

/// <summary>What there is of a call's content.</summary>
public enum ContentStanding : byte
{
    /// <summary>None: the policy keeps none of it, it was not drawn, or its time is over.</summary>
    NotKept,
    /// <summary>It was not looked for: the reader may not see any.</summary>
    NotAllowed,
    /// <summary>It is there.</summary>
    Readable,
    /// <summary>It is there and cannot be opened: the key is another one, or the file is damaged.</summary>
    Unreadable,
}

/// <summary>What was kept of a call's content, as people read it. Every text may hold anything: it is shown as text and never as HTML.</summary>
/// <param name="Conversation">The messages of the request, in order; empty when they cannot be read.</param>
/// <param name="Answers">Every whole answer, in order of attempts.</param>
/// <param name="Redactions">Pieces that were blotted out.</param>
/// <param name="ExpiresAt">From when on it is gone, UTC.</param>
/// <param name="DataClass">Its data class; null when none.</param>
/// <param name="SampledAt">Probability with which it was drawn, above 0, at most 1.</param>
public sealed record CallContentReading(
    IReadOnlyList<ReviewMessage> Conversation, IReadOnlyList<AnswerReading> Answers, int Redactions, DateTimeOffset ExpiresAt, string? DataClass, double SampledAt)
{
    internal static CallContentReading Of(CapturedCall captured) => new(
        MessageWords.Conversation(captured.Request),
        [.. captured.Answers.Select(answer => new AnswerReading(answer.Ordinal, answer.Model, answer.Tier, answer.Served, answer.Passed, answer.Score, MessageWords.Of(answer.Message)))],
        captured.Redactions, captured.ExpiresAt, captured.DataClass, captured.SampledAt);
}

/// <summary>One whole answer.</summary>
/// <param name="Ordinal">The attempt's place within its call, from 0.</param>
/// <param name="Model">Model that gave it.</param>
/// <param name="Tier">Rung that it stood on.</param>
/// <param name="Served">Whether the client got this one.</param>
/// <param name="Passed">Whether no check failed it.</param>
/// <param name="Score">Its lowest score, 0 to 1; null when nothing scored it.</param>
/// <param name="Text">Its words.</param>
public sealed record AnswerReading(int Ordinal, string Model, string Tier, bool Served, bool Passed, double? Score, string Text);
