using System.CommandLine;
using System.Text.Json;
using Rung.Commands;
using Rung.Core.Spans;
using Rung.Demo;
using Rung.Storage;
using Rung.Storage.Reports;

namespace Rung.Tests.Demo;

public sealed class DemoRunTests : IDisposable
{
    private readonly DemoFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_command_prints_one_document_with_every_field()
    {
        var output = new StringWriter();
        var code = await DemoCommand.Create().Parse(["--seconds", "2", "--json"]).InvokeAsync(new InvocationConfiguration { Output = output, Error = TextWriter.Null });
        using var document = JsonDocument.Parse(output.ToString());
        var report = document.RootElement;

        Assert.Equal(ExitCode.Ok, code);
        Assert.True(report.GetProperty("simulated").GetBoolean());
        Assert.Contains("SIMULATED", report.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, report.GetProperty("seconds").GetInt32());
        Assert.Equal(0, report.GetProperty("errors").GetInt32());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("kept").ValueKind);
        Assert.True(report.GetProperty("escalations").GetInt32() > 0);
        Assert.Equal(report.GetProperty("calls_before").GetInt32(), report.GetProperty("calls").GetInt32());
        Assert.InRange(report.GetProperty("saved_pct").GetDouble(), 40, 90);
        foreach (var name in new[] { "sessions", "attempts", "cost_usd", "baseline_usd", "baseline_estimated_usd", "p50_ms_before", "p50_ms_after", "p95_ms_before", "p95_ms_after", "time_scale", "wall_seconds" })
        {
            Assert.True(report.GetProperty(name).GetDecimal() > 0, name);
        }
        var example = report.GetProperty("escalation_example");
        Assert.Equal("first", example.GetProperty("attempts")[0].GetProperty("kind").GetString());
        Assert.Equal("escalation", example.GetProperty("attempts")[1].GetProperty("kind").GetString());
        Assert.NotEmpty(example.GetProperty("words").GetString()!);
        foreach (var row in report.GetProperty("by_tag").EnumerateArray())
        {
            Assert.Equal(
                ["tag", "role", "tier", "calls_before", "calls", "attempts", "escalations", "escalated_pct", "answered_by", "cost_before_usd", "cost_after_usd", "saved_pct", "p95_ms_before", "p95_ms_after"],
                row.EnumerateObject().Select(field => field.Name));
        }
        foreach (var (total, part) in new[] { ("cost_usd", "cost_after_usd"), ("baseline_usd", "cost_before_usd"), ("calls", "calls"), ("attempts", "attempts"), ("escalations", "escalations") })
        {
            Assert.Equal(report.GetProperty(total).GetDecimal(), report.GetProperty("by_tag").EnumerateArray().Sum(row => row.GetProperty(part).GetDecimal()));
        }
    }

    [Fact]
    public async Task The_report_says_what_the_kept_ledger_says()
    {
        var report = await DemoFolder.RunAsync(_folder.Sessions(15) with { Keep = true });

        var since = report.Kept!.PhaseTwoSince!.Value;
        await using var ledger = Ledger.OpenReadOnly(report.Kept.Data, TimeProvider.System);
        var before = await ledger.ReportAsync(new ReportQuery { Until = since }, CancellationToken.None);
        var after = await ledger.ReportAsync(new ReportQuery { Since = since }, CancellationToken.None);
        var steps = Enumerable.Range(0, 15).Sum(number => DemoSessions.Of(1, number).Steps.Count);
        Assert.Equal((steps, steps, 15), (report.CallsBefore, report.Calls, report.Sessions));
        Assert.Equal((steps, steps), (before.Totals.Calls, after.Totals.Calls));
        Assert.Equal(report.BaselineUsd, Output.UsdNumber(before.Totals.CostNanoUsd));
        Assert.Equal(report.CostUsd, Output.UsdNumber(after.Totals.CostNanoUsd));
        Assert.Equal(report.BaselineEstimatedUsd, Output.UsdNumber(after.Totals.BaselineNanoUsd!.Value));
        Assert.Equal((report.Attempts, report.Escalations), (after.Totals.Attempts, after.Totals.Escalations));
        Assert.Equal(report.P95MsAfter, Math.Round(after.Totals.LatencyP95Micros!.Value / 1000.0, 1));
        Assert.Equal(report.P50MsBefore, Math.Round(before.Totals.LatencyP50Micros!.Value / 1000.0, 1));
        Assert.All(after.Rows, row =>
        {
            var told = Assert.Single(report.ByTag, told => told.Tag == row.Key);
            Assert.Equal((row.Calls, row.Attempts, row.Escalations, Output.UsdNumber(row.CostNanoUsd)), (told.Calls, told.Attempts, told.Escalations, told.CostAfterUsd));
            Assert.Equal(told.Calls, told.AnsweredBy.Values.Sum());
        });
        Assert.Equal(2, (await ledger.ListRevisionsAsync(CancellationToken.None)).Count);
        var climbed = await ledger.FindCallAsync(report.EscalationExample!.CallId, CancellationToken.None);
        Assert.Equal(report.EscalationExample.CostUsd, Output.UsdNumber(climbed!.CostNanoUsd));
        Assert.Contains("name: demo", await File.ReadAllTextAsync(report.Kept.Policy), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_frontier_serves_the_same_answers_before_as_the_ledger_assumes_after()
    {
        var report = await DemoFolder.RunAsync(_folder.Sessions(15));

        // An answer has the same tokens whoever gives it, but for the rare one that the frontier itself gets wrong.
        var difference = Math.Abs(report.BaselineUsd - report.BaselineEstimatedUsd!.Value) / report.BaselineUsd;
        Assert.InRange(difference, 0m, 0.02m);
    }

    [Fact]
    public async Task Nothing_is_left_behind()
    {
        await DemoFolder.RunAsync(_folder.Sessions(3));

        Assert.True(_folder.IsEmpty);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_escalation_decisions()
    {
        var (first, second) = (await DecisionsAsync(seed: 5), await DecisionsAsync(seed: 5));

        Assert.Equal(first, second);
        Assert.Contains(first, decision => decision.Contains("Escalation", StringComparison.Ordinal));
        Assert.NotEqual(first, await DecisionsAsync(seed: 6));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_demo_that_is_stopped_reports_what_it_has_and_cleans_up(int phase)
    {
        using var stop = new CancellationTokenSource();
        var stopping = new Stopping(stop, phase);
        var report = await new DemoRun(_folder.Sessions(16) with { TimeScale = 20 }, stopping, TimeProvider.System).RunAsync(stop.Token);

        Assert.True(report.Interrupted);
        Assert.True(_folder.IsEmpty);
        Assert.Equal(phase == 2 ? report.CallsBefore : 0, report.Calls);
        Assert.Equal(report.BaselineUsd, report.ByTag.Sum(row => row.CostBeforeUsd));
        AssertBillFits(report);
    }

    [Fact]
    public async Task The_bill_fits_a_hundred_columns_and_says_that_models_are_simulated() =>
        AssertBillFits(await DemoFolder.RunAsync(_folder.Sessions(12) with { Keep = true }));

    [Theory]
    [InlineData("--seconds", "0")]
    [InlineData("--seconds", "601")]
    public async Task A_length_out_of_range_is_a_usage_error(params string[] args) =>
        Assert.Equal(ExitCode.Usage, await DemoCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { Output = TextWriter.Null, Error = TextWriter.Null }));

    private static void AssertBillFits(DemoReport report)
    {
        var bill = new StringWriter();
        DemoBill.Write(bill, report);
        Assert.Contains("SIMULATED", bill.ToString(), StringComparison.Ordinal);
        // A path is as long as it is.
        Assert.All(bill.ToString().Split('\n').Where(line => report.Kept is null || !line.Contains(report.Kept.Data, StringComparison.Ordinal)),
            line => Assert.True(line.Length <= 100, line));
    }

    private async Task<string[]> DecisionsAsync(long seed)
    {
        var report = await DemoFolder.RunAsync(_folder.Sessions(12) with { Seed = seed, Keep = true });
        await using var ledger = Ledger.OpenReadOnly(report.Kept!.Data, TimeProvider.System);
        var decisions = new List<string>();
        await foreach (var call in ledger.ReadAsync(new CallQuery(), CancellationToken.None))
        {
            decisions.Add($"{call.PolicyRevision} {call.Session} {call.Tag} {call.CostNanoUsd} {string.Join(", ", call.Attempts.Select(Line))}");
        }
        return [.. decisions.Order(StringComparer.Ordinal)];

        static string Line(AttemptRecord attempt) => $"{attempt.Kind} {attempt.Model} {attempt.Outcome} {attempt.Usage.Input}+{attempt.Usage.Output}";
    }

    /// <summary>Stops the demo at the first word of a phase.</summary>
    private sealed class Stopping(CancellationTokenSource stop, int phase) : IProgress<DemoMoment>
    {
        public void Report(DemoMoment value)
        {
            if (value.Phase == phase) stop.Cancel();
        }
    }
}
