using System.Runtime.InteropServices;
using Rung.Core.Measurement;
using Rung.Core.Rollouts;
using Rung.Core.Spans;

namespace Rung.Control.Rollouts;

/// <summary>What was lately seen of the calls that a rollout will cover: how many, what they carry, what judged them, what they cost.</summary>
public sealed class TagTraffic
{
    private readonly Dictionary<string, int> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _sessionCosts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unpricedSessions = new(StringComparer.Ordinal);
    private readonly Dictionary<QualitySignal, Scores> _scores = [];
    private readonly List<long> _costs = [];
    private readonly List<long> _latencies = [];
    private readonly List<long> _firstBytes = [];
    private DateTimeOffset _first = DateTimeOffset.MaxValue;
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <summary>Calls that were looked at.</summary>
    public int Calls { get; private set; }
    /// <summary>Of them, those that carry a session.</summary>
    public int WithSession { get; private set; }
    /// <summary>Of them, those that carry a user.</summary>
    public int WithUser { get; private set; }
    /// <summary>Of them, those whose first answer a check judged.</summary>
    public int Checked { get; private set; }
    /// <summary>Of those, those that failed.</summary>
    public int CheckFailed { get; private set; }
    /// <summary>Calls that climbed.</summary>
    public int Escalated { get; private set; }
    /// <summary>Calls that failed, or went out although a check had failed them.</summary>
    public int Errors { get; private set; }
    /// <summary>Calls whose cost is known.</summary>
    public int Priced => _costs.Count;
    /// <summary>Streams with a first byte.</summary>
    public int Streams => _firstBytes.Count;
    /// <summary>Sessions.</summary>
    public int Sessions => _sessions.Count;
    /// <summary>Calls a day, as seen; 0 without calls. Less than an hour of calls counts as an hour.</summary>
    public double CallsPerDay => Calls == 0 ? 0 : Calls / Days;

    private double Days => Math.Max((_last - _first).TotalDays, 1.0 / 24);

    /// <summary>Adds a call.</summary>
    public void Add(CallRecord call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Status is CallStatus.Rejected) return;
        Calls++;
        _first = call.StartedAt < _first ? call.StartedAt : _first;
        _last = call.StartedAt > _last ? call.StartedAt : _last;
        _latencies.Add(call.LatencyMicros);
        if (call.Streamed && call.FirstByteMicros is { } micros) _firstBytes.Add(micros);
        if (call.Status is CallStatus.Failed or CallStatus.CutShort or CallStatus.AnsweredUnverified) Errors++;
        if (call.Attempts.Any(attempt => attempt.Kind == AttemptKind.Escalation)) Escalated++;
        if (call.Attempts.FirstOrDefault(attempt => !attempt.Checks.IsEmpty) is { } judged)
        {
            Checked++;
            if (judged.Checks.Any(check => !check.Passed)) CheckFailed++;
        }
        var cost = call.UnknownPriceAttempts == 0 ? call.CostNanoUsd : (long?)null;
        if (cost is { } known) _costs.Add(known);
        if (call.User is { } user)
        {
            WithUser++;
            CollectionsMarshal.GetValueRefOrAddDefault(_users, user, out _)++;
        }
        if (call.Session is not { } session) return;
        WithSession++;
        CollectionsMarshal.GetValueRefOrAddDefault(_sessions, session, out _)++;
        if (cost is { } part) CollectionsMarshal.GetValueRefOrAddDefault(_sessionCosts, session, out _) += part;
        else _unpricedSessions.Add(session);
    }

    /// <summary>Adds a score of a quality signal.</summary>
    public void Add(QualitySignal signal, double score) => CollectionsMarshal.GetValueRefOrAddDefault(_scores, signal, out _).Add(score);

    /// <summary>How many judgements of a signal there were.</summary>
    public int Judged(QualitySignal signal) => _scores.GetValueOrDefault(signal).Count;

    /// <summary>Mean and variance of the scores of a signal; null when there were fewer than two.</summary>
    public (double Mean, double Variance)? Spread(QualitySignal signal) => _scores.GetValueOrDefault(signal).Spread;

    /// <summary>Share of the calls that carry a unit, 0 to 1; null when the ledger does not say (keys) or there are no calls.</summary>
    public double? Carry(RolloutUnit unit) => Calls == 0 ? null : unit switch
    {
        RolloutUnit.Session => (double)WithSession / Calls, RolloutUnit.User => (double)WithUser / Calls, RolloutUnit.Call => 1, _ => null,
    };

    /// <summary>Observations a day: bursts of a unit, at most ten calls long; for keys, of which the ledger holds none, a tenth of the calls.</summary>
    public double ObservationsPerDay(RolloutUnit unit) => unit switch
    {
        RolloutUnit.Session => Bursts(_sessions) / Days,
        RolloutUnit.User => Bursts(_users) / Days,
        RolloutUnit.Call => CallsPerDay,
        _ => CallsPerDay / CallsOfBurst,
    };

    /// <summary>Cost at which dearer calls are counted: the 99th percentile, at least 1 nano-USD; null when no price is known.</summary>
    public long? CallCap => Cap(_costs);

    /// <summary>The same of sessions whose every call has a known price.</summary>
    public long? SessionCap => Cap([.. _sessionCosts.Where(session => !_unpricedSessions.Contains(session.Key)).Select(session => session.Value)]);

    /// <summary>Mean and variance of the cost of a call, dear ones counted at a cap, in parts of the cap.</summary>
    public (double Mean, double Variance)? CallCosts(long cap) => SpreadOf([.. _costs.Select(cost => Math.Min(1, (double)cost / cap))]);

    /// <summary>The same of sessions.</summary>
    public (double Mean, double Variance)? SessionCosts(long cap) => SpreadOf([.. _sessionCosts.Values.Select(cost => Math.Min(1, (double)cost / cap))]);

    /// <summary>How steep the logarithm of a time is around its 95th percentile, per unit of probability; null below 200 calls.</summary>
    public double? LatencySlope => Slope(_latencies);

    /// <summary>The same of the time to the first byte.</summary>
    public double? FirstByteSlope => Slope(_firstBytes);

    private const int CallsOfBurst = 10;

    private static double Bursts(Dictionary<string, int> units) => units.Values.Sum(calls => (calls + CallsOfBurst - 1) / CallsOfBurst);

    private static long? Cap(List<long> costs)
    {
        if (costs.Count == 0) return null;
        costs.Sort();
        return Math.Max(1, costs[Math.Min(costs.Count - 1, (int)Math.Ceiling(costs.Count * 0.99) - 1)]);
    }

    private static double? Slope(List<long> micros)
    {
        if (micros.Count < 200) return null;
        micros.Sort();
        var (low, high) = (micros[(int)(micros.Count * 0.92)], micros[(int)(micros.Count * 0.98)]);
        return low <= 0 ? null : Math.Max(Math.Log((double)high / low) / 0.06, 0.1);
    }

    private static (double Mean, double Variance)? SpreadOf(double[] values)
    {
        var scores = default(Scores);
        foreach (var value in values) scores.Add(value);
        return scores.Spread;
    }

    private struct Scores
    {
        private double sum;
        private double squares;

        public int Count { get; private set; }

        public readonly (double Mean, double Variance)? Spread => Count < 2 ? null : (sum / Count, Math.Max(0, ((squares - (sum * sum / Count)) / (Count - 1))));

        public void Add(double score)
        {
            Count++;
            sum += score;
            squares += score * score;
        }
    }
}
