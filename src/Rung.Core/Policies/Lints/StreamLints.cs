using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Lints;

/// <summary>Opinions on when the first byte of a checked stream goes out.</summary>
internal static class StreamLints
{
    /// <summary>Judges one route.</summary>
    /// <param name="route">The compiled route.</param>
    /// <param name="own">What is written at the route itself: what it takes from its role is told there.</param>
    /// <param name="who">The route in words.</param>
    /// <param name="path">Its path.</param>
    /// <param name="lints">Where the lints go.</param>
    public static void Judge(Route route, RouteEntry own, string who, string path, LintList lints)
    {
        var isOwn = own.Stream is not null || own.Checks is not null || own.Escalate is not null || own.UserVisible is not null || route.Kind != RouteKind.Tag;
        if (!isOwn || !route.Holds) return;
        var key = own.Stream is not null ? "stream" : null;
        switch (route.Streaming)
        {
            case StreamMode.Hold when route.UserVisible:
                lints.Add(LintCatalogue.HeldForPeople, path, key ?? (own.UserVisible is null ? null : "user_visible"), $"{who} is held until its verdict: time to first token becomes the time of the whole answer, and of every climb.");
                break;
            case StreamMode.Pass when route.Escalation is { LooksAtTheAnswer: true }:
                lints.Add(LintCatalogue.PassCannotClimb, own.Escalate is null ? path : PolicyPath.Of(path, "escalate"), own.Escalate?.On is null ? (own.Escalate is null ? key : null) : "on",
                    $"{who} streams at once, so what its answer is like can no longer make it climb; only unavailable can.");
                break;
            case StreamMode.FirstValidPrefix when !route.Checks.Any(check => check.Watch() is not null):
                lints.Add(LintCatalogue.PrefixUnwatched, path, key, $"{who} waits for a valid beginning, but none of its checks can judge one: it is held to the end.");
                break;
            default: break;
        }
    }
}
