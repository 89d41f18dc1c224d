using Rung.Control.Imports;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Imports.Bifrost;

public sealed class BifrostTests
{
    [Fact]
    public void Every_attempt_of_a_fallback_chain_is_a_row_and_what_still_runs_is_left()
    {
        var read = Imported.Samples("bifrost/logs.json");

        Assert.Equal(("bifrost", 0L), (read.Result.Files[0].Format, read.Result.Files[0].Faults));
        Assert.Equal(["b-1", "b-2", "b-4"], read.Calls.Select(call => call.Key));
        Assert.Equal(1, read.Result.LeftOut[LeftOut.Unfinished]);

        var failed = read["b-1"];
        Assert.Equal((ImportedStatus.Failed, "rate_limit_error", 1_250_500L), (failed.Status, failed.Error, failed.LatencyMicros));
        Assert.Equal(("invoice-reader", ImportedTagSource.Inferred), (failed.Tag, failed.TagSource));

        var answered = read["b-2"];
        Assert.Equal(new TokenUsage { Input = 1000, CacheRead = 400, CacheWrite = 100, Output = 50, Source = UsageSource.Provider }, answered.Usage);
        Assert.Equal((915_000L, 915_000L), (Imported.Cost(answered), answered.ReportedCostNanoUsd)); // 500 × 1,000 + 400 × 100 + 100 × 1,250 + 50 × 5,000.
        Assert.Equal(("read-invoice", ImportedTagSource.Given, "worker", "b-1"), (answered.Tag, answered.TagSource, answered.Role, answered.Run));
        Assert.Equal(("billing", "stop"), (answered.Team, answered.FinishReason));

        Assert.Equal((ImportedStatus.ServedFromCache, 10L), (read["b-4"].Status, read["b-4"].Usage.Input));
    }
}
