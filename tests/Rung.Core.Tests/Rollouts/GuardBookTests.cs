using Rung.Core.Measurement;
using Rung.Core.Rollouts;

namespace Rung.Core.Tests.Rollouts;

public sealed class GuardBookTests
{
    private static readonly DateTimeOffset s_at = Some.Monday;

    [Fact]
    public void A_burst_is_one_observation_with_the_mean_of_its_calls()
    {
        var book = new GuardBook(Some.Plan(GuardMetric.Escalation));
        for (var i = 0; i < 4; i++) book.Add(Some.Call("ann", candidate: true, s_at.AddSeconds(20 * i)) with { Escalated = i == 0 });
        book.Add(Some.Call("bob", candidate: false, s_at));
        Assert.Equal(0, book.Only().CandidateCount);

        book.Settle(s_at.AddSeconds(60) + GuardBook.BurstIdle - TimeSpan.FromSeconds(1));
        Assert.Equal(0, book.Only().CandidateCount);
        book.Settle(s_at.AddSeconds(60) + GuardBook.BurstIdle);

        var reading = book.Only();
        Assert.Equal((1, 1), (reading.CandidateCount, reading.CurrentCount));
        Assert.Equal(0.25, reading.Candidate!.Value, 12);
        Assert.Equal(0.25, reading.Worse!.Value.Estimate, 12);
        Assert.Equal((4, 1), (book.CallsExposed, book.CallsCurrent));
    }

    [Fact]
    public void A_burst_ends_after_ten_calls_and_after_two_idle_minutes()
    {
        var book = new GuardBook(Some.Plan(GuardMetric.Error));
        for (var i = 0; i < 25; i++) book.Add(Some.Call("ann", candidate: true, s_at.AddSeconds(i)));
        Assert.Equal(2, book.Only().CandidateCount);
        book.Add(Some.Call("ann", candidate: true, s_at.AddMinutes(10)));
        Assert.Equal(3, book.Only().CandidateCount);
    }

    [Fact]
    public void A_unit_that_the_ramp_moves_has_a_burst_on_each_side()
    {
        var book = new GuardBook(Some.Plan(GuardMetric.Error));
        book.Add(Some.Call("ann", candidate: false, s_at));
        book.Add(Some.Call("ann", candidate: true, s_at.AddSeconds(5)));
        book.Settle(s_at.AddMinutes(5));
        var reading = book.Only();
        Assert.Equal((1, 1), (reading.CandidateCount, reading.CurrentCount));
    }

    [Fact]
    public void Where_each_call_is_a_unit_it_is_observed_at_once()
    {
        var book = new GuardBook(Some.Plan(GuardMetric.Error) with { Unit = RolloutUnit.Call });
        book.Add(Some.Call("one", candidate: true, s_at));
        Assert.Equal(1, book.Only().CandidateCount);
    }

    [Fact]
    public void Each_metric_takes_what_it_looks_at()
    {
        var plan = Some.Plan() with { Guards = Some.AllGuards, Unit = RolloutUnit.Call };
        var book = new GuardBook(plan);
        for (var i = 0; i < 2; i++)
        {
            var call = Some.Call($"u{i}", candidate: i == 0, s_at) with { Checked = true, CheckFailed = i == 0, Escalated = i == 0, Unverified = i == 0, VerifierScore = i == 0 ? 0.5 : 0.9, CostNanoUsd = i == 0 ? 4_000_000 : 2_000_000, LatencyMicros = i == 0 ? 2_000_000 : 1_000_000 };
            book.Add(call);
            book.Add(Some.Verdict($"u{i}", i == 0, s_at, QualitySignal.Judge, i == 0 ? 0.6 : 0.8));
            book.Add(Some.Verdict($"u{i}", i == 0, s_at, QualitySignal.Feedback, i == 0 ? 0.1 : 1));
            if (i == 0) book.Add(Some.Verdict($"u{i}", candidate: true, s_at, QualitySignal.Override, 0.2) with { CallId = call.Id });
        }
        book.Settle(s_at.AddHours(2));

        var worse = book.Read(0, withIntervals: true).ToDictionary(reading => reading.Guard.Metric, reading => Math.Round(reading.Worse!.Value.Estimate, 3));
        Assert.Equal(0.2, worse[GuardMetric.Judge]);
        Assert.Equal(0.4, worse[GuardMetric.Verifier]);
        Assert.Equal(0.9, worse[GuardMetric.Feedback]);
        Assert.Equal(1, worse[GuardMetric.Override]);
        Assert.Equal(1, worse[GuardMetric.CheckFailure]);
        Assert.Equal(1, worse[GuardMetric.Escalation]);
        Assert.Equal(1, worse[GuardMetric.Error]);
        Assert.InRange(worse[GuardMetric.LatencyP95], 0.98, 1.02);
        Assert.Equal(0, worse[GuardMetric.FirstByteP95]);
        Assert.Equal(1, worse[GuardMetric.CostPerCall]);
        Assert.Equal(1, worse[GuardMetric.CostPerSession]);
    }

