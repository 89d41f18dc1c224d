using Rung.Control.Evals.Asking;
using Rung.Core.Checks;
using Rung.Gateway.Dispatch;

namespace Rung.Evals;

/// <summary>Asks models for evals through the gateway's own client. On the bill, candidates and references stand under <c>eval.TAG</c>, judges under their own tag.</summary>
internal sealed class GatewayAsker(ModelCaller caller) : IModelAsker
{
    private const int LongestTag = 64;

    /// <summary>Tag on the bill of answers made for an eval of a tag.</summary>
    public static string BookedTag(string tag) => $"eval.{tag}" is var booked && booked.Length > LongestTag ? booked[..LongestTag] : booked;

    public async Task<ModelAnswer> AskAsync(ModelQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        return Of(await caller.AskAsync(Own(question), cancellationToken));
    }

    /// <summary>An answer of the gateway's client in the words of the evals.</summary>
    public static ModelAnswer Of(OwnAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new ModelAnswer
        {
            Status = answer.Status switch
            {
                OwnStatus.Answered => AskStatus.Answered,
                OwnStatus.Forbidden => AskStatus.Forbidden,
                OwnStatus.DoesNotFit => AskStatus.DoesNotFit,
                _ => AskStatus.Failed,
            },
            Message = answer.Message,
            FinishReason = answer.Attempt?.FinishReason,
            Model = answer.Attempt?.Model,
            UpstreamModel = answer.Attempt?.UpstreamModel,
            CostNanoUsd = answer.Call?.CostNanoUsd ?? 0,
            UnknownPriceAttempts = answer.Call?.UnknownPriceAttempts ?? 0,
            BaselineNanoUsd = answer.Call?.BaselineNanoUsd,
            Usage = answer.Attempt?.Usage ?? default,
            LatencyMicros = answer.Call?.LatencyMicros ?? 0,
            Attempts = answer.Call?.Attempts.Count ?? 0,
            CallId = answer.Call?.Id,
            Why = answer.Why,
        };
    }

    public long? Estimate(ModelQuestion question) => caller.Estimate(Own(question));

    /// <summary>Runs a command of the policy on an answer, for scorers.</summary>
    public Task<(bool Accepted, string? Said)?> RunAsync(AllowedCommand command, string answer, CancellationToken cancellationToken) =>
        caller.RunCommandAsync(command, answer, cancellationToken);

    private static OwnQuestion Own(ModelQuestion question) => new()
    {
        Model = question.Model, Tag = question.Tag, AboutTag = question.AboutTag, DataClass = question.DataClass, User = question.User,
        BookedTag = question.Purpose == AskPurpose.Judge ? question.Tag : BookedTag(question.Tag),
        BookedRole = question.Purpose == AskPurpose.Judge ? "judge" : "eval",
        Session = question.Session, CallId = question.CallId, Request = question.Request,
    };
}
