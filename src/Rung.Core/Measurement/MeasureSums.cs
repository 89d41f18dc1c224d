using System.Collections.Immutable;
using Rung.Core.Statistics;

namespace Rung.Core.Measurement;

/// <summary>
/// What happened to some calls, as whole numbers alone: two of them merge into exactly that of all calls, in any order, and they can be stored. Unlike <see cref="TagMeasure"/> it does not
/// know which sessions are in it; whoever adds one (<see cref="Add(SessionSums)"/>) keeps its sums, and takes it out before it is added again. Not safe for several threads.
/// </summary>
/// <remarks>
/// Independent are sessions, and calls without one: means are ratios of sums over them (W. G. Cochran, Sampling Techniques, 1977, §2.11). Quality is Σ a_k m_k over the signals,
/// a_k the signal's weight times n_k / (n_k + 20) with n_k its units, made to add up to 1. Its error is taken as Σ a_k e_k, as if all signals erred together: so the interval is
/// never too narrow.
/// </remarks>
public sealed class MeasureSums
{
    /// <summary>Units at which a signal has half of its weight.</summary>
    public const double HalfWeightUnits = 20;

    private static readonly QualitySignal[] Signals = [QualitySignal.Check, QualitySignal.Verifier, QualitySignal.Judge, QualitySignal.Feedback, QualitySignal.Override];

    private readonly UnitSums[] _judged = new UnitSums[Signals.Length];
    private UnitSums _unitCost, _unitSaving, _sessionCost;
    private long _calls, _sessions, _checked, _checkFailed, _failedOver, _escalated, _errors, _overridden, _unknown, _cost, _baseline, _pairedCost;
    private long _first = long.MaxValue, _last = long.MinValue; // Ticks, UTC.

    /// <summary>Calls so far.</summary>
    public long Calls => _calls;

    /// <summary>Calls of unknown price.</summary>
    public long UnknownPriceCalls => _unknown;

    /// <summary>Times to the last byte, microseconds.</summary>
    public QuantileSketch Latency { get; } = new();

    /// <summary>Times to the first byte of content, microseconds.</summary>
    public QuantileSketch FirstByte { get; } = new();

    /// <summary>How much a signal says about quality, where it is combined with others: a convention, whose reasons are in <c>docs/feedback.md</c>.</summary>
    public static double WeightOf(QualitySignal signal) => signal switch
    {
        QualitySignal.Override => 0.7,
        QualitySignal.Judge => 0.5,
        QualitySignal.Feedback or QualitySignal.Verifier => 0.3,
        QualitySignal.Check => 0.1,
        _ => 0,
    };

    /// <summary>Adds a call. One without a session is a unit of its own; of one with a session, the session must be added beside.</summary>
    public void Add(in ObservedCall call)
    {
        _calls++;
        _first = Math.Min(_first, call.At.UtcTicks);
        _last = Math.Max(_last, call.At.UtcTicks);
        Latency.Add(call.LatencyMicros);
        if (call.FirstByteMicros is { } first) FirstByte.Add(first);
        if (call.Checked) _checked++;
        if (call.CheckFailed) _checkFailed++;
        if (call.FailedOver) _failedOver++;
        if (call.Escalated) _escalated++;
        if (call.Failed || call.Unverified) _errors++;
        if (call.CostNanoUsd is { } cost)
        {
            _cost += cost;
            if (call.BaselineNanoUsd is { } baseline) (_baseline, _pairedCost) = (_baseline + baseline, _pairedCost + cost);
        }
        else
        {
            _unknown++;
        }
        if (call.Session is null) AddAlone(call);
    }

    /// <summary>Adds a verdict on a call that has no session.</summary>
    public void Add(in ObservedVerdict verdict)
    {
        if (verdict.Signal == QualitySignal.Override) _overridden++;
        AddScore(verdict.Signal, verdict.Score);
    }

    /// <summary>Counts that a person replaced the answer of a call that has a session; the score of it stands with the session.</summary>
    public void AddOverride() => _overridden++;

    /// <summary>Adds a session as a unit.</summary>
    public void Add(SessionSums session)
    {
        ArgumentNullException.ThrowIfNull(session);
        Count(session, 1);
    }

