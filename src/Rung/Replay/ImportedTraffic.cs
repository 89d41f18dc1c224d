using Rung.Control.Imports;
using Rung.Core.Requests;
using Rung.Core.Spans;
using Rung.Storage.Imports;

namespace Rung.Replay;

/// <summary>Brings an imported call to what a replay needs.</summary>
internal static class ImportedTraffic
{
    /// <summary>The call.</summary>
    /// <param name="record">The row of the ledger.</param>
    /// <param name="leftOut">Why it is none that can be decided again; null when it can.</param>
    public static LoggedCall? Of(ImportedRecord record, out string? leftOut)
    {
        leftOut = record.Granularity != (int)ImportGranularity.Call ? "sums of several requests, which cannot be decided one by one"
            : record.Status == (int)ImportedStatus.ServedFromCache ? "answered by a cache: no model was asked" : null;
        if (leftOut is not null) return null;
        var answered = record.Status != (int)ImportedStatus.Failed;
        return new LoggedCall
        {
            Id = record.Id,
            StartedAt = record.StartedAt,
            Tag = record.SiteTag ?? record.Tag,
            Role = record.Role,
            User = record.User,
            Session = record.Session ?? record.Run,
            Needs = (record.Tools.IsDefaultOrEmpty ? ModelNeeds.None : ModelNeeds.Tools) | (record.RequestedOutput == (int)RequestedOutput.Schema ? ModelNeeds.JsonSchema : ModelNeeds.None),
            RequestedMaxTokens = record.MaxTokens ?? 0,
            Attempts =
            [
                new LoggedAttempt
                {
                    Kind = AttemptKind.First,
                    Provider = record.Provider,
                    Model = record.Model,
                    StartedAt = record.StartedAt,
                    Usage = UsageOf(record),
                    CostNanoUsd = record.CostNanoUsd,
                    PricePermille = record.PricePermille,
                },
            ],
            Answer = answered ? 0 : null,
            Error = answered ? null : "failed",
            CostNanoUsd = record.CostNanoUsd,
            Verdict = record.Verdicts.IsDefaultOrEmpty ? null : Math.Clamp(record.Verdicts.Average(verdict => verdict.Score), 0, 1),
        };
    }

    // A log that counts tokens counts them whoever wrote it; one that has none is priced by nobody.
    private static TokenUsage UsageOf(ImportedRecord record) => record.Usage with
    {
        Source = record.Usage.Source != UsageSource.None ? record.Usage.Source : record.Usage.Input + record.Usage.Output > 0 ? UsageSource.Provider : UsageSource.None,
    };
}
