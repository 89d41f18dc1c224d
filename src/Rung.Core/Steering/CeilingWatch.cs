using System.Globalization;
using System.Runtime.InteropServices;
using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Core.Statistics;

namespace Rung.Core.Steering;

/// <summary>What is known of a ceiling.</summary>
public sealed record CeilingReading
{
    /// <summary>Whether it holds: broken when any of its parts is, met when every part is.</summary>
    public required WatchState State { get; init; }
    /// <summary>Mean cost of a call with an ordinary 95 % interval, nano-USD; null without data.</summary>
    public Interval? PerCall { get; init; }
    /// <summary>Mean cost of a session, likewise.</summary>
    public Interval? PerSession { get; init; }
    /// <summary>Cost of the day so far (UTC), nano-USD.</summary>
    public required long TodayNanoUsd { get; init; }
    /// <summary>Calls whose price is not known: they are in none of the numbers.</summary>
    public required long UnknownCalls { get; init; }
    /// <summary>Likely beginning; null unless it is broken.</summary>
    public DateTimeOffset? SinceAt { get; init; }
    /// <summary>The revision that was in force then; 0 when it is not known.</summary>
    public long SinceRevision { get; init; }
    /// <summary>In words, with numbers and sample sizes.</summary>
    public required string Words { get; init; }
}

/// <summary>
/// Watches whether the mean cost of a tag's calls and sessions stays at its ceiling, and the sum of a day. Costs are counted at ten times the ceiling at most, so that one
/// call cannot raise the alarm by itself. A session ends 30 minutes after its last call.
/// </summary>
public sealed class CeilingWatch
{
    /// <summary>Largest cost that is counted, in ceilings.</summary>
    public const double Cap = 10;

    /// <summary>When a session has ended, after its last call.</summary>
    public static readonly TimeSpan SessionIdle = TimeSpan.FromMinutes(30);

    private const int MostSessions = 50_000;

    private readonly Ceiling _ceiling;
    private readonly string _tag;
    private readonly WatchedMean? _perCall, _perSession;
    private readonly Dictionary<string, OpenSession> _sessions = new(StringComparer.Ordinal);
    private readonly List<string> _ended = [];
    private DateTimeOffset _oldestSession = DateTimeOffset.MaxValue;
    private DateTimeOffset _day, _dayExceededAt;
    private long _today, _todayRevision, _unknown;

    /// <summary>Makes one.</summary>
    /// <param name="ceiling">The ceiling.</param>
    /// <param name="tag">The tag, for words.</param>
    /// <param name="longestRun">Least mean number of observations between false alarms, at a cost exactly at the ceiling.</param>
    public CeilingWatch(Ceiling ceiling, string tag, double longestRun = FloorWatch.LongestRun)
    {
        ArgumentNullException.ThrowIfNull(ceiling);
        (_ceiling, _tag) = (ceiling, tag);
        if (ceiling.NanoUsdPerCall is > 0) _perCall = new WatchedMean(1 / Cap, longestRun, UnitBursts.Idle);
        if (ceiling.NanoUsdPerSession is > 0) _perSession = new WatchedMean(1 / Cap, longestRun, UnitBursts.Idle);
    }

    /// <summary>Whether any part of it is broken. Cheap: for every step.</summary>
    public bool IsBroken => _perCall is { IsOut: true } || _perSession is { IsOut: true } || IsDayExceeded;

    private bool IsDayExceeded => _ceiling.NanoUsdPerDay is { } most && _today > most;

    /// <summary>Adds a call of the tag.</summary>
    /// <param name="call">The call.</param>
    /// <param name="inForce">Whether the policy in force answered it: only then it counts for the means. For the day's sum it counts whatever its arm, because it is paid for.</param>
    public void Add(in ObservedCall call, bool inForce)
    {
        Turn(call.At);
        if (call.CostNanoUsd is not { } cost)
        {
            _unknown++;
            return;
        }
        if (call.At >= _day)
        {
            var before = IsDayExceeded;
            _today += cost;
            if (!before && IsDayExceeded) (_dayExceededAt, _todayRevision) = (call.At, call.Revision);
        }
        if (!inForce) return;
        _perCall?.Add(FloorWatch.UnitOf(call), cost / (_ceiling.NanoUsdPerCall!.Value * Cap), call.At, call.Revision);
        if (_perSession is null || call.Session is not { } session) return;
        ref var open = ref CollectionsMarshal.GetValueRefOrAddDefault(_sessions, session, out _);
        open.Cost += cost;
        if (call.At > open.At) (open.At, open.Revision) = (call.At, call.Revision);
        if (call.At < _oldestSession) _oldestSession = call.At;
    }

