using System.Collections.Immutable;
using Rung.Core.Checks;
using Rung.Core.Spans;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Judging;

namespace Rung.Gateway.Inquiries;

/// <summary>Asks the model that gave an answer for further ones, all at once. Each is an attempt of the call; one that fails is missing.</summary>
internal sealed class SampleTaker(Dispatcher dispatcher)
{
    /// <summary>Takes the samples.</summary>
    public async Task<Finding> TakeAsync(Call call, AttemptReply reply, SamplesInquiry inquiry)
    {
        var most = Math.Min(inquiry.Count, Climbing.AttemptsToSpare(call));
        if (most <= 0) return Findings.NoAttemptsLeft;
        most = Math.Min(most, Affordable(call, reply));
        if (most <= 0) return Findings.None("the call's money is used up (policy: escalate.max_usd)");
        var upstream = reply.Upstream;
        // Every attempt enters the call's list before the first of them can end: from then on each belongs to a thread of its own.
        var attempts = new List<Task<AttemptReply>>(most);
        while (attempts.Count < most && upstream.Health.TryStart() is { } passage)
        {
            attempts.Add(dispatcher.AskAsync(call, upstream, reply.Record.Tier, AttemptKind.Sample, passage, Request(call, upstream, inquiry)));
        }
        if (attempts.Count == 0) return Findings.None($"{upstream.Model.Name} is being left alone");
        try
        {
            await Task.WhenAll(attempts);
            var answers = ImmutableArray.CreateBuilder<Answer>(attempts.Count);
            foreach (var attempt in attempts)
            {
                if (Read(call, await attempt) is { } answer) answers.Add(answer);
            }
            return answers.Count == 0 ? Findings.None($"no further answer of {upstream.Model.Name} came") : new Finding { Samples = answers.ToImmutable() };
        }
        finally
        {
            foreach (var attempt in attempts)
            {
                if (attempt.IsCompletedSuccessfully) (await attempt).Dispose();
            }
        }
    }

    /// <summary>How many more answers like this one the route's budget pays for; more than anyone asks for where there is no budget, or no price.</summary>
    private static int Affordable(Call call, AttemptReply reply)
    {
        if (call.Route.Escalation?.MaxCostNanoUsd is not { } budget || reply.Record.CostNanoUsd is not > 0) return int.MaxValue;
        return (int)Math.Clamp((budget - call.CostSoFar) / reply.Record.CostNanoUsd.Value, 0, int.MaxValue);
    }

    private Answer? Read(Call call, AttemptReply sample)
    {
        if (sample.Record.Outcome != AttemptOutcome.Completed) return null;
        dispatcher.Close(call, sample);
        return AnswerReader.FromReply(sample.Bytes, call.DeclaredTools, context: null)?[0];
    }

    private static OwnRequest Request(Call call, Upstream upstream, SamplesInquiry inquiry) => new(
        new EditedContent(call.Body.Memory, BodyEdits.ForSample(call.Body.Span, call.Scan, call.Route, upstream.Model, upstream.UpstreamIdJson, inquiry.Temperature)),
        call.Facts.EstimatedInputTokens, Limit: null);
}
