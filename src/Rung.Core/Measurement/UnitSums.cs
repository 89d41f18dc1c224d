using Rung.Core.Statistics;

namespace Rung.Core.Measurement;

/// <summary>Sums over independent units (sessions, and calls without one) for a ratio of two amounts of each. Two of them add up to that of all units.</summary>
internal struct UnitSums
{
    private double _y, _x, _yy, _xy, _xx;
    private long _units;

    /// <summary>Units so far.</summary>
    public readonly long Units => _units;

    /// <summary>Sum of the upper amounts.</summary>
    public readonly double Upper => _y;

    /// <summary>Sum of the lower amounts.</summary>
    public readonly double Lower => _x;

    /// <summary>The ratio with an ordinary 95 % interval; null with fewer than two units.</summary>
    public readonly Interval? Ratio => Means.OfRatio(_y, _x, _yy, _xy, _xx, _units);

    /// <summary>The same for scores: the upper amount is a sum of values in [0, 1], the lower one their number.</summary>
    public readonly Interval? Share => Means.OfScores(_y, _x, _yy, _xy, _xx, _units);

    /// <summary>Adds a unit.</summary>
    public void Add(double y, double x)
    {
        _y += y;
        _x += x;
        _yy += y * y;
        _xy += x * y;
        _xx += x * x;
        _units++;
    }

    /// <summary>Adds other units.</summary>
    public void Add(in UnitSums other)
    {
        _y += other._y;
        _x += other._x;
        _yy += other._yy;
        _xy += other._xy;
        _xx += other._xx;
        _units += other._units;
    }
}
