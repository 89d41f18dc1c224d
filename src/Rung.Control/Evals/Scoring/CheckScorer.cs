using System.Text;
using System.Text.Json.Nodes;
using Rung.Control.Evals.Asking;
using Rung.Control.Evals.Judging;
using Rung.Core.Checks;
using Rung.Core.Comparisons;
using Rung.Core.Decisions;
using Rung.Core.Policies;

namespace Rung.Control.Evals.Scoring;

/// <summary>
/// The checks and verifiers of the tag's route pass, and no ending speaks against the answer, as on the hot path. Samples are taken from the candidate,
/// verifiers are asked, commands are run: what that costs is booked. The reference is held to the same, once a row. What cannot be found out leaves the
/// answer ungraded, unless something else fails it.
/// </summary>
internal sealed class CheckScorer(Route route, PolicySnapshot policy, ScoringWorld world) : IScorer
{
    private readonly OncePerRow<Outcome> references = new();

    public string Name => $"checks of {route.Name}: {(route.Checks.IsEmpty ? "none" : string.Join(", ", route.Checks.Select(check => check.Name)))}";

    public bool NeedsReference => false;

    // Verifiers are part of the route that is tested, not a judge whose agreement with people opens a gate.
    public bool AsksJudge => false;

    public void Recall(string rowId, RowScore earlier)
    {
        if (earlier.ReferenceScore is { } score) references.Keep(rowId, new Outcome(score, null, null));
    }

    public async Task<RowScore> ScoreAsync(ScoringCase scoring, CancellationToken cancellationToken)
    {
        var context = MessageReading.Context(scoring.Row.Request);
        if (Grading.Read(scoring, context, out var ungraded) is not { } answer) return ungraded!;
        var given = await TryAsync(scoring, scoring.Candidate, answer, cancellationToken);
        var score = given.Score is { } known
            ? Grading.Of(known, Grading.Kind(answer, FailureKind.CheckFailed), given.Reason)
            : Grading.None(FailureKind.NoVerdict, given.Reason ?? "The checks came to no verdict.");
        score = score with { CostNanoUsd = given.CostNanoUsd, UnknownPriceAttempts = given.UnknownPrices };
        if (Grading.Reference(scoring, context) is not { } reference) return score;

        var (theirs, isMine) = await references.AskAsync(scoring.Row.Id, () => TryAsync(scoring, model: null, reference, cancellationToken), cancellationToken);
        if (theirs.Score is null) references.Forget(scoring.Row.Id);
        if (isMine) score = score with { CostNanoUsd = score.CostNanoUsd + theirs.CostNanoUsd, UnknownPriceAttempts = score.UnknownPriceAttempts + theirs.UnknownPrices };
        return theirs.Score is { } reached
            ? score with { ReferenceScore = reached }
            : score with { Score = null, Kind = FailureKind.NoVerdict, Reason = Grading.Short($"Of the reference: {theirs.Reason}") };
    }

    /// <param name="scoring">The row.</param>
    /// <param name="model">Who gave the answer: asked for samples; null: nobody who could be asked again.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async Task<Outcome> TryAsync(ScoringCase scoring, string? model, Answer answer, CancellationToken cancellationToken)
    {
        var trial = new AnswerTrial(route, decides: true, [answer], "The answer could not be read.");
        var (cost, unknown, missing) = (0L, 0, (string?)null);
        while (trial.Next() is { } question)
        {
            var found = await FindAsync(scoring, model, trial.About(question), question.Inquiry, cancellationToken);
            cost += found.CostNanoUsd;
            unknown += found.UnknownPrices;
            if (found.Finding.Unavailable is { } why)
            {
                // The check would call the answer bad, or good, for want of an answer to its question. Here that is no verdict.
                missing = why;
                break;
            }
            trial.Tell(question, found.Finding);
        }
        var judgement = trial.ToJudgement();
        double? score = AnswerTrial.Fails(route, judgement.Causes) ? 0 : missing is null ? 1 : null;
        return new Outcome(score, score == 0 ? judgement.Complaint : missing is null ? null : $"{missing}.", cost) { UnknownPrices = unknown };
    }

