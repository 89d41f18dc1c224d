using Rung.Control.Imports;
using Rung.Demo.Traces;

namespace Rung.Tests.Traces;

public sealed class TraceFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rung-traces").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_same_seed_writes_the_same_bytes_and_another_one_does_not()
    {
        Write("a.jsonl", 500, seed: 7);
        Write("b.jsonl", 500, seed: 7);
        Write("c.jsonl", 500, seed: 8);

        Assert.Equal(File.ReadAllBytes(In("a.jsonl")), File.ReadAllBytes(In("b.jsonl")));
        Assert.NotEqual(File.ReadAllBytes(In("a.jsonl")), File.ReadAllBytes(In("c.jsonl")));
    }

    [Fact]
    public void Three_agents_make_calls_at_forty_sites_of_which_half_are_untagged()
    {
        var sites = TraceSites.Agents.SelectMany(agent => agent.Sites).ToList();

        Assert.Equal((3, 40, 20), (TraceSites.Agents.Count, sites.Count, sites.Count(site => !site.IsTagged)));
        Assert.Equal(40, sites.Select(site => site.Name).Distinct().Count());
        Assert.Equal(40, TraceFile.Spans(20_000, seed: 1).Select(span => span.Site?.Name).OfType<string>().Distinct().Count());
    }

    [Fact]
    public void An_import_reads_every_call_with_its_own_tokens_and_leaves_out_the_agents_that_repeat_them()
    {
        var truth = TraceFile.Spans(2000, seed: 3).ToList();
        var summary = Write("a.jsonl.gz", 2000, seed: 3);
        var calls = new List<ImportedCall>();
        var result = LogImport.Run(new LogImportOptions { Paths = [In("a.jsonl.gz")] }, calls.Add, null, CancellationToken.None);

        Assert.Equal("otlp", result.Files[0].Format);
        Assert.Equal(summary.Calls, result.Calls);
        Assert.Equal(truth.Where(span => span.Site is not null).Sum(span => span.InputTokens), calls.Sum(call => call.Usage.Input));
        Assert.Equal(truth.Where(span => span.Site is not null).Sum(span => span.OutputTokens), calls.Sum(call => call.Usage.Output));
        Assert.Equal(summary.Runs, result.LeftOut[LeftOut.RepeatsChildren]);
        Assert.All(calls, call => Assert.True(call.Simulated));
        Assert.Equal(truth.Count(span => span.Site is { IsTagged: true }), calls.Count(call => call.Tag is not null));
    }

    private TraceFileSummary Write(string name, long calls, long seed) => TraceFile.Write(In(name), null, calls, seed, null, CancellationToken.None);

    private string In(string name) => Path.Combine(_folder, name);
}
