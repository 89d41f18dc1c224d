using Rung.Core.Measurement;
using Rung.Core.Rollouts;
using Rung.Core.Spans;
using Rung.Storage;
using Rung.Storage.Verdicts;

namespace Rung.Control.Rollouts;

/// <summary>
/// Follows the ledger: every call and every verdict once, in one order that does not depend on how often somebody looks, so that a loop that was restarted sees
/// what the one before it saw. The order is that of the instants at which things could be known, and at one instant that of their ids.
/// </summary>
/// <remarks>
/// A call is written when it ends, under an id of its beginning, and a verdict may be written hours after it was given: the feed asks for a window again and takes
/// what is new to it. What comes later than that window is not seen; what comes late within it is seen late. Memory: the ids of the window.
/// </remarks>
public sealed class LedgerFeed(Ledger ledger)
{
    /// <summary>How long the recorder may take to write what has ended.</summary>
    public static readonly TimeSpan Lag = TimeSpan.FromSeconds(10);

    // A call may take 10 minutes by the policy's limits; a reviewer's verdict is booked after 10 minutes, and systems deliver theirs in batches.
    private static readonly TimeSpan s_longestCall = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_latestVerdict = TimeSpan.FromHours(2);
    // A page is as long as it may be without holding too much at once: quiet weeks are read in a few steps.
    private static readonly TimeSpan s_shortestPage = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_longestPage = TimeSpan.FromDays(1);
    private const int FullPage = 20_000;
    private const int EmptyPage = 2_000;
    private static readonly TimeSpan s_grid = TimeSpan.FromSeconds(10);
    private const int CallsPerRead = 1_000;

    private readonly PriorityQueue<Observed, Place> _waiting = new(); // Known by now, but after the instant up to which was asked.
    private readonly Dictionary<string, DateTimeOffset> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _verdicts = new(StringComparer.Ordinal);
    private TimeSpan _page = TimeSpan.FromHours(1);
    private DateTimeOffset _began; // What was known by then belongs to nobody who asked from there.

    /// <summary>Up to where everything was given out; null before the first time.</summary>
    public DateTimeOffset? ReadTo { get; private set; }

    /// <summary>What each rollout assigns by, by its number.</summary>
    public IReadOnlyDictionary<long, RolloutUnit> Units { get; set; } = new Dictionary<long, RolloutUnit>();

    /// <summary>The instant up to which one can read now: whole ten seconds.</summary>
    public static DateTimeOffset CutoffOf(DateTimeOffset now) => Floor(now - Lag, s_grid);

    /// <summary>The beginning of the minute of an instant.</summary>
    public static DateTimeOffset Minute(DateTimeOffset at) => Floor(at, TimeSpan.FromMinutes(1));

    private static DateTimeOffset Floor(DateTimeOffset at, TimeSpan grid) => new(at.UtcTicks - (at.UtcTicks % grid.Ticks), TimeSpan.Zero);

    /// <summary>Gives out what became known up to an instant and was not given out before.</summary>
    /// <param name="from">Where to begin the first time; not looked at later.</param>
    /// <param name="cutoff">Up to when, included: of <see cref="CutoffOf"/>.</param>
    /// <param name="take">Takes what is given out, in order.</param>
    /// <param name="cancellationToken">Looked at between pages.</param>
    public async Task ReadAsync(DateTimeOffset from, DateTimeOffset cutoff, Func<Observed, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(take);
        if (ReadTo is null) ReadTo = _began = from;
        while (ReadTo < cutoff)
        {
            var begin = ReadTo.Value;
            var end = begin + _page < cutoff ? begin + _page : cutoff;
            var ids = await ledger.ListCallIdsAsync(begin - s_longestCall, end.AddMilliseconds(1), cancellationToken);
            if (ids.Count > FullPage && _page > s_shortestPage)
            {
                _page /= 2; // Too much to hold at once: half of it first.
                continue;
            }
            if (ids.Count < EmptyPage && _page < s_longestPage) _page *= 2;
            await ReadCallsAsync(ids, cancellationToken);
            await ReadVerdictsAsync(begin, end, cancellationToken);
            while (_waiting.TryPeek(out var next, out _) && next.At <= end) await take(_waiting.Dequeue(), cancellationToken);
            ReadTo = end;
            Forget(_calls, end - s_longestCall - s_shortestPage);
            Forget(_verdicts, end - s_latestVerdict - s_shortestPage);
        }
    }

    private async Task ReadCallsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        foreach (var chunk in ids.Where(id => !_calls.ContainsKey(id)).Chunk(CallsPerRead))
        {
            foreach (var call in await ledger.FindCallsAsync(chunk, cancellationToken))
            {
                _calls[call.Id] = call.StartedAt;
                var known = call.StartedAt + TimeSpan.FromMicroseconds(call.LatencyMicros);
                if (known > _began) Wait(new Observed(known, Observe(call), null), call.Id);
            }
        }
    }

    private async Task ReadVerdictsAsync(DateTimeOffset begin, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var found = new List<VerdictRecord>();
        var query = new VerdictQuery { Since = begin - s_latestVerdict, Until = end.AddTicks(TimeSpan.TicksPerMicrosecond), Imported = false };
        await foreach (var verdict in ledger.ReadVerdictsAsync(query, cancellationToken))
        {
            if (_verdicts.TryAdd(verdict.Id, verdict.At) && verdict.At > _began) found.Add(verdict);
        }
        foreach (var chunk in found.Chunk(CallsPerRead))
        {
            var calls = (await ledger.FindCallsAsync([.. chunk.Select(verdict => verdict.CallId).OfType<string>().Distinct(StringComparer.Ordinal)], cancellationToken)).ToDictionary(call => call.Id, StringComparer.Ordinal);
            foreach (var verdict in chunk)
            {
                var call = verdict.CallId is { } id && calls.TryGetValue(id, out var judged) ? Observe(judged) : (ObservedCall?)null;
                // What judges say of copies has no weight, so that it is in no tag's quality; here it is what the copies were made for.
                var weighed = call?.Tag is { } tag && InternalTags.IsInternal(tag) ? verdict with { Weight = 1 } : verdict;
                if (ObservedCalls.Of(weighed, call) is { } observed) Wait(new Observed(verdict.At, null, observed), verdict.Id);
            }
        }
    }

    private ObservedCall Observe(CallRecord call) =>
        ObservedCalls.Of(call, ArmName.TryParse(call.Arm, out var rollout, out _) && Units.TryGetValue(rollout, out var unit) ? unit : null);

    private void Wait(Observed observed, string id) => _waiting.Enqueue(observed, new Place(observed.At, observed.Verdict is not null, id));

    private static void Forget(Dictionary<string, DateTimeOffset> seen, DateTimeOffset before)
    {
        foreach (var (id, at) in seen)
        {
            if (at < before) seen.Remove(id);
        }
    }

    // Calls before verdicts of the same instant, then by id.
    private readonly record struct Place(DateTimeOffset At, bool IsVerdict, string Id) : IComparable<Place>
    {
        public int CompareTo(Place other)
        {
            var byTime = At.CompareTo(other.At);
            if (byTime != 0) return byTime;
            return IsVerdict == other.IsVerdict ? string.CompareOrdinal(Id, other.Id) : IsVerdict ? 1 : -1;
        }
    }
}
