using Rung.Control.Evals;
using Rung.Control.Evals.Asking;
using Rung.Control.Evals.Runs;
using Rung.Core.Guarantees;
using Rung.Core.Statistics;
using Rung.Storage.Content;

namespace Rung.Control.Tests.Evals.Runs;

/// <summary>Runs: what is asked, what it costs, what is decided, and that nothing stored is asked again.</summary>
public sealed class EvalRunTests
{
    [Fact]
    public async Task The_three_decisions_are_said_in_one_sentence_each()
    {
        await using var folder = await EvalRunFolder.MakeAsync(rows: 150);
        folder.Models.Says = (model, number) => model switch { "good" => "yes", "bad" => number % 6 == 0 ? "no" : "yes", _ => number % 40 == 0 ? "no" : "yes" };

        var (report, end) = await folder.RunAsync(folder.Plan("good", "bad", "unsure"));

        Assert.Equal(RunEnd.Whole, end);
        Assert.Equal([EvalDecision.Eligible, EvalDecision.NotEligible, EvalDecision.CannotBeSaid], report.Candidates.Select(candidate => candidate.Decision));
        Assert.Equal("good: not worse than the known answers by more than 5 points at 95 %; saves 90 %: eligible", report.Candidates[0].Sentence);
        Assert.StartsWith("bad: 16.7 points worse (bound -", report.Candidates[1].Sentence, StringComparison.Ordinal);
        Assert.Matches(@"^unsure: cannot be said with 150 rows \(2\.7 points worse so far, bound -\d\.\d; power \d+(\.\d)? %\): about [\d,]+ rows are needed$", report.Candidates[2].Sentence);
        Assert.True(report.Candidates[2].RowsNeeded > 150);
        Assert.Equal((450 * 1_000L, 75.0), (report.SpentNanoUsd, report.Candidates[0].LatencyP50Ms));
        Assert.Equal(("wrong value", 25), (report.Candidates[1].Failures[0].Kind, report.Candidates[1].Failures[0].Count));
        Assert.Null(report.Candidates[1].Failures[0].Examples[0].Reason); // Content is shown only when it is asked for.
    }

    [Fact]
    public async Task Rows_that_were_not_answered_count_as_wrong_and_ungraded_ones_are_left_out_up_to_two_in_a_hundred()
    {
        await using var folder = await EvalRunFolder.MakeAsync(rows: 200);
        folder.Models.Says = (model, number) => (model, number) switch { ("few", < 4) => "?", ("many", < 5) => "?", ("silent", >= 170) => null, ("pinned", < 30) => "pinned", _ => "yes" };

        var (report, _) = await folder.RunAsync(folder.Plan("few", "many", "silent", "pinned"), content: true);

        Assert.Equal((196, 4, EvalDecision.Eligible), (report.Candidates[0].Rows, report.Candidates[0].Ungraded, report.Candidates[0].Decision));
        Assert.Equal((EvalDecision.CannotBeSaid, 5), (report.Candidates[1].Decision, report.Candidates[1].Ungraded));
        Assert.Equal((200, 30, 0.85), (report.Candidates[2].Rows, report.Candidates[2].Failed, report.Candidates[2].Quality!.Value.Estimate));
        Assert.Equal((30, EvalDecision.NotEligible), (report.Candidates[3].Forbidden, report.Candidates[3].Decision));
        Assert.Equal("forbidden by a pin", report.Candidates[3].Failures[0].Kind);
    }

    [Theory]
    [InlineData(true, EvalDecision.Eligible)]
    [InlineData(false, EvalDecision.JudgeNotTrusted)]
    [InlineData(null, EvalDecision.JudgeNotTrusted)]
    public async Task A_judge_that_is_not_trusted_opens_no_gate(bool? mayOpen, EvalDecision expected)
    {
        await using var folder = await EvalRunFolder.MakeAsync(rows: 120);
        var plan = folder.Plan("good");
        plan = plan with { Terms = plan.Terms with { Judge = "judge", JudgeKappa = 0.6 } };

        var (report, _) = await folder.RunAsync(plan, judge: mayOpen is { } may ? new JudgeStanding(may, 0.7, 0.5, 60, "words") : null);

        Assert.Equal(expected, report.Candidates[0].Decision);
        if (expected != EvalDecision.Eligible) Assert.EndsWith("not eligible yet", report.Candidates[0].Sentence, StringComparison.Ordinal);
        Assert.Equal(120 * 50, report.JudgeNanoUsd);
        // The judge's questions belong to the run, and hold the pins of the tag that they are about.
        Assert.All(folder.Models.Asked.Where(question => question.Purpose == AskPurpose.Judge), question => Assert.Equal((report.Run, "t"), (question.Session, question.AboutTag)));
    }

