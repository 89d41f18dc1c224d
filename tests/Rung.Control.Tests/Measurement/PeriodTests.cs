using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Measurement;
using Rung.Storage.Rollups;

namespace Rung.Control.Tests.Measurement;

/// <summary>Periods: what addresses ask for, and that two of them can be compared.</summary>
public sealed class PeriodTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 16, 43, 51, TimeSpan.Zero);

    [Theory]
    [InlineData("1h", "2026-11-22T15:44Z", RollupGrain.Minute)]
    [InlineData("6h", "2026-11-22T10:44Z", RollupGrain.Minute)]
    [InlineData("24h", "2026-11-21T16:00Z", RollupGrain.Hour)]
    [InlineData("7d", "2026-11-15T16:00Z", RollupGrain.Hour)]
    [InlineData("30d", "2026-10-23T00:00Z", RollupGrain.Day)]
    [InlineData("365d", "2025-11-22T00:00Z", RollupGrain.Day)]
    public void A_span_back_begins_at_a_whole_part_and_ends_behind_the_present_minute(string name, string from, RollupGrain grain)
    {
        Assert.True(Period.TryParse(name, null, null, null, Now, out var period, out _));

        Assert.Equal(DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture), period.From);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 16, 44, 0, TimeSpan.Zero), period.To);
        Assert.Equal(grain, period.Grain);
        Assert.Equal($"period={name}", period.ToQuery());
    }

    [Fact]
    public void The_period_before_is_equally_long_and_lies_before()
    {
        var period = Period.Last("24h", Now);

        Assert.Equal(period.Length, period.Compared!.Length);
        Assert.True(period.Compared.To <= period.From);
        Assert.Equal(0, (period.From - period.Compared.From).Ticks % TimeSpan.FromHours(1).Ticks);
        Assert.Equal("2026-11-20 15:00 to 2026-11-21 15:44 UTC", period.Compared.Words);
    }

    [Theory]
    [InlineData("1h", 7)]
    [InlineData("7d", 7)]
    [InlineData("30d", 35)]
    public void A_week_before_is_whole_weeks_before(string name, int days) =>
        Assert.Equal(TimeSpan.FromDays(days), Period.Last(name, Now, PeriodComparison.Week) is var period ? period.From - period.Compared!.From : default);

    [Theory]
    [InlineData("month", "2026-11-01", "2026-11-22T16:44Z", "2026-10-01", "2026-11-01", true)]
    [InlineData("last-month", "2026-10-01", "2026-11-01", "2026-09-01", "2026-10-01", true)]
    public void A_calendar_month_is_compared_with_the_month_before_and_says_when_that_is_longer_or_shorter(string name, string from, string to, string before, string until, bool byDay)
    {
        Assert.True(Period.TryParse(name, null, null, null, Now, out var period, out _));

        Assert.Equal((At(from), At(to), At(before), At(until)), (period.From, period.To, period.Compared!.From, period.Compared.To));
        Assert.Equal(byDay, period.IsComparedByDay);
        Assert.Equal($"period={name}", period.ToQuery());
        Assert.Equal(RollupGrain.Day, period.Grain);
        static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal);
    }

    [Fact]
    public void Months_of_the_same_length_are_compared_as_they_are_and_every_other_period_is()
    {
        Assert.True(Period.TryParse("last-month", null, null, null, new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero), out var august, out _)); // July has 31 days, too.
        Assert.False(august.IsComparedByDay);
        Assert.Equal(31, august.Days);
        foreach (var name in Period.Choices.Where(name => name is not ("month" or "last-month"))) Assert.False(Period.Last(name, Now).IsComparedByDay);
        Assert.False(Period.Last("month", Now, PeriodComparison.Week).IsComparedByDay);
        Assert.Null(Period.Last("last-month", Now, PeriodComparison.None).Compared);
    }

    [Fact]
    public void The_first_minute_of_a_month_is_a_month_too()
    {
        var period = Period.Last("month", new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal((TimeSpan.FromMinutes(1), RollupGrain.Minute, TimeSpan.FromDays(31)), (period.Length, period.Grain, period.Compared!.Length));
    }

    [Fact]
    public void Ends_are_taken_outwards_and_never_into_the_future()
    {
        Assert.True(Period.TryParse("", "2026-11-20T08:30:20Z", "2026-11-20T09:10:01Z", "none", Now, out var minutes, out _));
        Assert.True(Period.TryParse(null, "2026-11-20T08:30Z", "2026-11-30", "week", Now, out var hours, out _));

        Assert.Equal("from=2026-11-20T08:30Z&to=2026-11-20T09:11Z&compare=none", minutes.ToQuery());
        Assert.Null(minutes.Compared);
        Assert.Equal("from=2026-11-20T08:00Z&to=2026-11-22T16:44Z&compare=week", hours.ToQuery());
        Assert.Equal(RollupGrain.Hour, hours.Grain);
    }

    [Theory]
    [InlineData("2d", null, null, null, "2d")]
    [InlineData(null, "yesterday", null, null, "yesterday")]
    [InlineData(null, "2026-11-20", "noon", null, "noon")]
    [InlineData(null, "2026-11-20", "2026-11-19", null, "before")]
    [InlineData(null, "2026-12-20", null, null, "past")]
    [InlineData(null, null, "2026-12-20", null, "from")]
    [InlineData("24h", "2026-11-20", null, null, "exclude")]
    [InlineData("24h", null, null, "year", "year")]
    public void What_is_wrong_is_named(string? period, string? from, string? to, string? compare, string word)
    {
        Assert.False(Period.TryParse(period, from, to, compare, Now, out _, out var fault));
        Assert.Contains(word, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_period_is_whole_minutes_and_its_address_leads_to_it_again() => Prop.ForAll(
        Gen.Choose(0, 500_000).Two().Select(pair => (Math.Min(pair.Item1, pair.Item2), Math.Max(pair.Item1, pair.Item2) + 1)).ToArbitrary(), Gen.Choose(0, 2).ToArbitrary(), (pair, way) =>
        {
            var (first, last) = (Now.AddMinutes(-pair.Item2), Now.AddMinutes(-pair.Item1));
            if (!Period.TryParse(null, $"{first:yyyy-MM-dd'T'HH:mm:ss}Z", $"{last:yyyy-MM-dd'T'HH:mm:ss}Z", new[] { "previous", "week", "none" }[way], Now, out var period, out _)) return false;
            var again = period.ToQuery().Split('&').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
            return period.From <= first && (period.To >= last || period.To > Now) && period.From.Ticks % TimeSpan.TicksPerMinute == 0 && period.To.Ticks % TimeSpan.TicksPerMinute == 0
                && period.Points().Count() is > 0 and < 1_000 && (period.Compared is null) == (way == 2) && (period.Compared is null || period.Compared.Length == period.Length)
                && Period.TryParse(null, again["from"], again["to"], again.GetValueOrDefault("compare"), Now, out var same, out _) && same == period;
        }).QuickCheckThrowOnFailure();
}
