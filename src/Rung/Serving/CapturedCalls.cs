using Rung.Gateway.Recording;
using Rung.Storage.Content;

namespace Rung.Serving;

/// <summary>Content as the gateway hands it over, in the form that the store keeps.</summary>
internal static class CapturedCalls
{
    /// <summary>Of one call.</summary>
    public static CapturedCall Of(CallContent content)
    {
        var call = content.Call;
        return new CapturedCall
        {
            CallId = call.Id, StartedAt = call.StartedAt, ExpiresAt = call.StartedAt.AddDays(content.Capture.KeepDays), Tag = call.Tag, Route = call.Route,
            Session = call.Session, User = call.User, DataClass = content.DataClass, SampledAt = content.Capture.Sample, PolicyRevision = call.PolicyRevision,
            Redactions = content.Redactions, Request = content.Request, Answers = [.. content.Answers.Select(Of)],
        };
    }

    private static CapturedAnswer Of(AnswerContent answer)
    {
        var attempt = answer.Attempt;
        var checks = attempt.Checks.IsDefault ? [] : attempt.Checks;
        return new CapturedAnswer
        {
            Ordinal = attempt.Ordinal, Model = attempt.Model, Tier = attempt.Tier, Served = answer.Served, Passed = checks.All(check => check.Passed),
            Score = checks.Min(check => check.Score), FinishReason = attempt.FinishReason, Message = answer.Message,
        };
    }
}
