using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Imports;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Tests.Imports.Reading;

public sealed class FieldReadingTests
{
    [Theory]
    [InlineData("1,200", 1200L)]
    [InlineData("12,345,678", 12_345_678L)]
    [InlineData("1,2", null)]
    [InlineData("1,2000", null)]
    [InlineData("1234,567", null)]
    [InlineData(",123", null)]
    [InlineData("1,200.5", null)]
    [InlineData("1,234,567,890,123,456", null)]
    public void Counts_may_have_the_groups_of_a_spreadsheet_and_no_decimal_comma(string text, long? expected) =>
        Assert.Equal(expected, NumberReading.TryCount(text, out var count) ? count : null);

    [Fact]
    public void Amounts_may_have_a_dollar_sign()
    {
        var fields = FieldReading.Of(JsonElement.Parse("""{"a":"$0.0012","b":" 0.5 ","c":0.25,"d":"€1"}"""));

        Assert.Equal((1_200_000L, 500_000_000L, 250_000_000L), (fields.NanoUsd("a"), fields.NanoUsd("b"), fields.NanoUsd("c")));
        Assert.Throws<LogRecordException>(() => fields.NanoUsd("d"));
    }

    [Theory]
    [InlineData("2026-09-14T02:33:13.255Z", "2026-09-14T02:33:13.2550000")]
    [InlineData("2026-09-14T02:33:13.255123456Z", "2026-09-14T02:33:13.2551234")]
    [InlineData("2026-09-14 02:33:13.255123", "2026-09-14T02:33:13.2551230")]
    [InlineData("2026-09-14 04:33:13.255+02", "2026-09-14T02:33:13.2550000")]
    [InlineData("2026-09-14T04:33:13+0200", "2026-09-14T02:33:13.0000000")]
    [InlineData("2026-09-14T04:33+02:00", "2026-09-14T02:33:00.0000000")]
    [InlineData("2026-09-14 02:33:13 UTC", "2026-09-14T02:33:13.0000000")]
    [InlineData("2026-09-14", "2026-09-14T00:00:00.0000000")]
    [InlineData("1789353193", "2026-09-14T02:33:13.0000000")]
    [InlineData("1789353193.255", "2026-09-14T02:33:13.2550000")]
    [InlineData("1789353193255", "2026-09-14T02:33:13.2550000")]
    [InlineData("1789353193255123", "2026-09-14T02:33:13.2551230")]
    [InlineData("1789353193255123456", "2026-09-14T02:33:13.2551234")]
    [InlineData("1.789353193255e12", "2026-09-14T02:33:13.2550000")]
    public void Times_are_read_in_every_usual_form(string text, string expected)
    {
        Assert.True(TimeReading.TryText(text, TimeUnit.BySize, null, out var time));
        Assert.Equal(expected, time.ToString("yyyy-MM-ddTHH:mm:ss.fffffff"));
        Assert.Equal(TimeSpan.Zero, time.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("14/09/2026")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-30")]
    [InlineData("2026-09-14T25:00:00Z")]
    [InlineData("2026-09-14T02:33:13.Z")]
    [InlineData("2026-09-14T02:33:13+99")]
    [InlineData("2026-09-14T02:33:13 somewhere")]
    [InlineData("1999-01-01")]
    [InlineData("12")]
    [InlineData("-1789353193")]
    [InlineData("99999999999999999999999999")]
    public void What_cannot_be_a_time_is_none(string text) => Assert.False(TimeReading.TryText(text, TimeUnit.BySize, null, out _));

    [Theory]
    [InlineData("0.000445", 445_000)]
    [InlineData("4.45e-4", 445_000)]
    [InlineData("0.00044500000000000003", 445_000)]
    [InlineData("0.0000000005", 1)]
    [InlineData("0.0000000004", 0)]
    [InlineData("12", 12_000_000_000)]
    public void Dollars_become_whole_nano_dollars(string usd, long nano)
    {
        Assert.True(NumberReading.TryDecimal(usd, out var value));
        Assert.True(NumberReading.TryNanoUsd(value, out var read));
        Assert.Equal(nano, read);
    }

    [Fact]
    public void Every_nano_dollar_survives_being_written_as_dollars() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), nano =>
            NumberReading.TryDecimal((nano / 1_000_000_000m).ToString(), out var usd) && NumberReading.TryNanoUsd(usd, out var read) && read == nano)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_instant_survives_every_unit() =>
        Prop.ForAll(Gen.Choose(1_000_000_000, int.MaxValue).ToArbitrary(), seconds =>
        {
            var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
            return new[] { $"{seconds}", $"{seconds}000", $"{seconds}000000", $"{seconds}000000000", time.ToString("O"), time.ToString("yyyy-MM-dd HH:mm:ss") }
                .All(text => TimeReading.TryText(text, TimeUnit.BySize, null, out var read) && read == time);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Counts_may_be_numbers_or_text_and_nothing_else()
    {
        var fields = FieldReading.Of(JsonElement.Parse("""{"a":12,"b":"12","c":12.0,"d":"1.2e1","e":null,"f":"","g":1.5,"h":-1,"i":true,"j":1e30}"""));

        foreach (var name in new[] { "a", "b", "c", "d" }) Assert.Equal(12, fields.Count(name));
        foreach (var name in new[] { "e", "f", "missing" }) Assert.Null(fields.Count(name));
        foreach (var name in new[] { "g", "h", "i", "j" }) Assert.Equal($"{name} is no count.", Assert.Throws<LogRecordException>(() => fields.Count(name)).Message);
        Assert.Equal(12, fields.Count("e", "f", "missing", "b"));
    }

    [Fact]
    public void A_version_7_uuid_tells_its_time()
    {
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1789353193255), TimeReading.OfUuid7($"{1789353193255:x12}"[..8] + "-" + $"{1789353193255:x12}"[8..] + "-7000-8000-000000000001"));
        Assert.Null(TimeReading.OfUuid7("5f0c0000-0000-4000-8000-000000000001"));
        Assert.Null(TimeReading.OfUuid7("no uuid"));
    }
}
