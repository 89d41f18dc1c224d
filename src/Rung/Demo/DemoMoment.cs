using Rung.Storage.Reports;

namespace Rung.Demo;

/// <summary>How far a demo is.</summary>
/// <param name="Phase">1 or 2.</param>
/// <param name="Elapsed">Since the demo began.</param>
/// <param name="Report">The ledger's report of this phase so far, by tag.</param>
internal sealed record DemoMoment(int Phase, TimeSpan Elapsed, LedgerReport Report)
{
    /// <summary>The phase in words.</summary>
    public string Title => Phase == 1 ? "phase 1 of 2: every call on frontier" : "phase 2 of 2: the same sessions by policies/demo.yaml";
}
