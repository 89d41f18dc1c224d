using Rung.Control.Alerts;
using Rung.Control.Tests.Evals;
using Rung.Core.Alerts;

namespace Rung.Control.Tests.Alerts;

/// <summary>Quality and cost side by side, and what a silence must keep to.</summary>
public sealed class AlertAxesTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_tag_has_both_axes_and_is_armed_only_with_both()
    {
        var policy = AnyEval.Policy("""
            tags:
              both: { tier: small, floor: { verdict: judge, at_least: 0.9 }, ceiling: { usd_per_call: 0.01 } }
              half: { tier: small, ceiling: { usd_per_call: 0.01 } }
              none: { tier: small }
              bare: { tier: small }
            default: { tier: frontier }
            """);
        var listing = new AlertListing
        {
            At = s_noon, Silences = [],
            Alerts =
            [
                Row(AlertKind.CostCeiling, "both", AlertState.Pending), Row(AlertKind.QualityFloor, "both", AlertState.Firing), Row(AlertKind.InputDrift, "bare", AlertState.Firing),
                Row(AlertKind.QualityFloor, "none", AlertState.Resolved), Row(AlertKind.RolloutStalled, "half", AlertState.Firing),
            ],
        };

        var axes = AlertAxes.Of(policy, listing);

        Assert.Equal(["bare", "both", "half"], axes.Select(one => one.Tag));
        Assert.Equal(AlertKind.InputDrift, Assert.Single(axes[0].Quality).Alert.Kind);
        Assert.Equal((true, AlertKind.QualityFloor, AlertKind.CostCeiling), (axes[1].Arming.IsArmed, Assert.Single(axes[1].Quality).Alert.Kind, Assert.Single(axes[1].Cost).Alert.Kind));
        Assert.False(axes[2].Arming.IsArmed);
        Assert.Contains("no floor", axes[2].Arming.Why);
        Assert.Empty(axes[2].Quality.Concat(axes[2].Cost)); // A stalled rollout is neither.
    }

    [Theory]
    [InlineData(null, null, null, "4h", "why", SilenceFault.Everything)]
    [InlineData(" ", "", null, "4h", "why", SilenceFault.Everything)]
    [InlineData("k", null, "nonsense", "4h", "why", SilenceFault.UnknownKind)]
    [InlineData("k", null, null, "4 hours", "why", SilenceFault.NoLength)]
    [InlineData("k", null, null, "91d", "why", SilenceFault.NoLength)]
    [InlineData("k", null, null, null, "why", SilenceFault.NoLength)]
    [InlineData("k", null, null, "4h", " ", SilenceFault.NoReason)]
    public void A_silence_that_says_too_little_is_none(string? key, string? tag, string? kind, string? length, string? why, SilenceFault fault)
    {
        Assert.Equal(fault, SilenceRules.Read(new SilenceWish(key, tag, kind, length, why), "ana", s_noon, out var draft));
        Assert.Null(draft);
    }

    [Fact]
    public void A_silence_is_from_now_for_its_length_under_the_name_of_whoever_asks()
    {
        Assert.Null(SilenceRules.Read(new SilenceWish(null, " sort ", "cost_ceiling", "2d", " known "), "ana", s_noon, out var draft));

        Assert.Equal((null, "sort", AlertKind.CostCeiling, "ana", "known"), (draft!.Key, draft.Tag, draft.Kind, draft.Who, draft.Why));
        Assert.Equal((s_noon, s_noon.AddDays(2)), (draft.From, draft.Until));
    }

    private static AlertRow Row(AlertKind kind, string tag, AlertState state) => new(
        new Alert
        {
            Key = $"{kind}:{tag}", Kind = kind, Severity = AlertSeverity.Warning, Tag = tag, Summary = "it is so", Since = s_noon, State = state, PendingAt = s_noon, SeenAt = s_noon,
            FiringAt = state == AlertState.Pending ? null : s_noon, EndedAt = state == AlertState.Resolved ? s_noon : null,
        }, SilencedBy: null);
}
