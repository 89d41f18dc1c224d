using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Imports;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Tests.Imports.Generic;

public sealed class ColumnMappingTests
{
    [Fact]
    public void Columns_constants_and_options_stand_side_by_side()
    {
        var mapping = ColumnMapping.Read("time: \"started: at\"\nprovider:\n  value: openai\nmodel: { column: m }\ninput_includes_cache: false\ntime_unit: us\nlatency_unit: s\ntime_zone: UTC\n", "m.yaml");

        Assert.Equal(("started: at", "m"), (mapping.Fields["time"], mapping.Fields["model"]));
        Assert.Equal("openai", mapping.Constants["provider"]);
        Assert.Equal((false, TimeUnit.Microseconds, TimeUnit.Seconds, TimeSpan.Zero), (mapping.InputIncludesCache, mapping.TimeUnit, mapping.LatencyUnit, mapping.TimeZone!.BaseUtcOffset));
    }

    [Theory]
    [InlineData("time: a\nmodle: b\n", 2, "\"modle\" is no word of a mapping. Did you mean \"model\"?")]
    [InlineData("timestamp: a\n", 1, "\"timestamp\" is no word of a mapping. Did you mean \"time\"?")]
    [InlineData("time: a\ntime: b\n", 2, "\"time\" is set twice. Keep one of the two lines.")]
    [InlineData("time: [a]\n", 1, "\"time\" takes one text. Write the column's name behind the colon.")]
    [InlineData("time:\n", 1, "\"time\" has no value. Write the column's name behind the colon, or remove the line.")]
    [InlineData("provider: { is: openai }\n", 1, "\"provider\" takes a column's name, or { value: … }. Write \"value:\" for a text that holds for every record.")]
    [InlineData("time_unit: minutes\n", 1, "\"minutes\" is no unit. Write s, ms, us, ns or iso.")]
    [InlineData("time: a\ninput_includes_cache: maybe\n", 2, "\"input_includes_cache\" is neither true nor false. Write true or false.")]
    [InlineData("time: a\ntime_zone: Mars/Olympus\n", 2, "\"Mars/Olympus\" is no time zone of this machine. Write a name such as Europe/Berlin or UTC, or an offset such as +02:00.")]
    [InlineData("- time\n", 1, "The file is no map. Write one \"word: column\" a line, without dashes before it.")]
    [InlineData("", 1, "The file is empty. Name at least one column: \"time: created_at\".")]
    public void A_fault_names_the_line_and_the_fix(string yaml, int line, string message)
    {
        var fault = Assert.Throws<ColumnMappingException>(() => ColumnMapping.Read(yaml, "m.yaml"));

        Assert.Equal(line, fault.Line);
        Assert.Equal($"m.yaml:{line}: {message}", fault.Message);
    }

    [Fact]
    public void No_text_does_more_than_be_refused() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            try
            {
                ColumnMapping.Read($"time: a\n{text}", "m");
            }
            catch (ColumnMappingException)
            {
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Deep_nesting_is_refused_and_not_followed() =>
        Assert.Throws<ColumnMappingException>(() => ColumnMapping.Read("time: " + new string('[', 60_000), "m"));
}
