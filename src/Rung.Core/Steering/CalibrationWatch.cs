using System.Globalization;
using Rung.Core.Measurement;
using Rung.Core.Statistics;

namespace Rung.Core.Steering;

/// <summary>
/// Watches whether a verifier still says what those who judge after it say: the mean of (judgement − score), which should stay what it was. It learns from the first 200
/// pairs and looks in both directions.
/// </summary>
/// <remarks>An <see cref="EDetector"/> for each direction of (1 + difference) / 2, against the reference mean plus its ordinary 99 % half-width and at least 0.03 of score.</remarks>
public sealed class CalibrationWatch
{
    /// <summary>Pairs that it learns from.</summary>
    public const int Reference = 200;

    /// <summary>Least shift that matters, in score.</summary>
    public const double LeastShift = 0.03;

    // 99 % two-sided.
    private const double Z = 2.576;

    private readonly QualitySignal _signal;
    private readonly string _tag;
    private double _sum, _squares;
    private long _count;
    private WatchedMean? _higher, _lower;

    /// <summary>Makes one.</summary>
    /// <param name="signal">Who judges after the verifier.</param>
    /// <param name="tag">The tag, for words.</param>
    public CalibrationWatch(QualitySignal signal, string tag) => (_signal, _tag) = (signal, tag);

    /// <summary>Whether the two have moved apart. Cheap: for every step.</summary>
    public bool IsDrifted => _higher is { IsOut: true } || _lower is { IsOut: true };

    /// <summary>Adds a judgement; one without a verifier's score, or of another signal, does not count.</summary>
    public void Add(in ObservedVerdict verdict)
    {
        if (verdict.Signal != _signal || verdict.VerifierScore is not { } score) return;
        var difference = Math.Clamp(verdict.Score - score, -1, 1);
        if (_higher is null)
        {
            _sum += difference;
            _squares += difference * difference;
            if (++_count < Reference) return;
            var mean = _sum / _count;
            var slack = Math.Max(LeastShift, Z * Math.Sqrt(Math.Max(0, (_squares / _count) - (mean * mean)) / _count));
            _higher = new WatchedMean(Math.Clamp((1 + mean + slack) / 2, 0.001, 0.999), RateWatch.LongestRun, UnitBursts.VerdictIdle);
            _lower = new WatchedMean(Math.Clamp((1 - mean + slack) / 2, 0.001, 0.999), RateWatch.LongestRun, UnitBursts.VerdictIdle);
            return;
        }
        var unit = verdict.Unit == verdict.CallId ? null : verdict.Unit;
        _higher.Add(unit, (1 + difference) / 2, verdict.At, verdict.Revision);
        _lower!.Add(unit, (1 - difference) / 2, verdict.At, verdict.Revision);
    }

    /// <summary>Ends bursts that have gone quiet, and changes that are seven days old.</summary>
    public void Settle(DateTimeOffset now)
    {
        _higher?.Settle(now);
        _lower?.Settle(now);
        if (Out() is { } found && now - found.AlarmAt >= RateWatch.Accepted) Reset();
    }

    /// <summary>Learns anew: another verifier, or other models.</summary>
    public void Reset() => (_sum, _squares, _count, _higher, _lower) = (0, 0, 0, null, null);

    /// <summary>What is known now: judgement minus score.</summary>
    public DriftReading Read()
    {
        var before = Means.OfAmounts(_sum, _squares, _count);
        var watched = Out() ?? _higher;
        Interval? recent = watched?.Summary().Amount is { } half ? Difference(half, mirrored: watched == _lower) : null;
        var who = _signal.ToString().ToLowerInvariant();
        var words = _higher is null ? $"verifier of {_tag} against {who}: learning what is usual ({_count:N0} of {Reference:N0} pairs)"
            : Out() is { } found ? $"the verifier of {_tag} no longer agrees with {who}: judgement minus score {Signed(before!.Value.Estimate)} before, {Signed(recent!.Value.Estimate)} "
                + $"{Instants.Since(found)} ({_count:N0} pairs then, {found.Summary().Items:N0} since)"
            : $"verifier of {_tag} against {who}: judgement minus score {Signed(before!.Value.Estimate)} as usual";
        return new DriftReading
        {
            IsDrifted = IsDrifted, IsLearning = _higher is null, Before = before, BeforeCount = _count, Now = recent, NowCount = watched?.Summary().Items ?? 0,
            SinceAt = Out()?.OutSince, SinceRevision = Out()?.OutRevision ?? 0, Words = words,
        };
    }

    private WatchedMean? Out() => _higher is { IsOut: true } ? _higher : _lower is { IsOut: true } ? _lower : null;

    private static Interval Difference(Interval half, bool mirrored) => mirrored
        ? new Interval(1 - (2 * half.Estimate), 1 - (2 * half.High), 1 - (2 * half.Low))
        : new Interval((2 * half.Estimate) - 1, (2 * half.Low) - 1, (2 * half.High) - 1);

    private static string Signed(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);
}