    /// <summary>Takes a session out that was added as it is given here.</summary>
    public void Remove(SessionSums session)
    {
        ArgumentNullException.ThrowIfNull(session);
        Count(session, -1);
    }

    /// <summary>Adds everything of another. A session may be in one of them only.</summary>
    public void Merge(MeasureSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        MergeCounts(other);
        Latency.Merge(other.Latency);
        FirstByte.Merge(other.FirstByte);
    }

    /// <summary>The numbers with their intervals.</summary>
    public MeasureReading Read()
    {
        var signals = SignalsOf(_judged);
        return new MeasureReading
        {
            Calls = _calls, Sessions = _sessions, First = _calls > 0 ? new DateTimeOffset(_first, TimeSpan.Zero) : null, Last = _calls > 0 ? new DateTimeOffset(_last, TimeSpan.Zero) : null,
            Quality = Combine(signals), Signals = signals, CostNanoUsd = _cost, UnknownPriceCalls = _unknown, CostPerCall = Floored(_unitCost.Ratio), CostPerSession = Floored(_sessionCost.Ratio),
            CheckFailure = new(_checkFailed, _checked), Failover = new(_failedOver, _calls), Escalation = new(_escalated, _calls), Error = new(_errors, _calls),
            Override = new(Math.Min(_overridden, _calls), _calls), Latency = TimesOf(Latency), FirstByte = TimesOf(FirstByte), BaselineNanoUsd = _baseline, Saving = SavingOf(_unitSaving),
        };
    }

    /// <summary>What these calls saved against others of the same time that chance had put elsewhere; null when either has too few of known price.</summary>
    /// <param name="others">The others: of the holdback, or of the current policy.</param>
    /// <param name="basis">Which of the two they are.</param>
    /// <remarks>1 − a / b of two independent means; its error by linearisation.</remarks>
    public MeasuredSaving? SavingAgainst(MeasureSums others, SavingBasis basis)
    {
        ArgumentNullException.ThrowIfNull(others);
        if (Floored(_unitCost.Ratio) is not { } own || Floored(others._unitCost.Ratio) is not { } theirs || !(theirs.Estimate > 0)) return null;
        var (half, other) = (own.High - own.Estimate, theirs.High - theirs.Estimate);
        var ratio = own.Estimate / theirs.Estimate;
        var error = Math.Sqrt((half * half) + (ratio * ratio * other * other)) / theirs.Estimate;
        var calls = _calls - _unknown;
        var (saved, spread) = ((theirs.Estimate - own.Estimate) * calls, Math.Sqrt((half * half) + (other * other)) * calls);
        return new MeasuredSaving(basis, new Interval(1 - ratio, 1 - ratio - error, 1 - ratio + error), new Interval(saved, saved - spread, saved + spread), calls, others._calls - others._unknown);
    }

    /// <summary>The numbers as bytes, without the times: 30 to 200.</summary>
    public byte[] CountsToBytes()
    {
        var numbers = new NumberWriter(160);
        foreach (var number in (ReadOnlySpan<long>)[_calls, _sessions, _checked, _checkFailed, _failedOver, _escalated, _errors, _overridden, _unknown, _cost, _baseline, _pairedCost]) numbers.Write(number);
        if (_calls > 0)
        {
            numbers.Write(_first);
            numbers.Write(_last - _first);
        }
        Write(ref numbers, _unitCost);
        Write(ref numbers, _unitSaving);
        Write(ref numbers, _sessionCost);
        foreach (var judged in _judged) Write(ref numbers, judged);
        return numbers.ToArray();
    }

    /// <summary>Adds what <see cref="CountsToBytes"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are cut short.</exception>
    public void MergeCounts(ReadOnlySpan<byte> bytes)
    {
        var numbers = new NumberReader(bytes);
        var calls = numbers.Next();
        _calls += calls;
        _sessions += numbers.Next();
        _checked += numbers.Next();
        _checkFailed += numbers.Next();
        _failedOver += numbers.Next();
        _escalated += numbers.Next();
        _errors += numbers.Next();
        _overridden += numbers.Next();
        _unknown += numbers.Next();
        _cost += numbers.Next();
        _baseline += numbers.Next();
        _pairedCost += numbers.Next();
        if (calls > 0)
        {
            var first = numbers.Next();
            _first = Math.Min(_first, first);
            _last = Math.Max(_last, first + numbers.Next());
        }
        Read(ref numbers, ref _unitCost);
        Read(ref numbers, ref _unitSaving);
        Read(ref numbers, ref _sessionCost);
        foreach (ref var judged in _judged.AsSpan()) Read(ref numbers, ref judged);
    }

