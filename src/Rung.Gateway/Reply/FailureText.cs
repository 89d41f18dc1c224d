using System.Text;
using Rung.Core.Policies;
using Rung.Core.Spans;
using Rung.Gateway.Dispatch;

namespace Rung.Gateway.Reply;

/// <summary>Says why a call got no answer: every attempt and how it ended, without addresses or keys.</summary>
internal static class FailureText
{
    public static ErrorReply Of(Call call, RungEnd end)
    {
        // What was asked for checks answered nobody.
        var attempts = call.Record.Attempts.FindAll(attempt => attempt.Kind is not (AttemptKind.Sample or AttemptKind.Verifier));
        if (attempts.Count == 0) return NothingTried(call, end);
        var text = new StringBuilder();
        text.Append(attempts.Count == 1 ? "The one attempt failed: " : $"All {attempts.Count} attempts failed: ");
        for (var i = 0; i < attempts.Count; i++)
        {
            if (i > 0) text.Append("; ");
            text.Append(attempts[i].Model).Append(": ").Append(attempts[i].Error ?? "its answer failed a check");
        }
        text.Append($". Call {call.Record.Id}.");
        return attempts[^1].Outcome switch
        {
            AttemptOutcome.RateLimited => new(429, "rate_limit_error", "rate_limit_exceeded", text.ToString()) { RetryAfter = end.RetryAfter },
            AttemptOutcome.TimedOut => new(504, "upstream_error", "upstream_timeout", text.ToString()),
            _ => new(502, "upstream_error", "all_attempts_failed", text.ToString()),
        };
    }

    private static ErrorReply NothingTried(Call call, RungEnd end)
    {
        var why = new List<string>();
        foreach (var index in call.Decision.Candidates)
        {
            var upstream = call.Policy.Upstreams[index];
            why.Add(upstream.MissingKey ? $"{upstream.Model.Name} has no key ({KeyPlace(upstream.Model.Key!)})"
                : upstream.Health.IsOpen ? $"{upstream.Model.Name} failed repeatedly and is being left alone"
                : $"{upstream.Model.Name} asked to be left alone");
        }
        return new(503, "upstream_error", "model_unavailable", $"No model of {call.Decision.Tier.Name} can be tried now: {string.Join("; ", why)}. Call {call.Record.Id}.")
        {
            RetryAfter = end.RetryAfter,
        };
    }

    private static string KeyPlace(SecretReference key) => key.Environment is { } name ? $"environment variable {name} is not set, or holds more than printable ASCII" : "its key file cannot be read, or holds more than printable ASCII";
}
