namespace Rung.Core.Tests.Checks.Schema.Formats;

public sealed class TimeFormatTests
{
    [Theory]
    [InlineData("date", "2024-02-29")]
    [InlineData("date", "0000-02-29")] // Year 0 is divisible by 400.
    [InlineData("date", "9999-12-31")]
    [InlineData("time", "00:00:00Z")]
    [InlineData("time", "23:59:59.999999999999+23:59")]
    [InlineData("time", "00:59:60+01:00")]
    [InlineData("time", "16:59:60-07:00")]
    [InlineData("date-time", "2026-11-22T04:00:00Z")]
    [InlineData("date-time", "2026-11-22t04:00:00.5z")]
    [InlineData("duration", "P3Y6M4DT12H30M5S")]
    [InlineData("duration", "PT0S")]
    [InlineData("duration", "P52W")]
    [InlineData("duration", "p1dt2h")] // The letters of an ABNF have no case.
    public void What_RFC_3339_has_passes(string format, string text) => FormatRules.Passes(format, text);

    [Theory]
    [InlineData("date", "2023-02-29")]
    [InlineData("date", "1900-02-29")]
    [InlineData("date", "2024-04-31")]
    [InlineData("date", "2024-13-01")]
    [InlineData("date", "24-01-01")]
    [InlineData("date", "2024-1-01")]
    [InlineData("date", "")]
    [InlineData("time", "00:00:00")]
    [InlineData("time", "00:00:00.Z")]
    [InlineData("time", "00:00:00.1")]
    [InlineData("time", "24:00:00Z")]
    [InlineData("time", "12:00:60Z")]
    [InlineData("time", "23:59:60+00:01")]
    [InlineData("time", "00:00:00+24:00")]
    [InlineData("time", "00:00:00+0000")]
    [InlineData("time", "00:00:00Zz")]
    [InlineData("date-time", "2026-11-22 04:00:00Z")]
    [InlineData("date-time", "2026-11-22T")]
    [InlineData("date-time", "2026-11-22")]
    [InlineData("duration", "P")]
    [InlineData("duration", "P1DT")]
    [InlineData("duration", "P1Y1D")]
    [InlineData("duration", "PT1H1S")]
    [InlineData("duration", "P1W1D")]
    [InlineData("duration", "P1.5D")]
    [InlineData("duration", "PD")]
    [InlineData("duration", "P1D1D")]
    [InlineData("duration", "PT1HT1M")]
    [InlineData("duration", "P1ſ")] // Long s is S to a careless case folding.
    public void What_RFC_3339_does_not_have_fails(string format, string text) => FormatRules.Fails(format, text);
}
