using Rung.Control.Audit;
using Rung.Control.Imports;
using Rung.Core.Prices;
using Rung.Demo.Traces;
using Xunit.Abstractions;

namespace Rung.Tests.Traces;

/// <summary>What an audit makes of made-up traces whose truth is known.</summary>
public sealed class RecoveryTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rung-recovery").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Untagged_call_sites_are_recovered(int seed)
    {
        var path = Path.Combine(_folder, "traces.jsonl");
        TraceFile.Write(path, null, 6000, seed, null, CancellationToken.None);
        var truth = TraceFile.Spans(6000, seed).Where(span => span.Site is { IsTagged: false }).ToDictionary(span => span.Trace + span.Id, span => span.Site!.Name);
        var rater = new CallRater(PriceBook.Embedded, fixedDate: null);
        var finder = new SiteFinder(SiteNames.Empty);
        var calls = new List<ImportedCall>();
        LogImport.Run(new LogImportOptions { Paths = [path] }, calls.Add, null, CancellationToken.None);
        foreach (var call in calls) finder.Add(call, TraitReader.Read(call, keepOpening: false), rater.Rate(call));
        finder.Complete();

        var found = calls.Where(call => call.Tag is null)
            .Select(call => (Truth: truth[new string([.. call.Key.Where(char.IsAsciiHexDigit)])], Site: finder.SiteOf(call, TraitReader.Read(call, keepOpening: false))!.Tag)).ToList();
        var purity = found.GroupBy(call => call.Site).Sum(site => site.GroupBy(call => call.Truth).Max(part => part.Count())) / (double)found.Count;
        var completeness = found.GroupBy(call => call.Truth).Sum(site => site.GroupBy(call => call.Site).Max(part => part.Count())) / (double)found.Count;
        output.WriteLine($"seed {seed}: {found.Count} untagged calls, purity {purity:0.000}, completeness {completeness:0.000}");

        Assert.Equal(truth.Count, found.Count);
        Assert.InRange(purity, 0.95, 1);
        Assert.InRange(completeness, 0.95, 1);
    }
}
