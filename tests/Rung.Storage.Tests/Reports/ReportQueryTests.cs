using System.Globalization;
using Rung.Storage.Reports;

namespace Rung.Storage.Tests.Reports;

public sealed class ReportQueryTests
{
    [Theory]
    [InlineData("7d", "2026-11-15T12:00:00Z")]
    [InlineData("24h", "2026-11-21T12:00:00Z")]
    [InlineData("90m", "2026-11-22T10:30:00Z")]
    [InlineData("2w", "2026-11-08T12:00:00Z")]
    [InlineData("month", "2026-11-01T00:00:00Z")]
    [InlineData("last-month", "2026-10-01T00:00:00Z")]
    [InlineData("2026-09", "2026-09-01T00:00:00Z")]
    [InlineData("2026-11-01", "2026-11-01T00:00:00Z")]
    [InlineData("2026-11-01T06:30", "2026-11-01T06:30:00Z")]
    [InlineData("2026-11-01T06:30:15.25+02:00", "2026-11-01T04:30:15.25Z")]
    public void A_span_is_counted_back_from_now_and_a_date_is_taken_as_UTC(string text, string expected)
    {
        Assert.True(ReportQuery.TryParseInstant(text, FixedClock.AtNoon().Now, out var instant));
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), instant);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("7")]
    [InlineData("-7d")]
    [InlineData("7y")]
    [InlineData("next-month")]
    [InlineData("2026-13")]
    [InlineData("2147483647w")]
    [InlineData("yesterday")]
    [InlineData("2026-13-01")]
    public void Anything_else_is_refused(string text) => Assert.False(ReportQuery.TryParseInstant(text, FixedClock.AtNoon().Now, out _));
}
