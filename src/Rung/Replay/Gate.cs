using System.Globalization;

namespace Rung.Replay;

/// <summary>Which number of a figure a gate holds.</summary>
internal enum GateEnd : byte
{
    /// <summary>The figure itself.</summary>
    Value = 0,
    /// <summary>The lower end of its interval.</summary>
    Low = 1,
    /// <summary>The upper end.</summary>
    High = 2,
}

/// <summary>How a gate compares.</summary>
internal enum GateComparison : byte
{
    /// <summary><c>&lt;</c></summary>
    Less = 0,
    /// <summary><c>&lt;=</c></summary>
    AtMost = 1,
    /// <summary><c>&gt;</c></summary>
    More = 2,
    /// <summary><c>&gt;=</c></summary>
    AtLeast = 3,
}

/// <summary>What the number of a gate means.</summary>
internal enum GateUnit : byte
{
    /// <summary><c>$12.50</c>: a level in US dollars.</summary>
    Usd = 0,
    /// <summary><c>+$1.50</c>: a change in US dollars.</summary>
    UsdMore = 1,
    /// <summary><c>+5%</c>: a relative change.</summary>
    PercentMore = 2,
    /// <summary><c>30%</c>: a share.</summary>
    Percent = 3,
    /// <summary><c>-1pt</c>: a change of a share, in percentage points.</summary>
    Points = 4,
}

/// <summary>A condition under which a replay fails: <c>cost &gt; +5%</c>, <c>classify-intent: accuracy.low &lt; -1pt</c>.</summary>
/// <param name="Tag">Only the calls of this tag; null: all.</param>
/// <param name="Metric">The figure.</param>
/// <param name="End">Which of its numbers.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Number">With what, as written: 5 for 5 %.</param>
/// <param name="Unit">What the number means.</param>
internal sealed record Gate(string? Tag, ReplayMetric Metric, GateEnd End, GateComparison Comparison, decimal Number, GateUnit Unit)
{
    /// <summary>The words for figures, in the order of <see cref="ReplayMetric"/>.</summary>
    public static readonly string[] Metrics = ["cost", "accuracy", "saving", "climbs", "errors"];

    /// <summary>Whether it is about the difference to what the policy is compared with.</summary>
    public bool IsRelative => Unit is GateUnit.UsdMore or GateUnit.PercentMore or GateUnit.Points;

    /// <summary>The number in the unit of figures: a share for per cent and points, else dollars.</summary>
    public double Threshold => (double)(Unit is GateUnit.Usd or GateUnit.UsdMore ? Number : Number / 100);

    /// <summary>The gate as it is written: reading it again gives the same gate.</summary>
    public override string ToString() =>
        $"{(Tag is null ? "" : $"{Tag}: ")}{Metrics[(int)Metric]}{End switch { GateEnd.Low => ".low", GateEnd.High => ".high", _ => "" }} {Sign} {Amount}";

    /// <summary>The amount alone: <c>+5%</c>.</summary>
    public string Amount
    {
        get
        {
            var number = Math.Abs(Number).ToString("0.############################", CultureInfo.InvariantCulture);
            var sign = Number < 0 ? "-" : "+";
            return Unit switch
            {
                GateUnit.Usd => $"${number}",
                GateUnit.UsdMore => $"{sign}${number}",
                GateUnit.PercentMore => $"{sign}{number}%",
                GateUnit.Percent => $"{number}%",
                _ => $"{sign}{number}pt",
            };
        }
    }

    private string Sign => Comparison switch { GateComparison.Less => "<", GateComparison.AtMost => "<=", GateComparison.More => ">", _ => ">=" };
}
