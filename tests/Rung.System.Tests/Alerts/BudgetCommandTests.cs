using System.CommandLine;
using Rung.Commands;
using Rung.Commands.Alerts;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Spans;
using Rung.Tests.Policy;
using static Rung.Tests.Alerts.AlertsFolder;

namespace Rung.Tests.Alerts;

public sealed class BudgetCommandTests : IAsyncLifetime
{
    private readonly AlertsFolder folder = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await folder.DisposeAsync();

    [Fact]
    public async Task Spending_is_held_against_each_budget_with_a_forecast_and_exit_code_1_when_one_will_not_last()
    {
        await PublishAsync("budgets: { all: { usd: 100, per: month }, small: { usd: 1000, per: month, tags: [label] } }");
        await SpendAsync(days: 12, usdPerHour: 0.25m); // 6 USD a day: 180 a month of 30 days.

        var printed = await RunAsync();
        Assert.Equal(ExitCode.Faults, printed.Code);
        Assert.All(printed.Lines, line => Assert.InRange(line.Length, 0, 100));
        var root = (await RunAsync("--json")).Json.GetProperty("budgets");
        var all = root[0];
        Assert.Equal(("all", 100m, 72m, true), (all.GetProperty("name").GetString(), all.GetProperty("limit_usd").GetDecimal(), all.GetProperty("spent_usd").GetDecimal(), all.GetProperty("in_danger").GetBoolean()));
        Assert.InRange(all.GetProperty("forecast").GetProperty("estimate_usd").GetDecimal(), 120, 130); // 72 so far, 8.5 days to come.
        Assert.Equal((0m, false), (root[1].GetProperty("spent_usd").GetDecimal(), root[1].GetProperty("in_danger").GetBoolean()));
    }

    [Fact]
    public async Task A_policy_without_budgets_says_how_to_add_one()
    {
        await PublishAsync("");
        var printed = await RunAsync();

        Assert.Equal(ExitCode.Ok, printed.Code);
        Assert.Contains("revision 1 states no budgets. Add one: budgets: { all: { usd: 500, per: month } }", printed.Unbroken, StringComparison.Ordinal);
    }

    private async Task PublishAsync(string budgets)
    {
        var yaml = $$"""
            version: 1
            tiers: { only: { models: [one] } }
            models: { one: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: m } }
            tags: { label: { tier: only } }
            default: { tier: only }
            {{budgets}}
            """;
        var policy = PolicyCompiler.Compile(new PolicySource("rung.yaml", yaml, _ => null), PriceBook.Embedded, new DateOnly(2026, 11, 22)).Snapshot!;
        await folder.Ledger.PublishRevisionAsync(policy.Hash, yaml, new Dictionary<string, ReadOnlyMemory<byte>>(), "ana", "start", default);
    }

    private Task SpendAsync(int days, decimal usdPerHour) => folder.Ledger.AppendAsync([.. Enumerable.Range(1, days * 24).Select(hour =>
    {
        var at = Noon.AddHours(-hour);
        return new CallRecord
        {
            Id = $"{at.ToUnixTimeMilliseconds():x12}{hour:x20}", StartedAt = at, Tag = "other", Route = "default", PolicyRevision = 1, PolicyHash = "h", Status = CallStatus.Answered, Model = "one", Tier = "only",
            CostNanoUsd = (long)(usdPerHour * 1_000_000_000),
        };
    })], default);

    private async Task<Printed> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = await CommandLine.RunAsync(new RootCommand { BudgetCommand.Create(folder.Clock) }, ["budget", "--data", folder.Data, .. args], new InvocationConfiguration { Output = output, Error = error });
        return new Printed(code, output.ToString(), error.ToString());
    }
}
