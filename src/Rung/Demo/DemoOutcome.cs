using Rung.Commands;
using Rung.Core.Spans;

namespace Rung.Demo;

/// <summary>What two phases left in the ledger, and the report of it.</summary>
internal sealed record DemoOutcome
{
    /// <summary>Sessions that were played to their end in phase 1.</summary>
    public required IReadOnlySet<string> SessionsBefore { get; init; }
    /// <summary>Those of phase 2; null when it did not happen.</summary>
    public required IReadOnlySet<string>? SessionsAfter { get; init; }
    /// <summary>Policy revision of phase 1.</summary>
    public required long RevisionBefore { get; init; }
    /// <summary>Policy revision of phase 2; 0 when it did not happen.</summary>
    public required long RevisionAfter { get; init; }
    /// <summary>Whether the demo was stopped.</summary>
    public required bool Interrupted { get; init; }
    /// <summary>How long it took.</summary>
    public required TimeSpan Wall { get; init; }
    /// <summary>What stays; null when nothing does.</summary>
    public required DemoKept? Kept { get; init; }

    /// <summary>Adds up. Only sessions that both phases finished are compared, so that like stands beside like.</summary>
    /// <param name="ledger">Every call of the ledger.</param>
    /// <param name="options">How the demo ran.</param>
    public DemoReport ToReport(IReadOnlyCollection<CallRecord> ledger, DemoOptions options)
    {
        var sessions = SessionsAfter ?? SessionsBefore;
        var before = OfRevision(ledger, RevisionBefore, sessions);
        var after = SessionsAfter is null ? [] : OfRevision(ledger, RevisionAfter, sessions);
        var (all, routed) = (new DemoTally(before), new DemoTally(after));
        return new DemoReport
        {
            Note = DemoNote.Of(options),
            Seconds = options.Seconds,
            WallSeconds = Math.Round(Wall.TotalSeconds, 1),
            Seed = options.Seed,
            TimeScale = Math.Round(options.EffectiveTimeScale, 2),
            Interrupted = Interrupted,
            Sessions = sessions.Count,
            CallsBefore = all.Calls,
            Calls = routed.Calls,
            Attempts = routed.Attempts,
            Escalations = routed.Escalations,
            Errors = all.Errors + routed.Errors,
            Unverified = all.Unverified + routed.Unverified,
            CostUsd = Output.UsdNumber(routed.CostNanoUsd),
            BaselineUsd = Output.UsdNumber(all.CostNanoUsd),
            BaselineEstimatedUsd = routed.BaselineNanoUsd is { } baseline ? Output.UsdNumber(baseline) : null,
            SavedPct = DemoTally.SavedPct(all, routed),
            P50MsBefore = all.P50Ms,
            P50MsAfter = routed.P50Ms,
            P95MsBefore = all.P95Ms,
            P95MsAfter = routed.P95Ms,
            ByTag = Rows(before, after),
            EscalationExample = DemoEscalation.Choose(after),
            Models = [.. SimulatedModel.All.Select(model =>
                new DemoModelRow(model.Id, model.Tier, model.PricedAs, model.FaultRate, model.FirstToken.TotalMilliseconds, model.TokensPerSecond))],
            Kept = Kept,
        };
    }

    private static CallRecord[] OfRevision(IEnumerable<CallRecord> ledger, long revision, IReadOnlySet<string> sessions) =>
        [.. ledger.Where(call => call.PolicyRevision == revision && call.Session is { } session && sessions.Contains(session))];

    private static IReadOnlyList<DemoTagRow> Rows(CallRecord[] before, CallRecord[] after)
    {
        var routed = after.ToLookup(call => call.Tag, StringComparer.Ordinal);
        return [.. before.GroupBy(call => call.Tag, StringComparer.Ordinal)
            .OrderByDescending(tag => tag.Sum(call => call.CostNanoUsd)).ThenBy(tag => tag.Key, StringComparer.Ordinal)
            .Select(tag => Row(tag.Key!, [.. tag], [.. routed[tag.Key]]))];
    }

    private static DemoTagRow Row(string tag, CallRecord[] before, CallRecord[] after)
    {
        var (all, routed) = (new DemoTally(before), new DemoTally(after));
        return new DemoTagRow
        {
            Tag = tag,
            Role = before[0].Role,
            Tier = after.FirstOrDefault()?.Attempts.FirstOrDefault()?.Tier,
            CallsBefore = all.Calls,
            Calls = routed.Calls,
            Attempts = routed.Attempts,
            Escalations = routed.Escalations,
            EscalatedPct = routed.Calls == 0 ? 0 : Math.Round(100.0 * routed.EscalatedCalls / routed.Calls, 1),
            AnsweredBy = SimulatedModel.All.ToDictionary(model => model.Tier, model => after.Count(call => call.Tier == model.Tier)),
            CostBeforeUsd = Output.UsdNumber(all.CostNanoUsd),
            CostAfterUsd = Output.UsdNumber(routed.CostNanoUsd),
            SavedPct = DemoTally.SavedPct(all, routed),
            P95MsBefore = all.P95Ms,
            P95MsAfter = routed.P95Ms,
        };
    }
}
