using Rung.Core.Measurement;
using Rung.Core.Rollouts;

namespace Rung.Core.Tests.Rollouts;

public sealed class RolloutLawTests
{
    private static readonly DateTimeOffset s_at = Some.Monday;
    private static readonly RolloutPlan s_plan = Some.Plan(GuardMetric.Judge) with { Unit = RolloutUnit.Call };

    [Fact]
    public void Margins_are_wider_while_few_users_see_the_candidate()
    {
        Assert.Equal([5, 2, 1, 1], Enumerable.Range(0, 4).Select(stage => RolloutLaw.MarginFactor(s_plan, stage)));
        Assert.Equal(5, RolloutLaw.MarginFactor(s_plan, -1));
    }

    [Fact]
    public void Share_times_tolerated_harm_is_never_more_than_the_margin()
    {
        var plan = s_plan with { Stages = [10, 100, 500, 2_000, 3_300, 8_000, RolloutPlan.Whole] };
        for (var stage = 0; stage + 1 < plan.Stages.Length; stage++) Assert.True(RolloutLaw.MarginFactor(plan, stage) * plan.Stages[stage + 1] <= RolloutPlan.Whole + 1e-6);
    }

    [Fact]
    public void A_good_candidate_is_held_for_the_stages_least_time_and_then_advances()
    {
        var book = Good(400);
        var early = RolloutLaw.Decide(s_plan, 0, s_at, s_at.AddDays(2), book);
        Assert.Equal(RolloutDecision.Hold, early.Decision);
        Assert.Equal(s_at + (TimeSpan.FromDays(7) / 3), early.NotBefore);
        Assert.Equal("The stage's least time is over at 2026-11-18 16:00 UTC.", early.Why);

        var later = RolloutLaw.Decide(s_plan, 0, s_at, s_at.AddDays(3), book);
        Assert.Equal(RolloutDecision.Advance, later.Decision);
        Assert.Equal("Its guard is within its margin for 10 % of the units.", later.Why);
        Assert.Equal(GuardState.Held, Assert.Single(later.Guards).State);
        Assert.Equal(0.15, later.Guards[0].Margin, 12);
    }

    [Fact]
    public void A_stage_is_not_left_before_every_guard_has_seen_enough_of_it()
    {
        var book = Good(400);
        book.BeginStage();
        var verdict = RolloutLaw.Decide(s_plan, 1, s_at, s_at.AddDays(3), book);
        Assert.Equal((RolloutDecision.Hold, "judge has seen 0 of the 50 units of the candidate that the stage needs."), (verdict.Decision, verdict.Why));
    }

