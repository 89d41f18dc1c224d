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
