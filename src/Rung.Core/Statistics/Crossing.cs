namespace Rung.Core.Statistics;

/// <summary>Where evidence that falls towards an estimate crosses a bar.</summary>
internal static class Crossing
{
    private const int MostSteps = 60;

    /// <summary>The last point that is still rejected, to a precision.</summary>
    /// <param name="evidence">Evidence against a point: rises from the kept point to the rejected one.</param>
    /// <param name="bar">From which on a point is rejected, above 0.</param>
    /// <param name="rejected">A point that is rejected, or the end of the range.</param>
    /// <param name="kept">A point that is not.</param>
    /// <param name="precision">How close to the crossing is close enough.</param>
    /// <remarks>Regula falsi with the Illinois rule (M. Dowell, P. Jarratt, BIT 11 (1971), 168–174), and a bisection where it makes slow progress: a handful of steps instead of twenty.</remarks>
    public static double Find(Func<double, double> evidence, double bar, double rejected, double kept, double precision)
    {
        double? above = null; // Of the rejected point: the end of the range is not evaluated.
        var root = Math.Sqrt(bar);
        var below = Scaled(kept);
        var side = 0;
        for (var step = 0; step < MostSteps && Math.Abs(kept - rejected) > precision; step++)
        {
            var middle = (kept + rejected) / 2;
            if (above is { } over && step % 4 != 3)
            {
                var falsi = kept + ((rejected - kept) * (-below / (over - below)));
                // Not closer to an end than the precision: or the other end would never move.
                var least = precision / 2 / Math.Abs(rejected - kept);
                middle = kept + ((rejected - kept) * Math.Clamp((falsi - kept) / (rejected - kept), least, 1 - least));
            }
            var value = Scaled(middle);
            if (value >= 0)
            {
                (rejected, above) = (middle, value);
                if (side > 0) below /= 2;
                side = 1;
            }
            else
            {
                (kept, below) = (middle, value);
                if (side < 0 && above is not null) above /= 2;
                side = -1;
            }
        }
        return rejected;

        // Evidence grows with the square of the distance: its root is nearly a straight line.
        double Scaled(double point)
        {
            var found = evidence(point);
            return (found < 0 ? -Math.Sqrt(-found) : Math.Sqrt(found)) - root;
        }
    }
}
