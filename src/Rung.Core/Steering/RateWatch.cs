using Rung.Core.Statistics;

namespace Rung.Core.Steering;

/// <summary>
/// Watches whether a rate rises: it learns what is usual from the first observations, and then looks for a rise that neither chance nor the uncertainty of what it has
/// learned explains.
/// </summary>
/// <remarks>
/// The reference are the first 500 observations, and more of them, up to 2,000, as long as nothing points to a change. What is tolerated is the upper bound of the
/// reference rate (a p-value of Hoeffding and Bentkus of 1 in 100: <see cref="RiskTests.HoeffdingBentkus"/>), and at least a point above the rate itself. From there on
/// an <see cref="EDetector"/>. A change that has lasted for seven days is what is usual from then on. Observations are bursts of units, as for floors.
/// </remarks>
public sealed class RateWatch
{
    /// <summary>Least number of observations that it learns from.</summary>
    public const int FirstReference = 500;

    /// <summary>Number of observations that it learns from when they come without a change.</summary>
    public const int FullReference = 2_000;

    /// <summary>Least mean number of observations between false alarms, at the rate that is just tolerated.</summary>
    public const double LongestRun = 1_000_000;

    /// <summary>Least rise that matters, as a difference of rates.</summary>
    public const double LeastRise = 0.01;

    /// <summary>How long a change is told before it is what is usual.</summary>
    public static readonly TimeSpan Accepted = TimeSpan.FromDays(7);

    private readonly string _what;
    private readonly double _longestRun;
    private readonly UnitBursts _bursts = new(UnitBursts.Idle);
    private readonly List<Burst> _ended = [];
    private double _sum, _squares;
    private long _count, _nextReference;
    private WatchedMean? _watched;

    /// <summary>Makes one.</summary>
    /// <param name="what">What is counted, for words: <c>failed checks of classify-intent</c>.</param>
    /// <param name="longestRun">Least mean number of observations between false alarms.</param>
    public RateWatch(string what, double longestRun = LongestRun) => (_what, _longestRun) = (what, longestRun);

    /// <summary>Whether the rate has risen. Cheap: for every step.</summary>
    public bool IsDrifted => _watched is { IsOut: true };

    /// <summary>Likely instant of the rise; null when there is none.</summary>
    public DateTimeOffset? SinceAt => _watched is { IsOut: true } watched ? watched.OutSince : null;

    /// <summary>Adds what happened to a call.</summary>
    /// <param name="unit">Its unit; null for a call that stands alone.</param>
    /// <param name="happened">Whether it happened.</param>
    /// <param name="at">When.</param>
    /// <param name="revision">The call's revision.</param>
    public void Add(string? unit, bool happened, DateTimeOffset at, long revision)
    {
        var value = happened ? 1.0 : 0.0;
        if (unit is null) Observe(new Burst(value, 1, at, revision));
        else if (_bursts.Add(unit, value, at, revision, out var burst)) Observe(burst);
    }

    /// <summary>Ends bursts that have gone quiet, and changes that are seven days old.</summary>
    public void Settle(DateTimeOffset now)
    {
        _bursts.Settle(now, _ended);
        foreach (var burst in _ended) Observe(burst);
        _ended.Clear();
        if (_watched is { IsOut: true } watched && now - watched.AlarmAt >= Accepted) Relearn();
    }

    /// <summary>Learns anew: what is counted means something else from now on.</summary>
    public void Reset()
    {
        _bursts.Clear();
        Relearn();
    }

    /// <summary>What is known now.</summary>
    public DriftReading Read()
    {
        var before = Means.Of(_sum, _squares, _count);
        var recent = _watched?.Summary() ?? default;
        var words = _watched is null ? $"{_what}: learning what is usual ({_count:N0} of {FirstReference:N0} observations)"
            : IsDrifted ? $"{_what} rose from {Instants.Percent(before!.Value.Estimate)} to {Instants.Percent(recent.Share!.Value.Estimate)} {Instants.Since(_watched)} "
                + $"({_count:N0} observations then, {recent.Observations:N0} since)"
            : $"{_what}: {Instants.Percent(before!.Value.Estimate)} as usual ({_count:N0} observations then, {_watched.Observations:N0} since)";
        return new DriftReading
        {
            IsDrifted = IsDrifted, IsLearning = _watched is null, Before = before, BeforeCount = _count, Now = recent.Share, NowCount = recent.Observations,
            SinceAt = SinceAt, SinceRevision = IsDrifted ? _watched!.OutRevision : 0, Words = words,
        };
    }

    private void Observe(in Burst burst)
    {
        if (_watched is null)
        {
            Learn(burst);
            if (_count >= FirstReference) Watch();
            return;
        }
        if (_count < FullReference && !_watched.IsOut)
        {
            // What is learned is what the detector sees, too: a change in this time is noticed against what was learned before.
            Learn(burst);
            _watched.Add(unit: null, burst.Mean, burst.At, burst.Revision);
            // Half of the way to an alarm, on the scale of evidence, is no time to call things usual.
            if (_count >= _nextReference && !_watched.IsOut && _watched.LogEvidence < Math.Log(_longestRun) / 2) Watch();
            return;
        }
        _watched.Add(unit: null, burst.Mean, burst.At, burst.Revision);
    }

    private void Learn(in Burst burst)
    {
        _sum += burst.Mean;
        _squares += burst.Mean * burst.Mean;
        _count++;
    }

    private void Watch()
    {
        var upper = RiskTests.SmallestRejected(most => RiskTests.HoeffdingBentkus(_sum, _count, most), 0.01);
        _nextReference = Math.Min(FullReference, _count * 7 / 5);
        _watched = new WatchedMean(Math.Clamp(Math.Max(upper, (_sum / _count) + LeastRise), 0.001, 0.999), _longestRun, UnitBursts.Idle);
    }

    private void Relearn() => (_sum, _squares, _count, _watched) = (0, 0, 0, null);
}
