using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.ClaudeCode;

/// <summary>Makes calls of answers.</summary>
internal static class ClaudeCodeCalls
{
    /// <summary>Hands over an answer: one call, or one for every sampling that was billed for it.</summary>
    public static void Emit(TranscriptMessage message, IImportSink sink)
    {
        for (var i = 0; i < message.Samplings.Length; i++)
        {
            var isAnswer = i == message.Samplings.Length - 1;
            sink.Add(Of(message, message.Samplings[i], isAnswer, isAnswer ? message.Identity.ToString() : $"{message.Identity}#{i}"));
        }
    }

    private static ImportedCall Of(TranscriptMessage message, BilledSampling sampling, bool isAnswer, string key)
    {
        var model = sampling.Model ?? message.Model;
        var call = new ImportedCall
        {
            Source = ClaudeCodeFormat.FormatName,
            Key = key,
            StartedAt = message.AskedAt ?? message.FirstLineAt,
            Provider = ProviderNames.Of(null, model),
            Model = model,
            Usage = sampling.Usage,
            PricePermille = sampling.PricePermille,
            Status = ImportedStatus.Answered,
            Role = sampling.Step == "advisor" ? "advisor" : message.Role,
            Agent = message.Agent,
            Step = sampling.Step ?? (message.Agent is SubAgents.MainAgent ? "main" : message.Agent),
            Session = message.Session,
            Team = TagName.Cut(LastPart(message.Folder)),
            Run = TagName.Cut(message.Run),
            Effort = TagName.Cut(message.Effort),
        };
        if (!isAnswer) return call;

        var finish = LogText.FinishReason(message.StopReason);
        return call with
        {
            LatencyMicros = TimeReading.Micros(message.AskedAt, message.LastLineAt),
            ReportedCostNanoUsd = message.Samplings.Length == 1 ? message.CostNanoUsd : null,
            FinishReason = finish,
            RunPosition = message.Position,
            EndsRun = message.EndsRun ?? (finish == "stop" ? true : null),
            ToolCalls = message.Tools,
            FollowedBy = message.Tools.IsEmpty ? null : message.Tools[0],
            Content = new CallContent { Messages = message.Messages, Answer = message.Answer },
        };
    }

    // The project is the folder's own name; what stands before it is the person's disk.
    private static string? LastPart(string? folder) => folder?.TrimEnd('/', '\\') is { Length: > 0 } path ? path[(path.LastIndexOfAny(['/', '\\']) + 1)..] : null;
}