    [Fact]
    public void What_is_not_shown_is_waited_for()
    {
        // 60 units show that a tenth are not worse by 15 points, and not that the whole are not worse by 3.
        var book = Good(120);
        Assert.Equal(RolloutDecision.Advance, RolloutLaw.Decide(s_plan, 0, s_at, s_at.AddDays(3), book).Decision);
        var verdict = RolloutLaw.Decide(s_plan, 2, s_at, s_at.AddDays(3), book);
        Assert.Equal(RolloutDecision.Hold, verdict.Decision);
        Assert.StartsWith("Not yet shown to be within its margin: judge: 1.000 (120 units) against 1.000 (1,080)", verdict.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worse_candidate_is_rolled_back_at_any_stage_at_once()
    {
        var book = new GuardBook(s_plan);
        Feed(book, 300, candidateBad: 4);
        for (var stage = 0; stage < 4; stage++)
        {
            var verdict = RolloutLaw.Decide(s_plan, stage, s_at, s_at, book);
            Assert.Equal(RolloutDecision.RollBack, verdict.Decision);
            Assert.StartsWith("Worse than the current policy: judge: 0.75", verdict.Why, StringComparison.Ordinal);
            Assert.EndsWith(": broken.", verdict.Why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_difference_that_is_shown_to_be_smaller_than_the_margin_is_not_harm()
    {
        var plan = s_plan with { Guards = [new Guard(GuardMetric.Judge, 0.2)] };
        var book = new GuardBook(plan);
        Feed(book, 2000, candidateBad: 20); // Worse by 5 points, surely; and surely by less than 20.
        var reading = book.Only();
        Assert.True(reading.HarmEvidence > Math.Log(20));
        Assert.Equal(GuardState.Held, reading.State);
        Assert.Equal(RolloutDecision.Advance, RolloutLaw.Decide(plan, 2, s_at, s_at.AddDays(3), book).Decision);
    }

    [Fact]
    public void The_shadow_and_the_last_stage_are_held()
    {
        var book = Good(400);
        Assert.Equal((RolloutDecision.Hold, null), (RolloutLaw.Decide(s_plan, -1, s_at, s_at.AddDays(30), book).Decision, RolloutLaw.Decide(s_plan, -1, s_at, s_at, book).NotBefore));
        Assert.Equal((RolloutDecision.Hold, null), (RolloutLaw.Decide(s_plan, 3, s_at, s_at.AddDays(30), book).Decision, RolloutLaw.Decide(s_plan, 3, s_at, s_at, book).NotBefore));
    }

    [Fact]
    public void Intervals_change_the_words_and_not_the_decision()
    {
        var book = new GuardBook(s_plan);
        for (var i = 0; i < 400; i++)
        {
            Feed(book, 1, candidateBad: i % 7 == 0 ? 1 : 0, i);
            for (var stage = i % 4; i % 8 < 4 && stage < 4; stage += 4)
            {
                var (with, without) = (RolloutLaw.Decide(s_plan, stage, s_at, s_at.AddDays(3), book), RolloutLaw.Decide(s_plan, stage, s_at, s_at.AddDays(3), book, withIntervals: false));
                Assert.Equal(with.Decision, without.Decision);
                Assert.Equal(with.Guards[0].HarmEvidence, without.Guards[0].HarmEvidence, 12);
            }
        }
    }

    [Fact]
    public void A_candidate_that_fails_after_a_long_good_time_is_found_by_what_the_stage_has_seen()
    {
        var book = new GuardBook(s_plan);
        book.BeginStage();
        for (var i = 0; i < 4000; i++) Feed(book, 1, candidateBad: i % 12 == 0 ? 1 : 0, i, currentBad: i % 12 == 6);
        book.BeginStage();
        var needed = 0;
        while (book.Read(1, withIntervals: false)[0].State != GuardState.Broken && needed < 4000) Feed(book, 1, candidateBad: needed % 4 == 0 ? 1 : 0, 10_000 + needed++);
        Assert.InRange(needed, 20, 200);
    }

    [Fact]
    public void Of_a_tail_that_is_a_fifth_slower_the_guard_of_times_says_so()
    {
        var plan = Some.Plan(GuardMetric.LatencyP95) with { Unit = RolloutUnit.Call };
        var (slower, equal) = (new GuardBook(plan), new GuardBook(plan));
        for (var i = 0; i < 30_000; i++)
        {
            // Spread evenly over a decade, in an order that mixes them.
            var micros = 100_000 * Math.Pow(10, (i * 7919 % 30_000) / 30_000.0);
            var call = Some.Call($"u{i}", candidate: i % 2 == 0, s_at) with { LatencyMicros = (long)micros };
            equal.Add(call);
            slower.Add(i % 2 == 0 ? call with { LatencyMicros = (long)(1.2 * micros) } : call);
        }
        Assert.Equal(GuardState.Broken, slower.Only().State);
        Assert.InRange(slower.Only().Worse!.Value.Estimate, 0.19, 0.21);
        Assert.True(slower.Only().Worse!.Value.Low > 0);
        Assert.Equal(GuardState.Held, equal.Only(stage: 0).State);
        Assert.InRange(equal.Only().Worse!.Value.Estimate, -0.01, 0.01);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(30)] // Longer than a burst.
    public void Calls_of_a_session_that_are_all_alike_are_no_more_evidence_than_one_of_them(int calls)
    {
        var plan = Some.Plan(GuardMetric.LatencyP95);
        var (single, alike) = (new GuardBook(plan), new GuardBook(plan));
        for (var i = 0; i < 4000; i++)
        {
            var micros = 100_000 * Math.Pow(10, (i * 1009 % 4000) / 4000.0) * (i % 2 == 0 ? 1.2 : 1);
            for (var again = 0; again < calls; again++)
            {
                var call = Some.Call($"u{i}", candidate: i % 2 == 0, s_at.AddSeconds((40 * i) + again)) with { LatencyMicros = (long)micros };
                alike.Add(call);
                if (again == 0) single.Add(call);
            }
            single.Settle(s_at.AddSeconds(40 * i));
            alike.Settle(s_at.AddSeconds(40 * i));
        }
        var (one, many) = (single.Only(), alike.Only());
        Assert.Equal(calls * one.CandidateCount, many.CandidateCount);
        Assert.True(one.HarmEvidence > 1, $"{one.HarmEvidence}");
        Assert.InRange(many.HarmEvidence / one.HarmEvidence, 0.75, 1.25);
    }

    [Fact]
    public void Bounds_agree_with_states() // What is shown beside a state must not contradict it.
    {
        var book = new GuardBook(s_plan);
        for (var i = 0; i < 600; i++)
        {
            Feed(book, 1, candidateBad: i % 9 == 0 ? 1 : 0, i);
            if (i % 10 != 0) continue;
            var reading = book.Only(stage: 1);
            if (reading.State == GuardState.Held) Assert.True(reading.Worse!.Value.High < reading.Margin + 0.002);
            else if (reading.State == GuardState.Open) Assert.True(reading.Worse!.Value.High >= reading.Margin - 0.002);
        }
    }

    private static GuardBook Good(int units)
    {
        var book = new GuardBook(s_plan);
        Feed(book, units, candidateBad: 0);
        return book;
    }

    /// <summary>One unit of the candidate and nine of the current policy, so many times.</summary>
    private static void Feed(GuardBook book, int times, int candidateBad, int from = 0, bool currentBad = false)
    {
        for (var i = 0; i < times; i++)
        {
            var at = s_at.AddSeconds(from + i);
            Some.Judge(book, candidate: false, 9, currentBad ? 1 : 0, at);
            book.Add(Some.Verdict($"c{from + i}", candidate: true, at, QualitySignal.Judge, candidateBad > 0 && i % candidateBad == 0 ? 0 : 1));
        }
    }
}