    [Fact]
    public void A_call_without_a_check_says_nothing_about_checks()
    {
        var book = new GuardBook(Some.Plan(GuardMetric.CheckFailure) with { Unit = RolloutUnit.Call });
        book.Add(Some.Call("one", candidate: true, s_at));
        Assert.Equal(0, book.Only().CandidateCount);
    }

    [Fact]
    public void A_call_is_not_overridden_before_its_wait_is_over()
    {
        var book = new GuardBook(Some.Plan(GuardMetric.Override) with { Unit = RolloutUnit.Call });
        var (kept, replaced, late) = (Some.Call("kept", candidate: true, s_at), Some.Call("replaced", candidate: true, s_at), Some.Call("late", candidate: true, s_at));
        book.Add(kept);
        book.Add(replaced);
        book.Add(late);
        book.Add(Some.Call("other", candidate: false, s_at));
        book.Add(Some.Verdict("replaced", candidate: true, s_at.AddMinutes(59), QualitySignal.Override, 0) with { CallId = replaced.Id });
        book.Add(Some.Verdict("kept", candidate: true, s_at.AddMinutes(10), QualitySignal.Override, 1) with { CallId = kept.Id });
        book.Settle(s_at.AddMinutes(59));
        Assert.Equal(0, book.Only().CandidateCount);

        book.Add(Some.Verdict("late", candidate: true, s_at.AddMinutes(61), QualitySignal.Override, 0) with { CallId = late.Id });
        book.Settle(s_at.AddMinutes(61));
        Assert.Equal((3, 1), (book.Only().CandidateCount, book.Only().CurrentCount));
        Assert.Equal(1.0 / 3, book.Only().Candidate!.Value, 12); // The late one came after its call had been counted.
    }

    [Fact]
    public void An_override_that_is_seen_before_its_call_counts()
    {
        var book = new GuardBook(Some.Plan(GuardMetric.Override) with { Unit = RolloutUnit.Call });
        var call = Some.Call("one", candidate: true, s_at);
        book.Add(Some.Verdict("one", candidate: true, s_at.AddSeconds(9), QualitySignal.Override, 0) with { CallId = call.Id });
        book.Add(call);
        book.Add(Some.Call("two", candidate: false, s_at));
        book.Settle(s_at.AddHours(2));
        Assert.Equal(1, book.Only().Candidate);
    }

    [Fact]
    public void Calls_without_an_id_are_overridden_by_their_unit()
    {
        var book = new GuardBook(Some.Plan(GuardMetric.Override));
        book.Add(Some.Call("ann", candidate: true, s_at) with { Id = "" });
        book.Add(Some.Call("bob", candidate: false, s_at) with { Id = "" });
        book.Add(Some.Verdict("ann", candidate: true, s_at.AddMinutes(1), QualitySignal.Override, 0.3));
        book.Settle(s_at.AddHours(2));
        Assert.Equal((1, 0), (book.Only().Candidate, book.Only().Current));
    }

    [Fact]
    public void A_session_is_summed_up_when_it_has_been_idle_for_half_an_hour()
    {
        var book = new GuardBook(Some.Plan(GuardMetric.CostPerSession));
        for (var i = 0; i < 3; i++) book.Add(Some.Call("ann", candidate: true, s_at.AddMinutes(20 * i)));
        book.Add(Some.Call("bob", candidate: false, s_at));
        book.Settle(s_at.AddMinutes(69));
        Assert.Equal((0, 1), (book.Only().CandidateCount, book.Only().CurrentCount));
        book.Settle(s_at.AddMinutes(70));
        Assert.Equal(0.003, book.Only().Candidate!.Value, 9);
        Assert.Equal(2, book.Only().Worse!.Value.Estimate, 9);
    }

