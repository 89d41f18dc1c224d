using Rung.Core.Statistics;

namespace Rung.Core.Measurement;

/// <summary>
/// Sums over independent units (sessions, and calls without one) for a ratio of two amounts of each. They are whole numbers: two of them add up to exactly that of all units, in any
/// order, and a unit that has grown is taken out and put in again without a trace.
/// </summary>
internal struct UnitSums
{
    /// <summary>The least that a score is told apart by: scores are kept in billionths.</summary>
    public const long ScoreUnit = 1_000_000_000;

    // Ten million dollars a unit, in nano-USD: beyond it, the square of one unit could not be added up a million times. Sums of money themselves have no such limit.
    private const long Most = 10_000_000_000_000_000;

    private Int128 _y, _x, _yy, _xy, _xx;
    private long _units;

    /// <summary>Units so far.</summary>
    public readonly long Units => _units;

    /// <summary>Sum of the lower amounts.</summary>
    public readonly long Lower => (long)_x;

    /// <summary>The ratio with an ordinary 95 % interval; null with fewer than two units.</summary>
    public readonly Interval? Ratio => Means.OfRatio((double)_y, (double)_x, (double)_yy, (double)_xy, (double)_xx, _units);

    /// <summary>The same for scores: the upper amount is a sum of values in [0, <see cref="ScoreUnit"/>], the lower one their number.</summary>
    public readonly Interval? Share =>
        Means.OfScores((double)_y / ScoreUnit, (double)_x, (double)_yy / ScoreUnit / ScoreUnit, (double)_xy / ScoreUnit, (double)_xx, _units);

    /// <summary>Adds a unit.</summary>
    public void Add(long y, long x) => Count(y, x, 1);

    /// <summary>Takes a unit out that was added with the same amounts.</summary>
    public void Remove(long y, long x) => Count(y, x, -1);

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

    /// <summary>Whether nothing is in it.</summary>
    public readonly bool IsEmpty => _units == 0 && _y == 0 && _x == 0 && _yy == 0 && _xy == 0 && _xx == 0;

    /// <summary>Writes it.</summary>
    public readonly void Write(ref NumberWriter numbers)
    {
        numbers.Write(_units);
        numbers.Write(_y);
        numbers.Write(_x);
        numbers.Write(_yy);
        numbers.Write(_xy);
        numbers.Write(_xx);
    }

    /// <summary>Reads what was written.</summary>
    public static UnitSums Read(ref NumberReader numbers) => new()
    {
        _units = numbers.Next(), _y = numbers.NextWide(), _x = numbers.NextWide(), _yy = numbers.NextWide(), _xy = numbers.NextWide(), _xx = numbers.NextWide(),
    };

    private void Count(long y, long x, int sign)
    {
        (Int128 upper, Int128 lower) = (Math.Clamp(y, -Most, Most), Math.Clamp(x, -Most, Most));
        _y += sign * upper;
        _x += sign * lower;
        _yy += sign * upper * upper;
        _xy += sign * lower * upper;
        _xx += sign * lower * lower;
        _units += sign;
    }
}
