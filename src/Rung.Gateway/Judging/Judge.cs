using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Spans;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Inquiries;

namespace Rung.Gateway.Judging;

/// <summary>
/// Judges the answer of an attempt by its route: 1. the reply is read as answers, 2. every check looks at them, 3. what the others must know is found
/// out, 4. the verdict is written down. The word is the check stage's, not the LLM judge of an eval.
/// </summary>
internal sealed class Judge(Dispatcher dispatcher, Inquirer inquirer)
{
    /// <summary>Answers above so many bytes are judged off the socket's thread, where nothing may take long.</summary>
    private const int LargeAnswer = 8 * 1024;

    /// <summary>Judges an answer that nobody has seen yet. A live stream is beyond judging.</summary>
    public ValueTask<AnswerJudgement> OfAsync(Call call, AttemptReply reply)
    {
        if (reply.IsLive || !call.Route.Holds) return new(new AnswerJudgement(ClimbCause.None, []));
        if (reply.Length > LargeAnswer) return LargeAsync(call, reply);
        var trial = Begin(call, reply);
        return trial.Next() is null || !Climbing.VerdictMatters(call) ? new(Write(reply, trial)) : AskedAsync(call, reply, trial, isLarge: false);
    }

    /// <summary>Judges a stream that the client has already got: for the record. What a client that has gone would have had to wait for is left out.</summary>
    public async Task<AnswerJudgement> AfterwardsAsync(Call call, AttemptReply reply)
    {
        var trial = await Task.Run(() => Collected(call, reply), CancellationToken.None);
        try
        {
            if (trial.Next() is not null && !call.ClientGone) await inquirer.AskAsync(call, reply, trial, isLarge: true);
        }
        catch (OperationCanceledException) when (call.ClientGone)
        {
            // It has its answer; what was found out until now stands.
        }
        return Write(reply, trial);
    }

    private async ValueTask<AnswerJudgement> LargeAsync(Call call, AttemptReply reply)
    {
        var trial = await Task.Run(() => Begin(call, reply), call.Http.RequestAborted);
        return trial.Next() is null || !Climbing.VerdictMatters(call) ? Write(reply, trial) : await AskedAsync(call, reply, trial, isLarge: true);
    }

    private async ValueTask<AnswerJudgement> AskedAsync(Call call, AttemptReply reply, AnswerTrial trial, bool isLarge)
    {
        // The model has done its part: its place is free for the samples, and its bill is known before more is spent.
        dispatcher.Settle(call, reply);
        await inquirer.AskAsync(call, reply, trial, isLarge);
        return Write(reply, trial);
    }

    private static AnswerTrial Begin(Call call, AttemptReply reply) => new(call.Route, Climbing.VerdictMatters(call), reply.Events is null
        ? AnswerReader.FromReply(reply.Bytes, call.DeclaredTools, call.ContextOfChecks)
        : AnswerReader.FromStream(reply.Bytes, call.DeclaredTools, call.ContextOfChecks), "The reply holds no readable choice.");

    private static AnswerTrial Collected(Call call, AttemptReply reply) => new(
        call.Route, Climbing.VerdictMatters(call), reply.Collected!.ToAnswers(call.DeclaredTools, call.ContextOfChecks),
        reply.Collected.IsTooLarge ? $"The answer is larger than {call.Limits.ReplyBytes:N0} characters and was not judged." : "The reply holds no readable choice.");

    private static AnswerJudgement Write(AttemptReply reply, AnswerTrial trial)
    {
        var judgement = trial.ToJudgement();
        reply.Record.Checks = judgement.Verdicts;
        if (judgement.Causes.HasFlag(ClimbCause.CheckFailed)) reply.Record.Outcome = AttemptOutcome.CheckFailed;
        return judgement;
    }
}