    [Fact]
    public void An_unknown_price_is_counted_and_never_zero()
    {
        var book = new GuardBook(Some.Plan(GuardMetric.CostPerCall, GuardMetric.CostPerSession));
        book.Add(Some.Call("ann", candidate: true, s_at) with { CostNanoUsd = null });
        book.Add(Some.Call("ann", candidate: true, s_at.AddSeconds(1)));
        book.Settle(s_at.AddHours(1));
        var readings = book.Read(0, withIntervals: false);
        Assert.Equal(1, readings[0].CandidateCount); // The burst has one call whose price is known.
        Assert.Equal(0, readings[1].CandidateCount); // The session's sum is not known.
        Assert.Equal(2, book.UnknownPrices);
    }

    [Fact]
    public void A_session_on_both_sides_of_the_ramp_belongs_to_none()
    {
        var book = new GuardBook(Some.Plan(GuardMetric.CostPerSession));
        book.Add(Some.Call("ann", candidate: false, s_at));
        book.Add(Some.Call("ann", candidate: true, s_at.AddMinutes(1)));
        book.Settle(s_at.AddHours(1));
        Assert.Equal((0, 0, 1), (book.Only().CandidateCount, book.Only().CurrentCount, book.Unobserved));
    }

    [Fact]
    public void Other_rollouts_calls_outside_and_copies_are_left_out()
    {
        var book = new GuardBook(Some.Plan(GuardMetric.Error) with { Unit = RolloutUnit.Call }, rollout: 7);
        book.Add(Some.Call("one", candidate: true, s_at) with { Arm = "8:candidate" });
        book.Add(Some.Call("two", candidate: true, s_at) with { Arm = null });
        book.Add(Some.Call("three", candidate: true, s_at) with { Tag = "shadow.classify" });
        Assert.Equal(0, book.CallsExposed);
        book.Add(Some.Call("four", candidate: true, s_at) with { Arm = "7:holdback" });
        Assert.Equal((0, 1), (book.Only().CandidateCount, book.Only().CurrentCount));
    }

    [Fact]
    public void Samples_of_a_stage_count_from_its_beginning()
    {
        var book = new GuardBook(Some.Plan(GuardMetric.Judge) with { Unit = RolloutUnit.Call });
        Some.Judge(book, candidate: true, 60, 0, s_at);
        Assert.Null(book.FirstShort(50));
        book.BeginStage();
        Assert.Equal((0, "units"), (book.FirstShort(50)!.Value.Count, book.FirstShort(50)!.Value.Noun));
        Assert.Equal(60, book.Only().CandidateCount);
    }

    [Fact]
    public void Readings_say_in_words_what_they_are()
    {
        var book = new GuardBook(Some.Plan(GuardMetric.Judge) with { Unit = RolloutUnit.Call });
        Assert.Equal("judge: 0 units of the candidate and 0 of the current policy, none to compare yet: open", book.Only().Words);
        for (var i = 0; i < 300; i++)
        {
            Some.Judge(book, candidate: true, 1, i % 20 == 0 ? 1 : 0, s_at.AddSeconds(i));
            Some.Judge(book, candidate: false, 9, 0, s_at.AddSeconds(i));
        }
        Assert.Matches("^judge: 0.950 \\(300 units\\) against 1.000 \\(2,700\\): worse by 0.05 \\(-?0.\\d{3} to 0.\\d{3}\\), margin 0.03: (open|broken)$", book.Only().Words);
    }

    [Fact]
    public void What_changes_for_both_sides_at_once_is_no_difference()
    {
        // Quality falls by half for everybody between two stages of 1 and 50 percent: the totals differ, the pairs do not.
        var book = new GuardBook(Some.Plan(GuardMetric.Judge) with { Unit = RolloutUnit.Call });
        for (var i = 0; i < 30; i++)
        {
            Some.Judge(book, candidate: false, 99, 0, s_at.AddSeconds(i));
            Some.Judge(book, candidate: true, 1, 0, s_at.AddSeconds(i));
        }
        for (var i = 0; i < 2000; i++)
        {
            Some.Judge(book, candidate: false, 1, i % 2, s_at.AddHours(1).AddSeconds(i));
            Some.Judge(book, candidate: true, 1, i % 2, s_at.AddHours(1).AddSeconds(i));
        }
        Assert.Equal(GuardState.Held, book.Only().State);
        Assert.True(Math.Abs(book.Only().Worse!.Value.Estimate) < 0.01);
    }
}
