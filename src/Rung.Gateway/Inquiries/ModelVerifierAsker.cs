using System.Net.Http.Headers;
using Rung.Core.Checks;
using Rung.Core.Spans;
using Rung.Gateway.Dispatch;

namespace Rung.Gateway.Inquiries;

/// <summary>
/// Asks a model of the policy to score an answer by a rubric. A verdict that is not of the asked form is asked for once more; both attempts are booked
/// to the call. A model that the pins of the call exclude is never asked.
/// </summary>
internal sealed class ModelVerifierAsker(Dispatcher dispatcher, TimeProvider clock)
{
    private const int Tries = 2;
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Asks.</summary>
    public async Task<Finding> AskAsync(Call call, ModelVerifier verifier, Answer answer)
    {
        if (Named(call, verifier.Model) is not { } upstream) return Findings.None($"the policy has no model {verifier.Model}");
        var model = upstream.Model;
        if (!call.Decision.Allowed.Contains(model.Index)) return Findings.None($"{model.Name} is outside the pins of this call");
        if (upstream.MissingKey) return Findings.None($"{model.Name} has no key");

        var question = VerifierQuestion.Write(verifier, model, call.Context, AnswerText.Of(answer));
        var tokens = question.Length / 4;
        if (model.Context > 0 && tokens + (long)verifier.MaxTokens > model.Context) return Findings.None($"prompt and answer do not fit into the context of {model.Name}");

        var started = clock.GetTimestamp();
        for (var tries = 0; tries < Tries; tries++)
        {
            var left = verifier.TimeLimit - clock.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return Findings.None($"{model.Name} gave no verdict within {verifier.TimeLimit.TotalSeconds:0.#} s");
            if (Climbing.AttemptsToSpare(call) <= 0) return Findings.NoAttemptsLeft;
            if (upstream.Health.TryStart() is not { } passage) return Findings.None($"{model.Name} is being left alone");
            var content = new ReadOnlyMemoryContent(question) { Headers = { ContentType = Json } };
            using var reply = await dispatcher.AskAsync(call, upstream, TierOf(call, model.Index), AttemptKind.Verifier, passage, new(content, tokens, left));
            if (reply.Record.Outcome != AttemptOutcome.Completed) return Findings.None($"{model.Name}: {reply.Record.Error}");
            var verdict = VerifierVerdict.Read(reply.Bytes);
            if (verdict is null) (reply.Record.Outcome, reply.Record.Error) = (AttemptOutcome.CheckFailed, "its verdict was not of the form that was asked for");
            dispatcher.Close(call, reply);
            if (verdict is { } said) return new Finding { Score = said.Score, Detail = said.Reason };
        }
        return Findings.None($"{model.Name} gave no verdict of the form that was asked for");
    }

    private static Upstream? Named(Call call, string name)
    {
        foreach (var upstream in call.Policy.Upstreams)
        {
            if (upstream.Model.Name == name) return upstream;
        }
        return null;
    }

    /// <summary>The rung that the model stands on; a model may stand on none.</summary>
    private static string TierOf(Call call, int model)
    {
        foreach (var tier in call.Snapshot.Ladder)
        {
            if (tier.Pool.Contains(model)) return tier.Name;
        }
        return HttpVerifierAsker.NoTier;
    }
}