    private async Task<Found> FindAsync(ScoringCase scoring, string? model, Answer answer, Inquiry inquiry, CancellationToken cancellationToken)
    {
        switch (inquiry)
        {
            case SamplesInquiry sampling:
                // A reference agrees with itself: nobody can be asked for it again.
                if (model is null) return new Found(new Finding { Samples = [.. Enumerable.Repeat(answer, sampling.Count)] });
                return await SampleAsync(scoring, model, sampling, cancellationToken);
            case CommandInquiry wanted:
                if (world.RunCommand is not { } run || !policy.Commands.TryGetValue(wanted.Command, out var command)) return Found.None($"the command {wanted.Command} cannot be run here");
                return await run(command, MessageReading.Text(answer), cancellationToken) is { } said
                    ? new Found(new Finding { Score = said.Accepted ? 1 : 0, Detail = said.Said })
                    : Found.None($"the command {wanted.Command} could not be run");
            case VerifierInquiry wanted:
                return policy.OutsideVerifiers.GetValueOrDefault(wanted.Verifier) switch
                {
                    ModelVerifier verifier => await VerifyAsync(scoring, verifier, answer, cancellationToken),
                    HttpVerifier endpoint when world.AskEndpoint is { } ask =>
                        new Found(await ask(endpoint, Encoding.UTF8.GetString(answer.Context!.Prompt.Span), MessageReading.Text(answer), cancellationToken)) { CostNanoUsd = endpoint.NanoUsdPerCall },
                    _ => Found.None($"the verifier {wanted.Verifier} cannot be asked here"),
                };
            default:
                return Found.None("nobody here can find that out");
        }
    }

    private async Task<Found> VerifyAsync(ScoringCase scoring, ModelVerifier verifier, Answer answer, CancellationToken cancellationToken)
    {
        var desk = JudgeDesk.OfModel(verifier.Model, route.Name, policy, world);
        var reply = await desk.AskAsync(RubricQuestion.Write(scoring.Row, MessageReading.Text(answer), verifier.Rubric, RubricScale.AnyShare, desk.Fences), scoring.Row, cancellationToken);
        var finding = reply.Score is { } score ? new Finding { Score = score, Detail = reply.Reason } : new Finding { Unavailable = reply.Why ?? $"the verifier {verifier.Name} gave no verdict" };
        return new Found(finding) { CostNanoUsd = reply.CostNanoUsd, UnknownPrices = reply.UnknownPriceAttempts };
    }

    private async Task<Found> SampleAsync(ScoringCase scoring, string model, SamplesInquiry sampling, CancellationToken cancellationToken)
    {
        if (JsonNode.Parse(scoring.Row.Request.Span) is not JsonObject request) return Found.None("the request cannot be read");
        if (sampling.Temperature is { } temperature) request["temperature"] = temperature;
        var question = new ModelQuestion
        {
            Model = model, Tag = route.Name, DataClass = scoring.Row.DataClass, User = scoring.Row.User, Session = world.Session, Purpose = AskPurpose.Candidate,
            Request = Encoding.UTF8.GetBytes(request.ToJsonString()),
        };
        var (samples, cost, unknown, why) = (new List<Answer>(), 0L, 0, (string?)null);
        for (var i = 0; i < sampling.Count; i++)
        {
            var given = await world.Asker.AskAsync(question, cancellationToken);
            cost += given.CostNanoUsd;
            unknown += given.UnknownPriceAttempts;
            if (given.Status == AskStatus.Answered && MessageReading.Answer(given.Message, given.FinishReason, context: null) is { } sample) samples.Add(sample);
            else why = given.Why ?? "a further answer did not come";
        }
        // Fewer samples than asked for would make the model look less sure than it is.
        return new Found(samples.Count < sampling.Count ? new Finding { Unavailable = why } : new Finding { Samples = [.. samples] }) { CostNanoUsd = cost, UnknownPrices = unknown };
    }

    private sealed record Found(Finding Finding)
    {
        public long CostNanoUsd { get; init; }

        public int UnknownPrices { get; init; }

        public static Found None(string why) => new(new Finding { Unavailable = why });
    }

    private sealed record Outcome(double? Score, string? Reason, long? Cost)
    {
        public long CostNanoUsd => Cost ?? 0;

        public int UnknownPrices { get; init; }
    }
}
