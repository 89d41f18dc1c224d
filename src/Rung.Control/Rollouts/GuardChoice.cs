using System.Collections.Immutable;
using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Core.Rollouts;

namespace Rung.Control.Rollouts;

/// <summary>Chooses what a rollout watches, from what its tags' calls were really judged by.</summary>
internal static class GuardChoice
{
    /// <summary>Fewest items of a kind that make a guard worthwhile.</summary>
    public const int LeastSeen = 30;

    /// <summary>Whether a metric judges answers.</summary>
    public static bool IsQuality(GuardMetric metric) => metric is GuardMetric.Judge or GuardMetric.Verifier or GuardMetric.Feedback or GuardMetric.Override;

    /// <summary>The guards where none are named, with a note on what was left out and why.</summary>
    /// <exception cref="RolloutException">Nothing judged the tags' answers, so that nothing could show harm to quality.</exception>
    public static ImmutableArray<Guard> Choose(TagTraffic traffic, bool startsLower, string tags, List<string> notes)
    {
        var guards = ImmutableArray.CreateBuilder<Guard>();
        foreach (var (metric, signal) in s_quality)
        {
            if (traffic.Judged(signal) >= LeastSeen) guards.Add(Of(metric, traffic));
        }
        if (guards.Count == 0)
        {
            var most = s_quality.Select(pair => traffic.Judged(pair.Signal)).Max();
            throw new RolloutException(RolloutFault.Invalid,
                $"Nothing judges the answers of {tags}: in the last {TrafficSurvey.Window.Days} days no judge, verifier, feedback or override gave {LeastSeen} verdicts ({most} at most, {traffic.Calls:N0} calls). A rollout could not see a loss of quality.",
                "Have answers judged first (rung eval judge, rung review plan, POST /rung/feedback, a verifier in checks), or name the guards that you want with --guards.");
        }
        if (traffic.Checked >= LeastSeen)
        {
            if (startsLower)
            {
                notes.Add("check_failure and escalation are not guarded: the candidate starts on a cheaper tier, where more first answers fail and climb. That costs money and time, which cost_per_call and p95_latency watch. Name them with --guards to watch them all the same.");
            }
            else
            {
                guards.Add(Of(GuardMetric.CheckFailure, traffic));
                guards.Add(Of(GuardMetric.Escalation, traffic));
            }
        }
        guards.Add(Of(GuardMetric.Error, traffic));
        guards.Add(Of(GuardMetric.LatencyP95, traffic));
        if (traffic.Streams >= LeastSeen) guards.Add(Of(GuardMetric.FirstByteP95, traffic));
        if (traffic.Priced >= LeastSeen) guards.Add(Of(GuardMetric.CostPerCall, traffic));
        else notes.Add($"cost is not guarded: only {traffic.Priced:N0} of {traffic.Calls:N0} calls have a known price.");
        if (traffic.SessionCap is not null && traffic.Sessions >= LeastSeen && traffic.WithSession * 2 >= traffic.Calls) guards.Add(Of(GuardMetric.CostPerSession, traffic));
        return guards.ToImmutable();
    }

    /// <summary>Guards that somebody named, with caps for those of cost.</summary>
    /// <exception cref="RolloutException">A cost is to be guarded and no price is known.</exception>
    public static ImmutableArray<Guard> Complete(ImmutableArray<Guard> named, TagTraffic traffic, string tags, List<string> notes)
    {
        if (!named.Any(guard => IsQuality(guard.Metric)))
            notes.Add("no guard judges answers (judge, verifier, feedback, override): a loss of quality will not be seen.");
        return [.. named.Select(Capped)];

        Guard Capped(Guard guard)
        {
            if (!GuardDefaults.IsCost(guard.Metric) || guard.CapNanoUsd is not null) return guard;
            return guard with
            {
                CapNanoUsd = CapOf(guard.Metric, traffic) ?? throw new RolloutException(RolloutFault.Invalid,
                    $"{GuardWords.Of(guard.Metric)} cannot be guarded: no call of {tags} in the last {TrafficSurvey.Window.Days} days has a known price{(guard.Metric == GuardMetric.CostPerSession ? " and a session" : "")}.",
                    "Give the models a price (rung prices list shows what is known), or leave the guard out."),
            };
        }
    }

    /// <summary>Whether the candidate starts any tag on a cheaper tier than the current policy.</summary>
    public static bool StartsLower(PolicySnapshot current, PolicySnapshot candidate, IEnumerable<string> tags) => tags.Any(tag =>
    {
        var (before, after) = (Place(current, tag), Place(candidate, tag));
        return before is not null && after is not null && after < before;

        // By what stands above it rather than by the number of the rung: a ladder may have grown at its lower end.
        static int? Place(PolicySnapshot policy, string tag) => policy.Tags.TryGetValue(tag, out var route) ? route.Tier.Index - policy.Ladder.Length : null;
    });

    private static readonly (GuardMetric Metric, QualitySignal Signal)[] s_quality =
    [
        (GuardMetric.Judge, QualitySignal.Judge), (GuardMetric.Verifier, QualitySignal.Verifier),
        (GuardMetric.Feedback, QualitySignal.Feedback), (GuardMetric.Override, QualitySignal.Override),
    ];

    private static Guard Of(GuardMetric metric, TagTraffic traffic) => new(metric, GuardDefaults.Margin(metric)) { CapNanoUsd = CapOf(metric, traffic) };

    private static long? CapOf(GuardMetric metric, TagTraffic traffic) => metric switch
    {
        GuardMetric.CostPerCall => traffic.CallCap, GuardMetric.CostPerSession => traffic.SessionCap, _ => null,
    };
}
