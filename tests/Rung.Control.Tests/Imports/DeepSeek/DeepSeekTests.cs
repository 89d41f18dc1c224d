using Rung.Control.Imports;
using Rung.Control.Tests.Imports.ClaudeCode;

namespace Rung.Control.Tests.Imports.DeepSeek;

public class DeepSeekTests
{
    [Fact]
    public void Amounts_of_one_model_and_key_are_put_together()
    {
        // deepseek-flash (0.15, 0.6, read 0.003): 2M + 8M read, 0.1M out: 0.384. deepseek-v4-pro (0.66, 1.98): 1,000 out: 0.00198.
        var run = LogRun.OfSamples("deepseek/amount-2026-9.csv");
        Assert.Equal(0.38598m, run.Usd());
        Assert.Equal([("deepseek-flash", 321L, 10_000_000L, 8_000_000L, 100_000L), ("deepseek-v4-pro", 1L, 0L, 0L, 1_000L)],
            run.Calls.Select(call => (call.Model, call.Requests, call.Usage.Input, call.Usage.CacheRead, call.Usage.Output)));
        Assert.All(run.Calls, call => Assert.Equal(("support-bot", ImportGranularity.Bucket), (call.Tag, call.Granularity)));
    }

    [Fact]
    public void No_part_of_a_key_is_kept() => Assert.DoesNotContain(LogRun.OfSamples("deepseek").Calls, call => call.ToString().Contains("sk-", StringComparison.Ordinal));

    [Fact]
    public void A_cost_in_dollars_reconciles_and_one_in_another_currency_is_a_fault()
    {
        var run = LogRun.OfSamples("deepseek/cost-2026-9.csv");
        Assert.Equal((384_000_000L, 0L), (run.Calls.Single().ReportedCostNanoUsd, run.Calls.Single().Requests));
        Assert.Contains("CNY", Assert.Single(run.Faults), StringComparison.Ordinal);
    }
}
