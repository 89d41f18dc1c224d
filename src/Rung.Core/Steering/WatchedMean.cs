using Rung.Core.Statistics;

namespace Rung.Core.Steering;

/// <summary>Sums over some observations.</summary>
/// <param name="Sum">Sum of the values.</param>
/// <param name="Squares">Sum of their squares.</param>
/// <param name="Observations">Independent observations: bursts of units.</param>
/// <param name="Items">Values in them.</param>
internal readonly record struct MeanSummary(double Sum, double Squares, long Observations, long Items)
{
    /// <summary>Their mean as that of a share or a score, with an ordinary 95 % interval; null without observations.</summary>
    public Interval? Share => Means.Of(Sum, Squares, Observations);

    /// <summary>Their mean as that of an amount, likewise; null with fewer than two.</summary>
    public Interval? Amount => Means.OfAmounts(Sum, Squares, Observations);
}

/// <summary>
/// A stream of values in [0, 1] that should not have a mean above a tolerated one: what floors, ceilings and drift have in common. It is out from an alarm on, and in
/// again when <see cref="Recovered"/> observations after the last alarm say so.
/// </summary>
internal sealed class WatchedMean(double nullMean, double longestRun, TimeSpan idle)
{
    /// <summary>Observations since the last alarm that must have a mean that is tolerated before it is in again.</summary>
    public const long Recovered = 300;

    /// <summary>Observations that the estimate looks back on while it is in.</summary>
    public const long Recent = 2_000;

    private const int MostRevisions = 20;

    private readonly UnitBursts _bursts = new(idle);
    private readonly EDetector _detector = new(nullMean, longestRun);
    private readonly Milestones _places = new();
    private readonly List<Burst> _ended = [];
    private readonly List<(long Number, DateTimeOffset Began)> _revisions = [];
    private double _sum, _squares;
    private double _sumSinceAlarm, _alarmEvidence;
    private long _sinceAlarm;
    private Milestone _from;

    /// <summary>The tolerated mean.</summary>
    public double NullMean { get; } = nullMean;

    /// <summary>Observations so far.</summary>
    public long Observations { get; private set; }

    /// <summary>Values so far, those of open bursts not among them.</summary>
    public long Items { get; private set; }

    /// <summary>Whether the mean is above the tolerated one.</summary>
    public bool IsOut { get; private set; }

    /// <summary>When the first alarm of this time was raised.</summary>
    public DateTimeOffset AlarmAt { get; private set; }

    /// <summary>Likely beginning of it.</summary>
    public DateTimeOffset OutSince => _from.At;

    /// <summary>The revision of the first observation of it.</summary>
    public long OutRevision => _from.Revision;

    /// <summary>Whether that revision had only just come into force, and so may be the cause.</summary>
    public bool IsRevisionNew { get; private set; }

    /// <summary>Natural logarithm of the evidence, at least 0; while it is out, at least that of the alarm.</summary>
    public double LogEvidence => Math.Max(IsOut ? _alarmEvidence : 0, _detector.LogEvidence);

    /// <summary>Mean of all observations.</summary>
    public double Mean => Observations > 0 ? _sum / Observations : 0;

    /// <summary>Sum of all observations.</summary>
    public double Sum => _sum;

    /// <summary>Adds a value of a unit.</summary>
    /// <param name="unit">The unit; null for a value that stands alone.</param>
    /// <param name="value">0 to 1.</param>
    /// <param name="at">When.</param>
    /// <param name="revision">The revision that it belongs to; 0 when it is not known.</param>
    public void Add(string? unit, double value, DateTimeOffset at, long revision)
    {
        value = Math.Clamp(value, 0, 1);
        if (unit is null) Observe(new Burst(value, 1, at, revision));
        else if (_bursts.Add(unit, value, at, revision, out var burst)) Observe(burst);
    }

    /// <summary>Ends idle bursts.</summary>
    public void Settle(DateTimeOffset now)
    {
        _bursts.Settle(now, _ended);
        foreach (var burst in _ended) Observe(burst);
        _ended.Clear();
    }

    /// <summary>Starts anew.</summary>
    public void Reset()
    {
        _bursts.Clear();
        _detector.Reset();
        _places.Clear();
        _revisions.Clear();
        (Observations, Items, _sum, _squares, IsOut) = (0, 0, 0, 0, false);
    }

    /// <summary>The mean since the likely beginning, while it is out; else over the last observations.</summary>
    public MeanSummary Summary()
    {
        if (Observations == 0) return default;
        var from = IsOut ? _from : _places.Before(Observations - Recent) ?? default;
        if (from.Ordinal >= Observations) from = default;
        return Since(from);
    }

    private MeanSummary Since(in Milestone from) => new(_sum - from.Sum, _squares - from.Squares, Observations - from.Ordinal, Items - from.Items);

    private void Observe(in Burst burst)
    {
        if (_revisions.Count == 0 || burst.Revision > _revisions[^1].Number)
        {
            if (_revisions.Count == MostRevisions) _revisions.RemoveAt(0);
            _revisions.Add((burst.Revision, burst.At));
        }
        _places.Add(new Milestone(Observations, _sum, _squares, Items, burst.At, burst.Revision));
        _sum += burst.Mean;
        _squares += burst.Mean * burst.Mean;
        Observations++;
        Items += burst.Count;
        var alarm = _detector.Add(burst.Mean);
        if (alarm)
        {
            if (!IsOut)
            {
                _from = _places.Before(Observations - _detector.SinceObservations) ?? default;
                (IsOut, AlarmAt) = (true, burst.At);
                var revision = _revisions.Find(one => one.Number == _from.Revision);
                IsRevisionNew = revision.Number > 0 && LikelyCause.Fits(revision.Began, _from.At);
            }
            _alarmEvidence = _detector.LogEvidence;
            // The alarm is told; whether it still holds is asked anew.
            _detector.Reset();
            (_sinceAlarm, _sumSinceAlarm) = (0, 0);
        }
        else if (IsOut)
        {
            _sumSinceAlarm += burst.Mean;
            if (++_sinceAlarm < Recovered) return;
            IsOut = _sumSinceAlarm / _sinceAlarm > NullMean;
            (_sinceAlarm, _sumSinceAlarm) = (0, 0);
        }
    }
}
