using Rung.Core.Checks;
using Rung.Core.Decisions;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Recording;

namespace Rung.Gateway.Inquiries;

/// <summary>
/// Finds out what checks must know and cannot see in the answer. One thing after the other, so that nothing is spent once the answer has failed; what
/// was found out serves every check that asks the same. Everything stays within the call's time, attempts and pins, and ends when the client leaves.
/// </summary>
internal sealed class Inquirer(SampleTaker samples, ModelVerifierAsker models, HttpVerifierAsker endpoints, CommandRunner commands, GatewayTelemetry telemetry)
{
    /// <summary>Most things that are found out about one answer. What is asked beyond that is unavailable.</summary>
    public const int MostPerAnswer = 8;

    /// <summary>Finds out until the verdict stands.</summary>
    /// <param name="call">The call.</param>
    /// <param name="reply">The answer, settled.</param>
    /// <param name="trial">Its trial.</param>
    /// <param name="isLarge">Whether the answer is so large that its checks may not run on a socket's thread.</param>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public async Task AskAsync(Call call, AttemptReply reply, AnswerTrial trial, bool isLarge)
    {
        for (var asked = 0; trial.Next() is { } question; asked++)
        {
            var finding = asked < MostPerAnswer
                ? await FindAsync(call, reply, trial.About(question), question.Inquiry)
                : Findings.None($"more than {MostPerAnswer} things were to be found out about one answer");
            call.Http.RequestAborted.ThrowIfCancellationRequested();
            telemetry.FoundOut(question.Inquiry, finding);
            trial.Tell(question, finding);
            if (isLarge) await Task.Yield();
        }
    }

    private async Task<Finding> FindAsync(Call call, AttemptReply reply, Answer answer, Inquiry inquiry)
    {
        if (call.Remaining <= TimeSpan.Zero) return Findings.None("the call has no time left");
        switch (inquiry)
        {
            case SamplesInquiry sampling:
                return await samples.TakeAsync(call, reply, sampling);
            case CommandInquiry command:
                return call.Snapshot.Commands.TryGetValue(command.Command, out var allowed)
                    ? await commands.RunAsync(allowed, answer, call.Remaining, call.Http.RequestAborted)
                    : Findings.None($"the policy allows no command {command.Command}");
            case VerifierInquiry verifier:
                return call.Snapshot.OutsideVerifiers.GetValueOrDefault(verifier.Verifier) switch
                {
                    ModelVerifier model => await models.AskAsync(call, model, answer),
                    HttpVerifier endpoint => await endpoints.AskAsync(call, endpoint, answer),
                    _ => Findings.None($"the policy has no verifier {verifier.Verifier}"),
                };
            default:
                return Findings.None("nobody here can find that out");
        }
    }
}

/// <summary>Findings in short.</summary>
internal static class Findings
{
    /// <summary>Nothing could be found out.</summary>
    public static Finding None(string why) => new() { Unavailable = why };

    /// <summary>Said when a call may make no more attempts.</summary>
    public static Finding NoAttemptsLeft => None("the call's attempts are used up (policy: limits.attempts)");
}