    /// <summary>A score in billionths, rounded: sums of them do not depend on their order.</summary>
    internal static long Billionths(double score) => (long)Math.Round(score * UnitSums.ScoreUnit);

    private static void Write(ref NumberWriter numbers, in UnitSums sums)
    {
        numbers.Write(sums.IsEmpty ? 0L : 1L);
        if (!sums.IsEmpty) sums.Write(ref numbers);
    }

    private static void Read(ref NumberReader numbers, ref UnitSums sums)
    {
        if (numbers.Next() != 0) sums.Add(UnitSums.Read(ref numbers));
    }

    private void AddAlone(in ObservedCall call)
    {
        if (call.CostNanoUsd is { } priced)
        {
            _unitCost.Add(priced, 1);
            if (call.BaselineNanoUsd is { } baseline) _unitSaving.Add(priced, baseline);
        }
        if (call.Failed) return;
        if (call.Checked) AddScore(QualitySignal.Check, call.Unverified ? 0 : 1);
        if (call.VerifierScore is { } score) AddScore(QualitySignal.Verifier, score);
    }

    private void AddScore(QualitySignal signal, double score) => _judged[(int)signal - 1].Add(Billionths(score), 1);

    private void Count(SessionSums session, int sign)
    {
        _sessions += sign;
        _overridden += sign * session.Overridden;
        if (session.Priced > 0)
        {
            Count(ref _unitCost, session.Cost, session.Priced, sign);
            // A session with a call of unknown price would look cheaper than it is.
            if (session.Priced == session.Calls) Count(ref _sessionCost, session.Cost, 1, sign);
        }
        if (session.Baseline > 0) Count(ref _unitSaving, session.Paired, session.Baseline, sign);
        for (var i = 0; i < Signals.Length; i++)
        {
            var (score, count) = session.Of(i);
            if (count > 0) Count(ref _judged[i], score, count, sign);
        }
    }

    private static void Count(ref UnitSums sums, long y, long x, int sign)
    {
        if (sign > 0) sums.Add(y, x);
        else sums.Remove(y, x);
    }

    private void MergeCounts(MeasureSums other)
    {
        for (var i = 0; i < _judged.Length; i++) _judged[i].Add(other._judged[i]);
        _unitCost.Add(other._unitCost);
        _unitSaving.Add(other._unitSaving);
        _sessionCost.Add(other._sessionCost);
        (_calls, _sessions, _checked, _checkFailed) = (_calls + other._calls, _sessions + other._sessions, _checked + other._checked, _checkFailed + other._checkFailed);
        (_failedOver, _escalated, _errors, _overridden) = (_failedOver + other._failedOver, _escalated + other._escalated, _errors + other._errors, _overridden + other._overridden);
        (_unknown, _cost, _baseline, _pairedCost) = (_unknown + other._unknown, _cost + other._cost, _baseline + other._baseline, _pairedCost + other._pairedCost);
        (_first, _last) = (Math.Min(_first, other._first), Math.Max(_last, other._last));
    }

    private static ImmutableArray<MeasuredSignal> SignalsOf(UnitSums[] judged)
    {
        var total = 0.0;
        for (var i = 0; i < judged.Length; i++) total += ImportanceOf(Signals[i], judged[i].Units);
        var signals = ImmutableArray.CreateBuilder<MeasuredSignal>();
        for (var i = 0; i < judged.Length; i++)
        {
            if (judged[i].Share is { } mean)
                signals.Add(new MeasuredSignal(Signals[i], mean, judged[i].Lower, judged[i].Units, ImportanceOf(Signals[i], judged[i].Units) / total));
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
}
