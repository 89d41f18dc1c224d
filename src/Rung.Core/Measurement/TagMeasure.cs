using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Rung.Core.Statistics;

namespace Rung.Core.Measurement;

/// <summary>
/// What happened to some calls, as sums: those of two windows, or two machines, add up to those of both. Memory: about 260 bytes a session, its name included, and a few kilobytes.
/// Not safe for several threads.
/// </summary>
/// <remarks>
/// Independent are sessions, and calls without one: means are ratios of sums over them (W. G. Cochran, Sampling Techniques, 1977, §2.11). Quality is Σ a_k m_k over the signals,
/// a_k the signal's weight times n_k / (n_k + 20) with n_k its units, made to add up to 1. Its error is taken as Σ a_k e_k, as if all signals erred together: so the interval is
/// never too narrow.
/// </remarks>
public sealed class TagMeasure
{
    /// <summary>Units at which a signal has half of its weight.</summary>
    public const double HalfWeightUnits = 20;

    private static readonly QualitySignal[] Signals = [QualitySignal.Check, QualitySignal.Verifier, QualitySignal.Judge, QualitySignal.Feedback, QualitySignal.Override];

    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly UnitSums[] _single = new UnitSums[Signals.Length]; // Judgements of calls without a session.
    private readonly QuantileSketch _latency = new(), _firstByte = new();
    private UnitSums _singleCost, _singleSaving;
    private long _calls, _checked, _checkFailed, _failedOver, _escalated, _errors, _overridden, _unknown, _cost, _baseline, _pairedCost;
    private DateTimeOffset? _first, _last;

    /// <summary>Calls so far.</summary>
    public long Calls => _calls;

    /// <summary>How much a signal says about quality, where it is combined with others: a convention, whose reasons are in <c>docs/feedback.md</c>.</summary>
    public static double WeightOf(QualitySignal signal) => signal switch
    {
        QualitySignal.Override => 0.7,
        QualitySignal.Judge => 0.5,
        QualitySignal.Feedback or QualitySignal.Verifier => 0.3,
        QualitySignal.Check => 0.1,
        _ => 0,
    };

    /// <summary>Adds a call.</summary>
    public void Add(in ObservedCall call)
    {
        _calls++;
        if (_first is null || call.At < _first) _first = call.At;
        if (_last is null || call.At > _last) _last = call.At;
        _latency.Add(call.LatencyMicros);
        if (call.FirstByteMicros is { } first) _firstByte.Add(first);
        if (call.Checked) _checked++;
        if (call.CheckFailed) _checkFailed++;
        if (call.FailedOver) _failedOver++;
        if (call.Escalated) _escalated++;
        if (call.Failed || call.Unverified) _errors++;
        if (call.CostNanoUsd is { } cost)
        {
            _cost += cost;
            if (call.BaselineNanoUsd is { } baseline)
            {
                _baseline += baseline;
                _pairedCost += cost;
            }
        }
        else
        {
            _unknown++;
        }
        if (call.Session is { } id)
        {
            ref var session = ref SessionOf(id);
            session.Calls++;
            if (call.CostNanoUsd is { } priced)
            {
                session.Cost += priced;
                session.Priced++;
                if (call.BaselineNanoUsd is { } baseline) (session.Paired, session.Baseline) = (session.Paired + priced, session.Baseline + baseline);
            }
        }
        else if (call.CostNanoUsd is { } priced)
        {
            _singleCost.Add(priced, 1);
            if (call.BaselineNanoUsd is { } baseline) _singleSaving.Add(priced, baseline);
        }
        // What checks and verifiers say comes with the call itself.
        if (call.Failed) return;
        if (call.Checked) AddScore(QualitySignal.Check, call.Session, call.Unverified ? 0 : 1);
        if (call.VerifierScore is { } score) AddScore(QualitySignal.Verifier, call.Session, score);
    }

    /// <summary>Adds a verdict on one of the calls.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="session">The session of its call; null when it has none.</param>
    public void Add(in ObservedVerdict verdict, string? session)
    {
        if (verdict.Signal == QualitySignal.Override) _overridden++;
        AddScore(verdict.Signal, session, verdict.Score);
    }

