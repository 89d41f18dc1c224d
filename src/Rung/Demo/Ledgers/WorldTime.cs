namespace Rung.Demo.Ledgers;

/// <summary>From when to when the past goes, and when what happens in it. All instants are UTC.</summary>
internal sealed class WorldTime
{
    /// <summary>A past of so many days has room for the whole story; a shorter one tells it faster.</summary>
    private const double FullDays = 40;

    private readonly double _pace;

    /// <summary>Lays it out.</summary>
    /// <param name="now">Where it ends.</param>
    /// <param name="days">How many days it goes back.</param>
    public WorldTime(DateTimeOffset now, int days)
    {
        End = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        Start = End.AddDays(-days);
        Days = days;
        _pace = Math.Min(1, days / FullDays);
    }

    /// <summary>The first instant.</summary>
    public DateTimeOffset Start { get; }
    /// <summary>The first instant after it: now, to the minute.</summary>
    public DateTimeOffset End { get; }
    /// <summary>Its length in days.</summary>
    public int Days { get; }

    /// <summary>So many days of the story before the end.</summary>
    public DateTimeOffset Before(double days) => End - Span(days);

    /// <summary>So many days of the story.</summary>
    public TimeSpan Span(double days) => TimeSpan.FromMinutes(Math.Round(days * _pace * 24 * 60));

    /// <summary>A part of the whole past, from its start.</summary>
    public DateTimeOffset At(double part) => Start + TimeSpan.FromMinutes(Math.Round(part * Days * 24 * 60));

    /// <summary>How busy an instant is, 1 on the average: five times as many calls at its end as half-way, few at night, fewer at weekends.</summary>
    public double Busy(DateTimeOffset at)
    {
        var part = (at - Start) / (End - Start);
        var growth = 0.3 + (2.8 * part * part * part);
        var hour = at.TimeOfDay.TotalHours;
        var day = 1 + (0.75 * Math.Sin((hour - 8.5) / 24 * 2 * Math.PI)); // Busiest at 14:30, quietest at 02:30.
        var week = at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.75 : 1.1;
        return growth * day * week;
    }
}