    [Fact]
    public async Task A_run_that_died_goes_on_and_asks_only_what_was_under_way_again()
    {
        await using var folder = await EvalRunFolder.MakeAsync(rows: 40, row => row with { User = "u-1", DataClass = "phi" });
        folder.Models.Dies = (_, number) => number == 20;
        var plan = folder.Plan("good", "better");

        await Assert.ThrowsAsync<IOException>(() => folder.RunAsync(plan, new RunLimits { Concurrency = 1 }));
        folder.Models.Dies = (_, _) => false;
        var (report, end) = await folder.RunAsync(plan);

        Assert.Equal(RunEnd.Whole, end);
        Assert.Equal((1, 1, 1_000L), (report.CutOff, report.CutOffPaid, report.CutOffNanoUsd)); // The ledger knew of it.
        Assert.Equal(81, folder.Models.Asked.Count);
        Assert.Equal(81_000, report.SpentNanoUsd);
        Assert.Equal(81, folder.Models.Asked.Select(question => question.CallId).Distinct().Count());
        Assert.All(folder.Models.Asked, question => Assert.Equal(("u-1", "phi"), (question.User, question.DataClass)));
        await folder.RunAsync(plan);
        Assert.Equal(81, folder.Models.Asked.Count);
        await folder.RunAsync(plan, new RunLimits { Fresh = true });
        Assert.Equal(161, folder.Models.Asked.Count);
        Assert.Equal(2, (await folder.Store.ListEvalRunsAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task The_cost_cap_holds_before_a_question_is_sent()
    {
        await using var folder = await EvalRunFolder.MakeAsync(rows: 50);
        var plan = folder.Plan("good");

        var (report, end) = await folder.RunAsync(plan, new RunLimits { MostNanoUsd = 20_500 });

        Assert.Equal((RunEnd.CapReached, 20_000L, 30), (end, report.SpentNanoUsd, report.Candidates[0].Missing));
        Assert.Contains("30 of 50 rows are missing", report.Candidates[0].Sentence, StringComparison.Ordinal);
        Assert.Equal(RunEnd.Whole, (await folder.RunAsync(plan, new RunLimits { MostNanoUsd = 50_000 })).End);
        Assert.Equal(50, folder.Models.Asked.Count);
    }

    [Fact]
    public async Task A_candidate_that_never_answers_stops_the_run_and_what_failed_can_be_asked_again()
    {
        await using var folder = await EvalRunFolder.MakeAsync(rows: 40);
        folder.Models.Says = (_, _) => null;
        var plan = folder.Plan("down");

        var stopped = await Assert.ThrowsAsync<EvalException>(() => folder.RunAsync(plan));
        Assert.Contains("--retry-failed", stopped.Fix, StringComparison.Ordinal);
        folder.Models.Says = (_, _) => "yes";
        var (report, _) = await folder.RunAsync(plan, new RunLimits { RetryFailed = true });

        Assert.Equal((40, 0), (report.Candidates[0].Answered, report.Candidates[0].Failed));
    }

    [Fact]
    public async Task What_is_forgotten_leaves_the_run_with_its_row()
    {
        await using var folder = await EvalRunFolder.MakeAsync(rows: 30, row => row with { User = row.Position < 3 ? "u-1" : null });
        var plan = folder.Plan("good");
        await folder.RunAsync(plan);

        var forgotten = await folder.Store.ForgetAsync(new ForgetRequest { User = "u-1", Reason = "asked to" }, CancellationToken.None);
        var (report, _) = await folder.RunAsync(plan);

        Assert.Equal((3, 3), (forgotten.RunAnswers, forgotten.EvalRows));
        Assert.Equal((27, 3, 27), (report.Rows, report.Removed, report.Candidates[0].Rows));
        Assert.Equal(30, folder.Models.Asked.Count);
    }

    [Fact]
    public void Holms_rule_gives_the_smallest_p_value_the_strictest_test_and_stops_at_the_first_failure()
    {
        var (sure, fair, poor) = (Pairs(0, 400), Pairs(8, 400), Pairs(40, 400));

        var results = RunDecisions.Holm([poor, sure, [], fair], 0.05, 0.95);

        Assert.Equal(1 - (0.05 / 3), results[1]!.Value.At, 9);
        Assert.Equal(1 - (0.05 / 2), results[3]!.Value.At, 9);
        Assert.Equal(0.95, results[0]!.Value.At, 9);
        Assert.Null(results[2]);
        Assert.Equal((true, true, false), (results[1]!.Value.NotWorse, results[3]!.Value.NotWorse, results[0]!.Value.NotWorse));
    }

    [Fact]
    public void Over_500_seeded_runs_of_three_candidates_at_the_margin_any_is_wrongly_eligible_at_most_about_one_time_in_twenty()
    {
        var random = new Random(7);
        var wrong = 0;
        for (var repetition = 0; repetition < 500; repetition++)
        {
            // Each is worse by exactly the margin: the boundary of what must not be called eligible. Any is, exactly when Holm's first step is passed.
            var pairs = Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 120).Select(i => new PairedScore(random.NextDouble() < 0.95 ? 1 : 0, 1, 1, i)).ToArray());
            if (NonInferiority.PValue(pairs.MinBy(rows => rows.Count(row => row.Candidate < 1))!, 0.05, 1 - (0.05 / 3)) <= 0.05 / 3) wrong++;
        }

        // 500 × 0.05, and three standard errors of chance.
        Assert.InRange(wrong, 0, 25 + 15);
    }

    [Fact]
    public void A_saving_is_the_ratio_of_the_sums_with_an_interval_that_knows_of_groups()
    {
        var rows = Enumerable.Range(0, 100).Select(i => new PairedCost(10 + (i % 7), 100 + (i % 13), 1, i)).ToList();
        var doubled = rows.Concat(rows).ToList();

        var (saving, grouped) = (SavingEstimate.Of(rows, 0.95)!.Value, SavingEstimate.Of(doubled, 0.95)!.Value);

        Assert.Equal(1 - (rows.Sum(row => row.Candidate) / rows.Sum(row => row.Reference)), saving.Estimate, 9);
        Assert.True(saving.Low < saving.Estimate && saving.Estimate < saving.High);
        Assert.Equal(saving.High - saving.Low, grouped.High - grouped.Low, 9); // The same rows twice in one group say nothing new.
        Assert.Null(SavingEstimate.Of([], 0.95));
    }

    private static PairedScore[] Pairs(int wrong, int rows) => [.. Enumerable.Range(0, rows).Select(i => new PairedScore(i < wrong ? 0 : 1, 1, 1, i))];
}