    /// <summary>Ends sessions and bursts that have gone quiet, and the day.</summary>
    public void Settle(DateTimeOffset now)
    {
        Turn(now);
        _perCall?.Settle(now);
        if (_perSession is null || _sessions.Count == 0 || (_sessions.Count < MostSessions && now - SessionIdle < _oldestSession)) return;
        var all = _sessions.Count >= MostSessions;
        _oldestSession = DateTimeOffset.MaxValue;
        foreach (var (session, open) in _sessions)
        {
            if (!all && now - open.At < SessionIdle)
            {
                if (open.At < _oldestSession) _oldestSession = open.At;
                continue;
            }
            _perSession.Add(unit: null, open.Cost / (_ceiling.NanoUsdPerSession!.Value * Cap), open.At, open.Revision);
            _ended.Add(session);
        }
        foreach (var session in _ended) _sessions.Remove(session);
        _ended.Clear();
    }

    /// <summary>Starts anew; the sum of the day stays.</summary>
    public void Reset()
    {
        _perCall?.Reset();
        _perSession?.Reset();
        _sessions.Clear();
    }

    /// <summary>What is known now.</summary>
    public CeilingReading Read()
    {
        var call = Scaled(_perCall, _ceiling.NanoUsdPerCall);
        var session = Scaled(_perSession, _ceiling.NanoUsdPerSession);
        var met = (_perCall is null || (call is { } c && c.High <= _ceiling.NanoUsdPerCall && _perCall.Observations >= FloorWatch.LeastObservations))
            && (_perSession is null || (session is { } s && s.High <= _ceiling.NanoUsdPerSession && _perSession.Observations >= FloorWatch.LeastObservations));
        var state = IsBroken ? WatchState.Broken : met ? WatchState.Met : WatchState.Unknown;
        DateTimeOffset? since = null;
        var revision = 0L;
        string words;
        if (_perCall is { IsOut: true })
        {
            (since, revision) = (_perCall.OutSince, _perCall.OutRevision);
            words = $"cost of {_tag}: {Amount(call!.Value)} a call, ceiling {Instants.Usd(_ceiling.NanoUsdPerCall!.Value)}, {Instants.Since(_perCall)}";
        }
        else if (_perSession is { IsOut: true })
        {
            (since, revision) = (_perSession.OutSince, _perSession.OutRevision);
            words = $"cost of {_tag}: {Amount(session!.Value)} a session, ceiling {Instants.Usd(_ceiling.NanoUsdPerSession!.Value)}, {Instants.Since(_perSession)}";
        }
        else if (IsDayExceeded)
        {
            (since, revision) = (_dayExceededAt, _todayRevision);
            words = $"cost of {_tag} today: {Instants.Usd(_today)}, ceiling {Instants.Usd(_ceiling.NanoUsdPerDay!.Value)} a day, passed at {Instants.Words(_dayExceededAt)}";
        }
        else
        {
            var parts = new List<string>();
            if (call is { } perCall) parts.Add($"{Amount(perCall)} a call of at most {Instants.Usd(_ceiling.NanoUsdPerCall!.Value)}");
            if (session is { } perSession) parts.Add($"{Amount(perSession)} a session of at most {Instants.Usd(_ceiling.NanoUsdPerSession!.Value)}");
            if (_ceiling.NanoUsdPerDay is { } most) parts.Add($"{Instants.Usd(_today)} today of at most {Instants.Usd(most)}");
            words = parts.Count == 0 ? $"no call of {_tag} has a known cost yet" : $"cost of {_tag}: {string.Join(", ", parts)}";
        }
        if (_unknown > 0) words += string.Create(CultureInfo.InvariantCulture, $"; {_unknown:N0} calls of unknown price are not in it");
        return new CeilingReading
        {
            State = state, PerCall = call, PerSession = session, TodayNanoUsd = _today, UnknownCalls = _unknown, SinceAt = since, SinceRevision = revision, Words = words,
        };
    }

    // Calls that all cost the same have no spread worth words.
    private static string Amount(Interval cost) =>
        Math.Max(cost.High - cost.Estimate, cost.Estimate - cost.Low) is >= 0.5 and var half ? $"{Instants.Usd(cost.Estimate)} ± {Instants.Usd(half)}" : Instants.Usd(cost.Estimate);

    private static Interval? Scaled(WatchedMean? mean, long? ceiling)
    {
        if (mean?.Summary().Amount is not { } share || ceiling is not { } limit) return null;
        var scale = limit * Cap;
        return new Interval(share.Estimate * scale, Math.Max(0, share.Low) * scale, share.High * scale);
    }

    private void Turn(DateTimeOffset at)
    {
        var day = new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero);
        if (day <= _day) return;
        (_day, _today) = (day, 0);
    }

    private struct OpenSession
    {
        public double Cost;
        public DateTimeOffset At;
        public long Revision;
    }
}
