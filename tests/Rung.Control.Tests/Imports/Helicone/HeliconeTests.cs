using Rung.Control.Imports;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Imports.Helicone;

public sealed class HeliconeTests
{
    [Fact]
    public void Requests_follow_the_rule_of_their_provider()
    {
        var read = Imported.Samples("helicone/requests.jsonl");

        Assert.Equal(("helicone", 0L), (read.Result.Files[0].Format, read.Result.Files[0].Faults));
        Assert.Equal(["h-1", "h-2", "h-3"], read.Calls.Select(call => call.Key));
        Assert.Equal(1, read.Result.LeftOut[LeftOut.Unfinished]);

        var openai = read["h-1"];
        Assert.Equal(("openai", "gpt-5-mini-2025-08-07"), (openai.Provider, openai.Model));
        Assert.Equal(new TokenUsage { Input = 1000, CacheRead = 800, Output = 300, Source = UsageSource.Provider }, openai.Usage);
        Assert.Equal((670_000L, 670_000L), (Imported.Cost(openai), openai.ReportedCostNanoUsd));
        Assert.Equal((1_250_000L, 300_000L), (openai.LatencyMicros, openai.FirstByteMicros));
        Assert.Equal(("summarise-mail", ImportedTagSource.Given, "worker"), (openai.Tag, openai.TagSource, openai.Role));
        Assert.Equal(("s-4", "/mail/summarise", "u-1"), (openai.Session, openai.Step, openai.User));
        Assert.Equal([new ImportedVerdict("feedback", 1, true), new ImportedVerdict("helpful", 1, false)], openai.Verdicts.ToArray());

        // 200 stands beside the 100 that were read and the 50 that were written.
        var anthropic = read["h-2"];
        Assert.Equal(new TokenUsage { Input = 350, CacheRead = 100, CacheWrite = 50, Output = 10, Source = UsageSource.Provider }, anthropic.Usage);
        Assert.Equal(1_612_500, Imported.Cost(anthropic)); // 200 × 5,000 + 100 × 500 + 50 × 6,250 + 10 × 25,000.
        Assert.Equal(2_162_500, anthropic.ReportedCostNanoUsd); // The table's cost is in billionths.

        Assert.Equal((ImportedStatus.Failed, "Helicone -3"), (read["h-3"].Status, read["h-3"].Error));
    }
}
