using System.Collections.Immutable;
using Rung.Core.Measurement;
using Rung.Core.Rollouts;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Measurement;

/// <summary>What records of the ledger say to those who measure.</summary>
public sealed class ObservedCallsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_call_that_climbed_started_on_its_first_rung_and_its_first_judged_answer_failed()
    {
        var call = Call(
            Attempt(0, AttemptKind.First, "haiku", "small", AttemptOutcome.RateLimited),
            Attempt(1, AttemptKind.Failover, "local", "small", AttemptOutcome.CheckFailed, new CheckVerdict("v", false, "no") { Score = 0.2 }),
            Attempt(2, AttemptKind.Verifier, "judge", "small", AttemptOutcome.Completed),
            Attempt(3, AttemptKind.Escalation, "sonnet", "mid", AttemptOutcome.Completed, new CheckVerdict("v", true, null) { Score = 0.8 }, new CheckVerdict("json", true, null)));

        var observed = ObservedCalls.Of(call);

        Assert.Equal(("small", "sonnet", "sonnet-upstream", "s1"), (observed.Tier, observed.Model, observed.UpstreamModel, observed.Unit));
        Assert.True(observed is { Checked: true, CheckFailed: true, Escalated: true, FailedOver: true, Failed: false, Unverified: false });
        Assert.Equal(0.8, observed.VerifierScore);
    }

    [Fact]
    public void An_unknown_price_is_no_cost_and_a_call_without_checks_was_not_checked()
    {
        var call = Call(Attempt(0, AttemptKind.First, "sonnet", "mid", AttemptOutcome.Completed));
        call.UnknownPriceAttempts = 1;

        var observed = ObservedCalls.Of(call);

        Assert.Null(observed.CostNanoUsd);
        Assert.True(observed is { Checked: false, CheckFailed: false, VerifierScore: null });
    }

    [Theory]
    [InlineData(CallStatus.Answered, false, false)]
    [InlineData(CallStatus.AnsweredUnverified, false, true)]
    [InlineData(CallStatus.Failed, true, false)]
    [InlineData(CallStatus.CutShort, true, false)]
    [InlineData(CallStatus.ClientGone, false, false)]
    [InlineData(CallStatus.Rejected, false, false)]
    public void What_is_the_clients_own_fault_is_no_failure(CallStatus status, bool failed, bool unverified)
    {
        var call = Call(Attempt(0, AttemptKind.First, "sonnet", "mid", AttemptOutcome.Completed));
        call.Status = status;

        var observed = ObservedCalls.Of(call);

        Assert.Equal((failed, unverified), (observed.Failed, observed.Unverified));
    }

    [Fact]
    public void The_unit_is_what_the_rollout_assigns_by()
    {
        var call = Call();

        Assert.Equal(("s1", "u1", call.Id), (ObservedCalls.Of(call).Unit, ObservedCalls.Of(call, RolloutUnit.User).Unit, ObservedCalls.Of(call, RolloutUnit.Call).Unit));
    }

    [Fact]
    public void A_verdict_is_of_its_calls_tag_arm_and_revision_and_what_is_only_recorded_is_none()
    {
        var call = ObservedCalls.Of(Call(Attempt(0, AttemptKind.First, "sonnet", "mid", AttemptOutcome.Completed, new CheckVerdict("v", true, null) { Score = 0.7 })));
        var verdict = new VerdictRecord { Id = "v", CallId = call.Id, Kind = VerdictKind.Review, Score = 1, Weight = 1, By = "ana", At = Noon };

        var observed = ObservedCalls.Of(verdict, call)!.Value;

        Assert.Equal((QualitySignal.Judge, "t", "7:current", "s1", "mid", 3L, 0.7), (observed.Signal, observed.Tag, observed.Arm, observed.Unit, observed.Tier, observed.Revision, observed.VerifierScore));
        Assert.Null(ObservedCalls.Of(verdict with { Weight = 0 }, call));
        Assert.Null(ObservedCalls.Of(verdict with { Kind = VerdictKind.ConversationLength }, call));
    }

    private static CallRecord Call(params AttemptRecord[] attempts) => new()
    {
        Id = $"{Noon.ToUnixTimeMilliseconds():x12}7{1:x19}", StartedAt = Noon, Tag = "t", Session = "s1", User = "u1", Arm = "7:current", Route = "t", PolicyRevision = 3, PolicyHash = "h",
        Status = CallStatus.Answered, Model = "sonnet", Tier = "mid", CostNanoUsd = 100, Attempts = [.. attempts],
    };

    private static AttemptRecord Attempt(int ordinal, AttemptKind kind, string model, string tier, AttemptOutcome outcome, params CheckVerdict[] checks) => new()
    {
        Ordinal = ordinal, Kind = kind, Model = model, Provider = "p", Tier = tier, Propensity = 1, StartedAt = Noon, Outcome = outcome, UpstreamModel = $"{model}-upstream",
        Checks = ImmutableArray.Create(checks),
    };
}