    /// <summary>Adds all calls and verdicts of another measure. A session that both know is one session.</summary>
    public void Merge(TagMeasure other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var (id, theirs) in other._sessions) SessionOf(id).Add(theirs);
        for (var i = 0; i < _single.Length; i++) _single[i].Add(other._single[i]);
        _singleCost.Add(other._singleCost);
        _singleSaving.Add(other._singleSaving);
        _latency.Merge(other._latency);
        _firstByte.Merge(other._firstByte);
        (_calls, _checked, _checkFailed, _failedOver) = (_calls + other._calls, _checked + other._checked, _checkFailed + other._checkFailed, _failedOver + other._failedOver);
        (_escalated, _errors, _overridden, _unknown) = (_escalated + other._escalated, _errors + other._errors, _overridden + other._overridden, _unknown + other._unknown);
        (_cost, _baseline, _pairedCost) = (_cost + other._cost, _baseline + other._baseline, _pairedCost + other._pairedCost);
        if (other._first is { } first && (_first is null || first < _first)) _first = first;
        if (other._last is { } last && (_last is null || last > _last)) _last = last;
    }

    /// <summary>The numbers with their intervals.</summary>
    public MeasureReading Read()
    {
        var (cost, saving, perSession) = (_singleCost, _singleSaving, new UnitSums());
        var judged = (UnitSums[])_single.Clone();
        foreach (var session in _sessions.Values)
        {
            if (session.Priced > 0)
            {
                cost.Add(session.Cost, session.Priced);
                // A session with a call of unknown price would look cheaper than it is.
                if (session.Priced == session.Calls) perSession.Add(session.Cost, 1);
            }
            if (session.Baseline > 0) saving.Add(session.Paired, session.Baseline);
            for (var i = 0; i < judged.Length; i++)
            {
                if (session.Counts[i] > 0) judged[i].Add(session.Scores[i], session.Counts[i]);
            }
        }
        var signals = SignalsOf(judged);
        return new MeasureReading
        {
            Calls = _calls, Sessions = _sessions.Count, First = _first, Last = _last, Quality = Combine(signals), Signals = signals, CostNanoUsd = _cost, UnknownPriceCalls = _unknown,
            CostPerCall = Floored(cost.Ratio), CostPerSession = Floored(perSession.Ratio), CheckFailure = new(_checkFailed, _checked), Failover = new(_failedOver, _calls),
            Escalation = new(_escalated, _calls), Error = new(_errors, _calls), Override = new(Math.Min(_overridden, _calls), _calls), Latency = TimesOf(_latency),
            FirstByte = TimesOf(_firstByte), BaselineNanoUsd = _baseline, Saving = SavingOf(saving),
        };
    }

    /// <summary>What these calls saved against others of the same time that chance had put elsewhere; null when either has too few of known price.</summary>
    /// <param name="others">The others: of the holdback, or of the current policy.</param>
    /// <param name="basis">Which of the two they are.</param>
    /// <remarks>1 − a / b of two independent means; its error by linearisation.</remarks>
    public MeasuredSaving? SavingAgainst(TagMeasure others, SavingBasis basis)
    {
        ArgumentNullException.ThrowIfNull(others);
        if (Read().CostPerCall is not { } own || others.Read().CostPerCall is not { } theirs || !(theirs.Estimate > 0)) return null;
        var (half, other) = (own.High - own.Estimate, theirs.High - theirs.Estimate);
        var ratio = own.Estimate / theirs.Estimate;
        var error = Math.Sqrt((half * half) + (ratio * ratio * other * other)) / theirs.Estimate;
        var calls = _calls - _unknown;
        var (saved, spread) = ((theirs.Estimate - own.Estimate) * calls, Math.Sqrt((half * half) + (other * other)) * calls);
        return new MeasuredSaving(basis, new Interval(1 - ratio, 1 - ratio - error, 1 - ratio + error), new Interval(saved, saved - spread, saved + spread), calls, others._calls - others._unknown);
    }

    private static ImmutableArray<MeasuredSignal> SignalsOf(UnitSums[] judged)
    {
        var total = 0.0;
        for (var i = 0; i < judged.Length; i++) total += ImportanceOf(Signals[i], judged[i].Units);
        var signals = ImmutableArray.CreateBuilder<MeasuredSignal>();
        for (var i = 0; i < judged.Length; i++)
        {
            if (judged[i].Share is { } mean)
                signals.Add(new MeasuredSignal(Signals[i], mean, (long)judged[i].Lower, judged[i].Units, ImportanceOf(Signals[i], judged[i].Units) / total));
        }
        signals.Sort((one, other) => other.Weight.CompareTo(one.Weight));
        return signals.ToImmutable();
    }

    private static double ImportanceOf(QualitySignal signal, long units) => WeightOf(signal) * units / (units + HalfWeightUnits);

    private static Interval? Combine(ImmutableArray<MeasuredSignal> signals)
    {
        if (signals.IsEmpty) return null;
        var (estimate, low, high) = (0.0, 0.0, 0.0);
        foreach (var signal in signals)
        {
            estimate += signal.Weight * signal.Mean.Estimate;
            low += signal.Weight * signal.Mean.Low;
            high += signal.Weight * signal.Mean.High;
        }
        return new Interval(estimate, low, high);
    }

    private MeasuredSaving? SavingOf(in UnitSums saving)
    {
        if (saving.Ratio is not { } ratio) return null;
        var share = new Interval(1 - ratio.Estimate, 1 - ratio.High, 1 - ratio.Low);
        return new MeasuredSaving(SavingBasis.Baseline, share, new Interval(_baseline - _pairedCost, _baseline - _pairedCost, _baseline - _pairedCost), _calls - _unknown, _calls - _unknown);
    }

    private static MeasuredTimes? TimesOf(QuantileSketch sketch) =>
        sketch.Count == 0 ? null : new MeasuredTimes(sketch.Count, sketch.Quantile(0.5), sketch.Quantile(0.95), sketch.Quantile(0.99));

    private static Interval? Floored(Interval? amount) => amount is { } known ? known with { Low = Math.Max(0, known.Low) } : null;

    private void AddScore(QualitySignal signal, string? session, double score)
    {
        var i = (int)signal - 1;
        if (session is null)
        {
            _single[i].Add(score, 1);
            return;
        }
        ref var known = ref SessionOf(session);
        known.Scores[i] += score;
        known.Counts[i]++;
    }

    private ref Session SessionOf(string id)
    {
        ref var session = ref CollectionsMarshal.GetValueRefOrAddDefault(_sessions, id, out var known);
        if (!known) session = new Session { Scores = new double[Signals.Length], Counts = new int[Signals.Length] };
        return ref session;
    }

    private struct Session
    {
        public long Cost, Paired, Baseline;
        public int Calls, Priced;
        public double[] Scores;
        public int[] Counts;

        public void Add(in Session other)
        {
            (Cost, Paired, Baseline, Calls, Priced) = (Cost + other.Cost, Paired + other.Paired, Baseline + other.Baseline, Calls + other.Calls, Priced + other.Priced);
            for (var i = 0; i < Scores.Length; i++) (Scores[i], Counts[i]) = (Scores[i] + other.Scores[i], Counts[i] + other.Counts[i]);
        }
    }
}
