using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Rollouts;

namespace Rung.Core.Tests.Rollouts;

public sealed class RolloutAssignmentTests
{
    private static readonly Arbitrary<int> s_shares = Gen.Choose(0, RolloutPlan.Whole).ToArbitrary();

    [Fact]
    public void A_hundred_thousand_units_change_sides_by_the_ramp_alone_and_the_shares_are_within_sampling_error()
    {
        const int Units = 100_000;
        const int Holdback = 500;
        int[] stages = [100, 1_000, 5_000, RolloutPlan.Whole];
        var before = new RolloutArm[Units];
        foreach (var share in stages)
        {
            var (candidates, held) = (0, 0);
            for (var unit = 0; unit < Units; unit++)
            {
                // Computed anew each time, as another replica or a restarted one would.
                var arm = RolloutAssignment.ArmOf(RolloutAssignment.Point("salt", $"unit-{unit}"), share, Holdback);
                if (before[unit] != RolloutArm.Current && arm != before[unit]) Assert.Fail($"Unit {unit} was moved from {before[unit]} to {arm} at {share}.");
                before[unit] = arm;
                if (arm == RolloutArm.Candidate) candidates++;
                if (arm == RolloutArm.Holdback) held++;
            }
            AssertShare(candidates, Math.Min(share, RolloutPlan.Whole - Holdback), Units);
            AssertShare(held, Holdback, Units);
        }

        static void AssertShare(int count, int share, int of)
        {
            var expected = (double)share / RolloutPlan.Whole;
            Assert.True(Math.Abs(((double)count / of) - expected) <= 4 * Math.Sqrt(expected * (1 - expected) / of), $"{count} of {of} for {expected}");
        }
    }

    [Fact]
    public void A_larger_share_never_moves_a_unit_back() => Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), s_shares, s_shares, (point, a, b) =>
        RolloutAssignment.ArmOf(point, Math.Min(a, b), 0) != RolloutArm.Candidate || RolloutAssignment.ArmOf(point, Math.Max(a, b), 0) == RolloutArm.Candidate).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_held_back_does_not_depend_on_the_share() => Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), s_shares, s_shares, (point, a, b) =>
        (RolloutAssignment.ArmOf(point, a, 700) == RolloutArm.Holdback) == (RolloutAssignment.ArmOf(point, b, 700) == RolloutArm.Holdback)).QuickCheckThrowOnFailure();

    [Fact]
    public void Two_salts_assign_independently()
    {
        var both = Enumerable.Range(0, 20_000).Count(unit =>
            RolloutAssignment.ArmOf(RolloutAssignment.Point("one", $"u{unit}"), 5_000, 0) == RolloutArm.Candidate && RolloutAssignment.ArmOf(RolloutAssignment.Point("two", $"u{unit}"), 5_000, 0) == RolloutArm.Candidate);
        Assert.InRange(both, 4_700, 5_300);
    }

    // Pinned: a unit that were assigned otherwise by another version would change sides in the middle of a rollout.
    [Fact]
    public void The_point_of_a_unit_is_the_same_in_every_release()
    {
        Assert.Equal(Convert.ToUInt64(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("salt\0unit-1"u8))[..16], 16), RolloutAssignment.Point("salt", "unit-1"));
        Assert.NotEqual(RolloutAssignment.Point("a", "bc"), RolloutAssignment.Point("ab", "c"));
    }

    [Fact]
    public void A_point_costs_no_allocation()
    {
        RolloutAssignment.Point("salt", "unit");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) RolloutAssignment.Point("salt", "a-session-id-of-some-length-0123456789");
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(7, RolloutArm.Candidate)]
    [InlineData(123456, RolloutArm.Current)]
    [InlineData(1, RolloutArm.Holdback)]
    public void The_name_of_an_arm_is_read_again(long rollout, RolloutArm arm)
    {
        Assert.True(ArmName.TryParse(ArmName.Of(rollout, arm), out var number, out var side));
        Assert.Equal((rollout, arm), (number, side));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("candidate")]
    [InlineData(":candidate")]
    [InlineData("x:candidate")]
    [InlineData("7:other")]
    public void What_is_no_name_of_an_arm_is_refused(string? name) => Assert.False(ArmName.TryParse(name, out _, out _));
}
