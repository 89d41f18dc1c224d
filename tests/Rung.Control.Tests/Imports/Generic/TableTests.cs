using Rung.Control.Imports;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Imports.Generic;

public sealed class TableTests
{
    private static readonly DateTimeOffset Start = new(2026, 9, 14, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Usual_column_names_need_no_mapping()
    {
        var read = Imported.Samples("table/calls.csv");

        Assert.Equal(("table", 0L), (read.Result.Files[0].Format, read.Result.Files[0].Faults));
        Assert.Equal(3, read.Calls.Count); // Two equal rows are two calls.
        var call = read.Calls[0];
        Assert.Equal(("openai", "gpt-5-mini", "classify-mail", ImportedTagSource.Given), (call.Provider, call.Model, call.Tag, call.TagSource));
        Assert.Equal(new TokenUsage { Input = 1000, CacheRead = 800, Output = 300, Source = UsageSource.Provider }, call.Usage);
        Assert.Equal((670_000L, 670_000L), (Imported.Cost(call), call.ReportedCostNanoUsd)); // 200 × 250 + 800 × 25 + 300 × 2,000.
        Assert.Equal((Start, 2_500_000L, ImportedStatus.Answered), (call.StartedAt, call.LatencyMicros, call.Status));
        Assert.Equal((ImportedStatus.Failed, "HTTP 429", null), (read.Calls[2].Status, read.Calls[2].Error, read.Calls[2].ReportedCostNanoUsd));
    }

    [Fact]
    public void The_same_file_twice_changes_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("rung-table");
        try
        {
            var copy = Path.Combine(folder.FullName, "again.csv");
            File.Copy(Imported.PathOf("table/calls.csv"), copy);

            var read = Imported.Samples("table/calls.csv", copy);

            Assert.Equal(3, read.Result.Calls);
            Assert.Equal(3, read.Result.LeftOut[LeftOut.Duplicate]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_mapping_file_names_columns_of_any_name()
    {
        var mapping = ColumnMapping.Read(File.ReadAllText(Imported.PathOf("table/mapping.yaml")), "mapping.yaml");

        var call = Assert.Single(Imported.Mapped(mapping, "table/mapped.csv").Calls);

        Assert.Equal(("anthropic", "claude-haiku-4-5", "label"), (call.Provider, call.Model, call.Tag));
        Assert.Equal(new TokenUsage { Input = 1000, CacheRead = 900, Output = 5, Source = UsageSource.Provider }, call.Usage);
        Assert.Equal(215_000, Imported.Cost(call)); // 100 × 1,000 + 900 × 100 + 5 × 5,000.
        Assert.Equal((Start, 640_000L), (call.StartedAt, call.LatencyMicros));
        Assert.Equal([("user", "Is it spam?")], call.Content!.Messages.ToArray());
        Assert.Equal("no", call.Content.Answer);
    }

    [Fact]
    public void Json_records_may_keep_their_figures_in_inner_objects()
    {
        var call = Assert.Single(Imported.Samples("table/nested.jsonl").Calls); // With model and usage it is a kept answer, as good as a table.

        Assert.Equal((Start.AddSeconds(0.5), "gpt-5-mini", "plan", "planner"), (call.StartedAt, call.Model, call.Tag, call.Role));
        Assert.Equal((1000L, 300L), (call.Usage.Input, call.Usage.Output));
        Assert.Equal("b5c1d9a0-3e60-4f35-9d3b-0f8a3c2f1d11", call.Key);
    }

    [Fact]
    public void A_mapping_reaches_into_json_by_a_path()
    {
        var mapping = ColumnMapping.Read("time: meta.at\nmodel: req.model\ninput_tokens: res.usage.in\ntime_unit: s\n", "m.yaml");

        var call = Assert.Single(Imported.Text("""{"meta":{"at":1789372800},"req":{"model":"gpt-5-mini"},"res":{"usage":{"in":12}}}""", "table", mapping).Calls);

        Assert.Equal((Start, "gpt-5-mini", 12L), (call.StartedAt, call.Model, call.Usage.Input));
    }

    [Theory]
    [InlineData("when;engine;in_tok\n2026-09-14 08:00:00;gpt-5-mini;12\n", "time: when\nmodel: engine\ninput_tokens: in_tok\n")]
    [InlineData("""{"at":1789372800,"m":{"name":"gpt-5-mini"},"u":{"i":12}}""", "time: at\nmodel: m.name\ninput_tokens: u.i\n")]
    [InlineData("""{"at":1789372800,"engine":"gpt-5-mini","model":"a-label","usage":{"prompt_tokens":12}}""", "time: at\nmodel: engine\n")]
    [InlineData("""{"at":1789372800,"in":12}""", "time: at\nmodel: { value: gpt-5-mini }\ninput_tokens: in\n")]
    public void A_mapping_says_that_a_file_is_a_table(string text, string mapping)
    {
        var read = Imported.Text(text, mapping: ColumnMapping.Read(mapping, "m.yaml"));

        Assert.Equal("table", read.Result.Files[0].Format);
        var call = Assert.Single(read.Calls);
        Assert.Equal((Start, "gpt-5-mini", 12L), (call.StartedAt, call.Model, call.Usage.Input));
    }

    [Fact]
    public void A_mapping_of_a_folder_leaves_the_files_alone_that_have_none_of_its_columns()
    {
        var folder = Directory.CreateTempSubdirectory("rung-table");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "calls.jsonl"), """{"at":1789372800,"m":"gpt-5-mini","i":12}""");
            File.WriteAllText(Path.Combine(folder.FullName, "notes.json"), """{"hello":"world"}""");
            File.WriteAllText(Path.Combine(folder.FullName, "notes.txt"), "some words\n");

            var read = Imported.Paths(ColumnMapping.Read("time: at\nmodel: m\ninput_tokens: i\n", "m.yaml"), folder.FullName);

            Assert.Equal((1L, 2, 0L), (read.Result.Calls, read.Result.OtherFiles, read.Result.Files.Sum(file => file.Faults)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_named_file_without_a_mapped_column_is_told_so()
    {
        var read = Imported.Text("when,engine\n2026-09-14,gpt-5-mini\n", mapping: ColumnMapping.Read("time: at\nmodel: engine\n", "m.yaml"));

        Assert.Equal("The mapping takes time from the column at, which is not in the header.", Assert.Single(read.Result.Files[0].Examples).Message);
    }

    [Fact]
    public void Times_without_a_zone_follow_the_mapping()
    {
        var mapping = ColumnMapping.Read("time_zone: \"+02:00\"\n", "m.yaml");

        Assert.Equal(Start.AddHours(-2), Assert.Single(Imported.Text("time,model,input_tokens\n2026-09-14 08:00:00,gpt-5-mini,1\n", "table", mapping).Calls).StartedAt);
    }

    [Fact]
    public void Row_numbers_are_no_ids()
    {
        var read = Imported.Text("id,time,model,input_tokens\n1,2026-09-14 08:00:00,gpt-5-mini,1\n1,2026-09-14 08:00:00,gpt-5-mini,2\n");

        Assert.Equal(2, read.Calls.Count);
        Assert.Equal(2, read.Calls.Select(call => call.Key).Distinct().Count());
    }

    [Fact]
    public void A_column_of_requests_makes_sums_of_rows()
    {
        var call = Assert.Single(Imported.Text("date,model,num_requests,input_tokens,output_tokens\n2026-09-14,gpt-5-mini,40,1000,10\n").Calls);

        Assert.Equal((ImportGranularity.Bucket, 40L), (call.Granularity, call.Requests));
    }

    [Theory]
    [InlineData("time,model,input_tokens\n2026-09-14,gpt-5-mini,lots\n", "input_tokens is no count.")]
    [InlineData("time,model,input_tokens\nsoon,gpt-5-mini,1\n", "time is no time that can be true.")]
    [InlineData("time,model,input_tokens\n,gpt-5-mini,1\n", "The row has no time in time.")]
    public void A_value_of_a_wrong_kind_is_a_fault_with_its_column(string text, string message) =>
        Assert.Equal(message, Assert.Single(Imported.Text(text).Result.Files[0].Examples).Message);

    [Fact]
    public void A_mapped_column_that_is_not_there_is_named()
    {
        var mapping = ColumnMapping.Read("time: when\n", "m.yaml");

        Assert.Equal("The mapping takes time from the column when, which is not in the header.",
            Imported.Text("at,model,input_tokens\n2026-09-14,gpt-5-mini,1\n", "table", mapping).Result.Files[0].Examples[0].Message);
    }

    [Theory]
    [InlineData("a,b\n1,2\n")]
    [InlineData("{\"level\":\"info\",\"msg\":\"started\",\"time\":\"2026-09-14T08:00:00Z\"}\n")]
    public void Logs_of_something_else_are_not_taken(string text) => Assert.Null(Imported.Text(text).Result.Files[0].Format);
}
