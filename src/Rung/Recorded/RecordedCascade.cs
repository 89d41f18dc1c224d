using System.Text.Json;
using Rung.Core.Guarantees;
using Rung.Core.Checks;
using Rung.Core.Learning;
using Rung.Core.Policies;
using Rung.Core.Spans;

namespace Rung.Recorded;

/// <summary>Two models of a policy and what a recording knows of them: every graded prompt as its cascade would have seen it.</summary>
internal sealed record RecordedCascade
{
    /// <summary>The graded prompts; a score of −1 where the answer climbs whatever the threshold.</summary>
    public required IReadOnlyList<CascadeOutcome> Rows { get; init; }
    /// <summary>Their rows in the recording, in the same order.</summary>
    public required IReadOnlyList<RecordedRow> Recorded { get; init; }
    /// <summary>The weak answers, as the checks see them, in the same order.</summary>
    public required IReadOnlyList<Answer> WeakAnswers { get; init; }
    /// <summary>Prompts without the weak answer, or without one of the two grades.</summary>
    public required int LeftOut { get; init; }
    /// <summary>Whether every cost is known; otherwise costs are zero and mean nothing.</summary>
    public required bool CostsKnown { get; init; }
    /// <summary>Where the costs come from, in words.</summary>
    public required string CostSource { get; init; }

    /// <summary>Reads a recording by a rule.</summary>
    /// <param name="outcomes">The recording.</param>
    /// <param name="route">The route.</param>
    /// <param name="rule">The route as a rule.</param>
    /// <param name="weak">The model that answers first.</param>
    /// <param name="strong">The model that a climb reaches.</param>
    /// <param name="prices">Gives the cost of tokens at a model.</param>
    /// <param name="source">Only rows whose source, as a tag, is this; null: all.</param>
    /// <exception cref="OutsideNeededException">A check must have something found out that no recording holds.</exception>
    public static RecordedCascade Of(RecordedOutcomes outcomes, Route route, CascadeRule rule, Model weak, Model strong, OfflineCascade prices, string? source)
    {
        var (rows, recorded, answers) = (new List<CascadeOutcome>(), new List<RecordedRow>(), new List<Answer>());
        var (leftOut, unknown, listed) = (0, 0, 0);
        foreach (var row in outcomes.Rows)
        {
            if (source is not null && DriveOptions.NormaliseTag(row.Source) != source) continue;
            if (row.Of(weak.UpstreamId) is not { Answer: { } answer, Score: { } weakScore } cheap || row.Of(strong.UpstreamId) is not { Score: { } strongScore } dear)
            {
                leftOut++;
                continue;
            }
            var tools = row.Tools is { } declared && RecordedTools.Read(declared) is { } converted ? JsonSerializer.SerializeToUtf8Bytes(converted) : [];
            var reply = new RecordedReply(row, cheap, answer, route.MaxTokens > 0 ? route.MaxTokens : null, created: 0);
            var seen = reply.ToAnswer(OfflineCascade.DeclaredTools(tools), OfflineCascade.ContextOf(row, tools));
            var score = rule.Score(seen);
            if (score.Pending is { } inquiry) throw new OutsideNeededException(score.Check!, inquiry);

            var (weakCost, strongCost) = (CostOf(row, cheap, weak, route, prices, ref listed), CostOf(row, dear, strong, route, prices, ref listed));
            if (weakCost is null || strongCost is null) unknown++;
            rows.Add(new CascadeOutcome(score.KeepScore, weakScore, strongScore, weakCost ?? 0, strongCost ?? 0, row.Group ?? $"p:{row.Key:x32}"));
            recorded.Add(row);
            answers.Add(seen);
        }
        var isKnown = unknown == 0 && rows.Count > 0;
        return new RecordedCascade
        {
            Rows = isKnown ? rows : [.. rows.Select(row => row with { WeakCostNanoUsd = 0, StrongCostNanoUsd = 0 })],
            Recorded = recorded,
            WeakAnswers = answers,
            LeftOut = leftOut,
            CostsKnown = isKnown,
            CostSource = !isKnown ? "unknown: the policy has no price for one of the models, and the recording no cost"
                : listed == 0 ? "recorded tokens at the policy's prices" : "recorded tokens at the policy's prices, and recorded costs where it has none",
        };
    }

    private static long? CostOf(RecordedRow row, RecordedOutcome outcome, Model model, Route route, OfflineCascade prices, ref int listed)
    {
        // With an answer the tokens are those that the recorded upstream states; without one they may be recorded all the same.
        var usage = outcome.Answer is { } answer ? new RecordedReply(row, outcome, answer, route.MaxTokens > 0 ? route.MaxTokens : null, created: 0).Usage
            : outcome is { PromptTokens: { } input, CompletionTokens: { } output } ? new TokenUsage { Input = input, Output = output, Source = UsageSource.Provider }
            : (TokenUsage?)null;
        if (usage is { } known && prices.CostOf(model, known) is { } cost) return cost;
        listed++;
        return outcome.CostNanoUsd;
    }
}
