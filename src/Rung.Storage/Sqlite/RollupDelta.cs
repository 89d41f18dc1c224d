using System.Runtime.InteropServices;
using Rung.Core.Measurement;
using Rung.Core.Rollouts;
using Rung.Core.Spans;
using Rung.Storage.Rollups;

namespace Rung.Storage.Sqlite;

/// <summary>
/// What some calls and verdicts change in the roll-ups: one adding up, used by the roller, which writes it, and by readers, which add what the roller has not come to. Not thread-safe.
/// </summary>
/// <param name="source">Where sessions and verdicts are looked up.</param>
/// <param name="minutesFrom">Calls from before this minute are booked at their hour: the sums of their minutes are gone.</param>
/// <param name="isPast">Whether the calls are in the sums already and are read once more, for a part of an hour: sessions stand as they are stored.</param>
internal sealed class RollupDelta(RollupSource source, long minutesFrom, bool isPast = false)
{
    private readonly Dictionary<(string Session, TagKey Tag), Unit> _units = [];
    private readonly List<ObservedVerdict> _verdicts = [];
    private ILookup<string, TagKey>? _ofSession;

    public Dictionary<(long At, SpendKey Key), SpendSums> Spend { get; } = [];
    public Dictionary<(long At, TagKey Tag), MeasureSums> Tags { get; } = [];
    public Dictionary<(long At, ModelKey Model), ModelSums> Models { get; } = [];

    /// <summary>The sessions as they are now.</summary>
    public IEnumerable<(string Session, TagKey Tag, SessionSums Sums)> Units => _units.Where(unit => unit.Value.IsChanged).Select(unit => (unit.Key.Session, unit.Key.Tag, unit.Value.Now));

    /// <summary>Adds a call, with the verdicts on it that do not wait.</summary>
    public void Add(CallRecord call)
    {
        var at = At(call.StartedAt);
        AddAmounts(at, call);
        if (IsInternal(call.Tag)) return;

        var tag = new TagKey(call.Tag);
        var observed = ObservedCalls.Of(call);
        var sums = SumsAt(at, tag);
        sums.Add(observed);
        var unit = call.Session is { } session ? UnitOf(session, tag) : null;
        if (!isPast) unit?.Add(observed);
        source.VerdictsOf(call.Id, _verdicts);
        foreach (var verdict in _verdicts) Add(verdict, sums, unit);
    }

    /// <summary>Adds a verdict on a call that is in the sums, or among those that were added here.</summary>
    public void Add(in ObservedVerdict verdict, CallRecord call)
    {
        if (IsInternal(call.Tag)) return;
        var tag = new TagKey(call.Tag);
        Add(verdict, SumsAt(At(call.StartedAt), tag), call.Session is { } session ? UnitOf(session, tag) : null);
    }

    /// <summary>Adds a verdict on a session: of every tag in it, once.</summary>
    public void AddToSession(in ObservedVerdict verdict, string session)
    {
        _ofSession ??= _units.Keys.ToLookup(unit => unit.Session, unit => unit.Tag, StringComparer.Ordinal);
        foreach (var tag in source.TagsOf(session).Union(_ofSession[session]))
        {
            if (verdict.Tag is null || verdict.Tag == tag.Tag) UnitOf(session, tag).Add(verdict);
        }
    }

    /// <summary>Books the sessions: out of the sums as they were, and in again as they are. After the last call and verdict.</summary>
    public void BookUnits()
    {
        foreach (var ((_, tag), unit) in _units)
        {
            if (isPast)
            {
                if (unit.Before is { } stored) SumsAt(At(stored.First), tag).Add(stored);
                continue;
            }
            if (!unit.IsChanged || unit.Now.Calls == 0) continue;
            if (unit.Before is { } before) SumsAt(At(before.First), tag).Remove(before);
            SumsAt(At(unit.Now.First), tag).Add(unit.Now);
        }
    }

    /// <summary>The minute of an instant since 1970, UTC.</summary>
    public static long MinuteOf(DateTimeOffset instant) => Math.DivRem(instant.UtcTicks, TimeSpan.TicksPerMinute).Quotient - (DateTimeOffset.UnixEpoch.UtcTicks / TimeSpan.TicksPerMinute);

    private long At(DateTimeOffset instant)
    {
        var minute = MinuteOf(instant);
        return minute >= minutesFrom ? minute : RollupParts.Begin(RollupGrain.Hour, minute);
    }

    // Copies of calls, which a rollout's shadow makes, are no traffic: they cost, and are measured by nobody.
    private static bool IsInternal(string? tag) => tag is not null && tag.StartsWith(GuardBook.ShadowPrefix, StringComparison.Ordinal);

