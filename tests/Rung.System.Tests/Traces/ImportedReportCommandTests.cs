using System.CommandLine;
using System.Text.Json;
using Rung.Commands;
using Rung.Core.Spans;
using Rung.Storage;
using Rung.Storage.Imports;

namespace Rung.Tests.Traces;

/// <summary><c>rung report</c> beside imported calls: two kinds of calls, never one total.</summary>
public sealed class ImportedReportCommandTests : IDisposable
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly string directory = Directory.CreateTempSubdirectory("rung-imported-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task The_report_on_served_calls_leaves_imported_ones_out_and_says_so()
    {
        await FillAsync();
        var (code, output, error) = await ReportAsync();

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("The ledger is empty.", output);
        Assert.Equal("rung: 1,003 imported calls of this time (litellm, otlp) are not in this report;\n      see them with: rung report --imported\n", error);

        var before = await ReportAsync("--until", "2026-11-22T12:00Z", "--json");
        Assert.Equal((ExitCode.Ok, ""), (before.Code, before.Error));
        Assert.Equal(0, JsonDocument.Parse(before.Output).RootElement.GetProperty("totals").GetProperty("calls").GetInt64());
    }

    [Fact]
    public async Task Imported_calls_have_a_report_of_their_own_with_nulls_for_what_they_do_not_have()
    {
        await FillAsync();
        var (code, output, error) = await ReportAsync("--imported", "--json");

        Assert.Equal((ExitCode.Ok, ""), (code, error));
        var report = JsonDocument.Parse(output).RootElement;
        Assert.True(report.GetProperty("imported").GetBoolean());
        Assert.Equal("tag", report.GetProperty("by").GetString());
        var totals = report.GetProperty("totals");
        Assert.Equal((1003, 0.00000001m, 1001), (totals.GetProperty("calls").GetInt64(), totals.GetProperty("cost_usd").GetDecimal(), totals.GetProperty("unknown_price_calls").GetInt64()));
        Assert.All(["attempts", "escalations", "baseline_usd", "saving_usd"], name => Assert.Equal(JsonValueKind.Null, totals.GetProperty(name).ValueKind));
        Assert.Equal([(string?)"named", null, "renamed"], report.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("key").GetString()));
    }

    [Fact]
    public async Task The_table_of_imported_calls_fits_and_explains_its_figures()
    {
        await FillAsync();
        var (_, output, _) = await ReportAsync("--imported", "--by", "model");

        var lines = output.Split('\n');
        Assert.Equal("Imported calls by model, all time", lines[0]);
        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
        Assert.Contains("none of them is in the report on what this gateway served", output);
        Assert.Contains("Unknown price: 1,001 calls", output);
        Assert.Contains("$0.00+?", await LineAsync("otlp", "--imported", "--by", "source") + await LineAsync("litellm", "--imported", "--by", "source"));
    }

    [Theory]
    [InlineData("Imported calls have no tier", "--imported", "--by", "tier")]
    [InlineData("Only imported calls have a source", "--by", "source")]
    public async Task A_grouping_that_the_calls_do_not_have_is_refused(string message, params string[] args)
    {
        await FillAsync();
        var (code, _, error) = await ReportAsync(args);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, error);
    }

    [Fact]
    public async Task Nothing_imported_is_said_with_what_to_do()
    {
        await Ledger.Open(directory, TimeProvider.System).DisposeAsync();
        var (code, output, error) = await ReportAsync("--imported");
        Assert.Equal((ExitCode.Ok, ""), (code, error));
        Assert.Contains("POST /v1/traces", output);
        Assert.Equal("", (await ReportAsync()).Error);
    }

    private async Task FillAsync()
    {
        await using var ledger = Ledger.Open(directory, TimeProvider.System);
        await ledger.AppendImportedAsync([Call(1, cost: 10, tag: "named"), Call(2, cost: 0, tag: "named", siteTag: "renamed"), Call(3, cost: null), Call(4, cost: null, requests: 1000)], CancellationToken.None);
    }

    private static ImportedRecord Call(int minute, long? cost, string? tag = null, string? siteTag = null, long requests = 1) => new()
    {
        Source = requests == 1 ? "otlp" : "litellm", Key = $"{minute}", StartedAt = s_noon.AddMinutes(minute), Granularity = requests == 1 ? 1 : 2, Requests = requests,
        Provider = "openai", Model = "a-model-with-quite-a-long-name", Usage = new TokenUsage { Input = 12_345_678, Output = 1 }, CostNanoUsd = cost, Tag = tag, SiteTag = siteTag,
        LatencyMicros = 1_200_000, Status = 1,
    };

    private async Task<string> LineAsync(string start, params string[] args) =>
        (await ReportAsync(args)).Output.Split('\n').Single(line => line.TrimStart().StartsWith(start, StringComparison.Ordinal));

    private async Task<(int Code, string Output, string Error)> ReportAsync(params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var root = new RootCommand { ReportCommand.Create() };
        var code = await CommandLine.RunAsync(root, ["report", "--data", directory, .. args], new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
