using Rung.Control.Audit;
using Rung.Storage.Imports;

namespace Rung.Control.Imports;

/// <summary>Imported calls as rows of the ledger, and back. Everything but the content survives, and the content's traits do.</summary>
public static class LedgerImports
{
    /// <summary>The row of a call.</summary>
    /// <param name="call">The call. Its content is not looked at.</param>
    /// <param name="traits">What its content told.</param>
    /// <param name="rating">What it cost.</param>
    /// <param name="siteTag">Tag of the call site that an audit put it into; null when none did.</param>
    public static ImportedRecord ToRecord(ImportedCall call, CallTraits traits, CallRating rating, string? siteTag = null)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(traits);
        return new ImportedRecord
        {
            Source = call.Source,
            Key = call.Key,
            StartedAt = call.StartedAt,
            Granularity = (int)call.Granularity,
            Requests = call.Requests,
            Provider = call.Provider,
            Model = call.Model,
            Usage = call.Usage,
            ReportedCostNanoUsd = call.ReportedCostNanoUsd,
            CostNanoUsd = rating.CostNanoUsd,
            PricePermille = call.PricePermille,
            LatencyMicros = call.LatencyMicros,
            FirstByteMicros = call.FirstByteMicros,
            Status = (int)call.Status,
            Error = call.Error,
            FinishReason = call.FinishReason,
            Tag = call.Tag,
            TagSource = (int)call.TagSource,
            SiteTag = siteTag,
            Role = call.Role,
            Agent = call.Agent,
            Step = call.Step,
            Session = call.Session,
            User = call.User,
            Team = call.Team,
            Run = call.Run,
            RunPosition = call.RunPosition,
            EndsRun = call.EndsRun,
            FollowedBy = call.FollowedBy,
            Temperature = call.Temperature,
            MaxTokens = call.MaxTokens,
            RequestedOutput = (int?)call.Output,
            Effort = call.Effort,
            Tools = call.Tools,
            ToolCalls = call.ToolCalls,
            Simulated = call.Simulated,
            Verdicts = call.Verdicts.IsDefaultOrEmpty ? [] : [.. call.Verdicts.Select(verdict => new ImportedJudgement(verdict.Name, verdict.Score, verdict.ByPerson))],
            Template = traits.Template.IsDefault ? [] : traits.Template,
            SystemPieces = traits.SystemPieces,
            ToolSet = OrNull(traits.ToolSet),
            Schema = OrNull(traits.Schema),
            SystemChars = OrNull(traits.SystemChars),
            MessageChars = OrNull(traits.MessageChars),
            Messages = OrNull(traits.Messages),
            OutputShape = (int)traits.Output,
            OutputKey = OrNull(traits.OutputKey),
            OutputChars = OrNull(traits.OutputChars),
            Prompt = OrNull(traits.Prompt),
            DataSigns = (int)traits.Data,
        };
    }

    /// <summary>The call of a row, without content, and what its content told.</summary>
    public static (ImportedCall Call, CallTraits Traits) ToCall(ImportedRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var call = new ImportedCall
        {
            Source = record.Source,
            Key = record.Key,
            StartedAt = record.StartedAt,
            Granularity = (ImportGranularity)record.Granularity,
            Requests = record.Requests,
            Provider = record.Provider,
            Model = record.Model,
            Usage = record.Usage,
            ReportedCostNanoUsd = record.ReportedCostNanoUsd,
            PricePermille = record.PricePermille,
            LatencyMicros = record.LatencyMicros,
            FirstByteMicros = record.FirstByteMicros,
            Status = (ImportedStatus)record.Status,
            Error = record.Error,
            FinishReason = record.FinishReason,
            Tag = record.Tag,
            TagSource = (ImportedTagSource)record.TagSource,
            Role = record.Role,
            Agent = record.Agent,
            Step = record.Step,
            Session = record.Session,
            User = record.User,
            Team = record.Team,
            Run = record.Run,
            RunPosition = record.RunPosition,
            EndsRun = record.EndsRun,
            FollowedBy = record.FollowedBy,
            Temperature = record.Temperature,
            MaxTokens = record.MaxTokens,
            Output = (RequestedOutput?)record.RequestedOutput,
            Effort = record.Effort,
            Tools = record.Tools,
            ToolCalls = record.ToolCalls,
            Simulated = record.Simulated,
            Verdicts = [.. record.Verdicts.Select(verdict => new ImportedVerdict(verdict.Name, verdict.Score, verdict.ByPerson))],
        };
        return (call, TraitsOf(record));
    }

    private static CallTraits TraitsOf(ImportedRecord record) => new()
    {
        Template = record.Template,
        SystemPieces = record.SystemPieces,
        ToolSet = record.ToolSet ?? 0,
        Schema = record.Schema ?? 0,
        SystemChars = record.SystemChars ?? -1,
        MessageChars = record.MessageChars ?? -1,
        Messages = record.Messages ?? -1,
        Output = (OutputShape)record.OutputShape,
        OutputKey = record.OutputKey ?? 0,
        OutputChars = record.OutputChars ?? -1,
        Prompt = record.Prompt ?? 0,
        Data = (DataSigns)record.DataSigns,
    };

    // What traits write as 0 (a hash) or -1 (a length) is not known: in the ledger that is nothing.
    private static ulong? OrNull(ulong hash) => hash == 0 ? null : hash;

    private static int? OrNull(int length) => length < 0 ? null : length;
}