    private void Add(in ObservedVerdict verdict, MeasureSums sums, Unit? unit)
    {
        if (unit is null)
        {
            sums.Add(verdict);
            return;
        }
        if (verdict.Signal == QualitySignal.Override) sums.AddOverride();
        if (!isPast) unit.Add(verdict);
    }

    private Unit UnitOf(string session, TagKey tag)
    {
        ref var unit = ref CollectionsMarshal.GetValueRefOrAddDefault(_units, (session, tag), out _);
        if (unit is not null) return unit;
        unit = new Unit(source.Unit(session, tag));
        if (unit.Before is null && !isPast)
        {
            var verdicts = new List<ObservedVerdict>();
            source.VerdictsOfSession(session, verdicts);
            foreach (var verdict in verdicts)
            {
                if (verdict.Tag is null || verdict.Tag == tag.Tag) unit.Add(verdict);
            }
        }
        return unit;
    }

    private void AddAmounts(long at, CallRecord call)
    {
        var (cost, isPriced, climbed, failedOver) = (0L, true, false, false);
        foreach (var attempt in call.Attempts)
        {
            var sums = AmountsAt(at, new SpendKey(call.Tag, call.Role, call.Route, attempt.Tier, attempt.Model));
            sums.Add(SpendSums.AttemptCount, 1);
            if (attempt.Kind == AttemptKind.Escalation) sums.Add(SpendSums.EscalationCount, 1);
            if (attempt.Outcome is not (AttemptOutcome.Completed or AttemptOutcome.CheckFailed or AttemptOutcome.Doomed or AttemptOutcome.ClientGone)) sums.Add(SpendSums.ErrorCount, 1);
            sums.Add(SpendSums.In, attempt.Usage.Input);
            sums.Add(SpendSums.Cached, attempt.Usage.CacheRead);
            sums.Add(SpendSums.Out, attempt.Usage.Output);
            if (attempt.CostNanoUsd is { } known) sums.Add(SpendSums.Cost, known);
            else sums.Add(SpendSums.UnknownAttempts, 1);
            if (attempt.Outcome == AttemptOutcome.Doomed) AddDoomed(sums, attempt);
            (cost, isPriced) = (cost + (attempt.CostNanoUsd ?? 0), isPriced && attempt.CostNanoUsd is not null);
            climbed |= attempt.Kind == AttemptKind.Escalation;
            failedOver |= attempt.Kind == AttemptKind.Failover;
            (CollectionsMarshal.GetValueRefOrAddDefault(Models, (at, new ModelKey(attempt.Tier, attempt.Model)), out _) ??= new ModelSums()).Add(attempt);
        }
        var answer = AmountsAt(at, new SpendKey(call.Tag, call.Role, call.Route, call.Tier, call.Model));
        answer.Add(Math.Clamp((int)call.Status - 1, 0, SpendSums.StatusCount - 1), 1);
        if (climbed) answer.Add(SpendSums.Escalated, 1);
        if (failedOver) answer.Add(SpendSums.FailedOver, 1);
        if (!isPriced) answer.Add(SpendSums.UnknownCalls, 1);
        answer.Add(SpendSums.CallCost, cost);
        if (call.BaselineNanoUsd is not { } baseline) return;
        answer.Add(SpendSums.WithBaseline, 1);
        answer.Add(SpendSums.Baseline, baseline);
        if (!isPriced) return;
        answer.Add(SpendSums.InSaving, 1);
        answer.Add(SpendSums.SavingBaseline, baseline);
        answer.Add(SpendSums.SavingCost, cost);
    }

    private static void AddDoomed(SpendSums sums, AttemptRecord attempt)
    {
        sums.Add(SpendSums.Doomed, 1);
        if (attempt.SavedTokens is null && attempt.SavedMicros is null) return;
        sums.Add(SpendSums.Measured, 1);
        sums.Add(SpendSums.SavedOut, attempt.SavedTokens ?? 0);
        sums.Add(SpendSums.SavedTime, attempt.SavedMicros ?? 0);
    }

    private SpendSums AmountsAt(long at, in SpendKey key) => CollectionsMarshal.GetValueRefOrAddDefault(Spend, (at, key), out _) ??= new SpendSums();

    private MeasureSums SumsAt(long at, TagKey tag) => CollectionsMarshal.GetValueRefOrAddDefault(Tags, (at, tag), out _) ??= new MeasureSums();

    /// <summary>A session: as it is in the sums, and as it is now.</summary>
    private sealed class Unit(SessionSums? before)
    {
        public SessionSums? Before { get; } = before;

        public SessionSums Now { get; } = before?.Copy() ?? new SessionSums();

        public bool IsChanged { get; private set; }

        public void Add(in ObservedCall call)
        {
            Now.Add(call);
            IsChanged = true;
        }

        public void Add(in ObservedVerdict verdict)
        {
            Now.Add(verdict);
            IsChanged = true;
        }
    }
}
