using System.Text;
using Rung.Core.Checks;
using Rung.Core.Learning;

namespace Rung.Recorded;

/// <summary>The rows of a recording that have the grades of two models: what a cascade of the two is trained and calibrated on.</summary>
/// <param name="Rows">The rows, in the order of the files.</param>
/// <param name="OfTag">How many rows the tag has, graded or not.</param>
internal sealed record RecordedPair(IReadOnlyList<TrainingRow> Rows, int OfTag)
{
    /// <summary>Reads the rows of a pair.</summary>
    /// <param name="outcomes">The recording, duplicates kept.</param>
    /// <param name="weak">The weak model.</param>
    /// <param name="strong">The strong model.</param>
    /// <param name="tag">Only rows with this source, or with one that goes on behind it and a slash; null: all.</param>
    public static RecordedPair Of(RecordedOutcomes outcomes, string weak, string strong, string? tag)
    {
        var rows = new List<TrainingRow>();
        var ofTag = 0;
        foreach (var row in outcomes.Rows)
        {
            if (tag is not null && row.Source != tag && !row.Source.StartsWith(tag + "/", StringComparison.Ordinal)) continue;
            ofTag++;
            if (row.Of(weak) is { Score: { } weakScore } weakOutcome && row.Of(strong) is { Score: { } strongScore } strongOutcome)
            {
                rows.Add(new TrainingRow
                {
                    Id = row.Id,
                    WeakAnswer = AnswerOf(row, weakOutcome),
                    HasAnswer = weakOutcome.Answer is not null,
                    WeakQuality = weakScore,
                    StrongQuality = strongScore,
                    WeakCostNanoUsd = weakOutcome.CostNanoUsd,
                    StrongCostNanoUsd = strongOutcome.CostNanoUsd,
                    // Equal prompts are near-identical ones, whether the recording says so or not.
                    Group = row.Group ?? $"p:{row.Key:x32}",
                });
            }
        }
        return new RecordedPair(rows, ofTag);
    }

    /// <summary>An answer as the gateway would see it if the recorded upstream gave it.</summary>
    public static Answer AnswerOf(RecordedRow row, RecordedOutcome outcome)
    {
        var prompt = Encoding.UTF8.GetBytes(row.Prompt);
        var tools = row.Tools is null ? null : RecordedTools.Read(row.Tools);
        return new Answer
        {
            Content = outcome.Answer?.Text ?? [],
            FinishReason = outcome.FinishReason,
            ToolCalls = outcome.Answer is null ? [] : [.. outcome.Answer.ToolCalls.Select(call => new ToolCall(call.Name, call.Arguments))],
            DeclaredTools = tools is null ? [] : [.. tools.Select(tool => (string?)tool?["function"]?["name"] ?? "")],
            Context = new CallContext { Prompt = prompt, Given = prompt, Tools = tools is null ? default : Encoding.UTF8.GetBytes(tools.ToJsonString()) },
        };
    }
}
