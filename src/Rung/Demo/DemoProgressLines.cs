using Rung.Commands;

namespace Rung.Demo;

/// <summary>A line every few seconds, for logs and pipes.</summary>
internal sealed class DemoProgressLines(TextWriter error) : IProgress<DemoMoment>
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(3);

    private TimeSpan _next = s_interval; // Written by the one watcher of the demo.

    /// <inheritdoc/>
    public void Report(DemoMoment value)
    {
        if (value.Elapsed < _next) return;
        _next = value.Elapsed + s_interval;
        var totals = value.Report.Totals;
        error.WriteLine($"rung: {value.Elapsed.TotalSeconds:0} s, {value.Title}: {totals.Calls} calls, {totals.Attempts} attempts, "
            + $"{totals.Escalations} escalations, {Output.Usd(totals.CostNanoUsd)}, p95 {(totals.LatencyP95Micros ?? 0) / 1000} ms ({DemoNote.Short})");
    }
}
