using Rung.Control.Evals.Runs;
using Rung.Core.Guarantees;
using Rung.Storage.Content;

namespace Rung.Control.Tests.Evals.Runs;

/// <summary>Runs in which the reference's model is asked, too, since it did not write the reference: "not worse than the reference" compares with what it answers.</summary>
public sealed class EvalReferenceAskedTests
{
    [Fact]
    public async Task Candidates_are_compared_row_by_row_with_the_references_own_grade_and_cost()
    {
        await using var folder = await EvalRunFolder.MakeAsync(rows: 150);
        // Both are wrong on every tenth row; "other" is as good as the reference on the whole, and wrong on other rows.
        folder.Models.Says = (model, number) => number % 10 == (model == "other" ? 3 : 0) ? "no" : "yes";
        folder.Models.Prices["opus"] = 4_000;

        var (report, end) = await folder.RunAsync(Beside(folder.Plan("same", "other")));
        var (known, _) = await folder.RunAsync(folder.Plan("same"));

        Assert.Equal((RunEnd.Whole, 150, 0, 0.9), (end, report.ReferenceAskedRows, report.KnownAnswerRows, report.ReferenceQuality!.Value.Estimate));
        Assert.Equal((0.0, 0.0), (report.Candidates[0].Test!.Difference, report.Candidates[0].Test!.Discordance));
        Assert.Equal("same: not worse than frontier by more than 5 points at 95 %; saves 75 %: eligible", report.Candidates[0].Sentence);
        Assert.Equal((0.0, 0.2, EvalDecision.CannotBeSaid), (report.Candidates[1].Test!.Difference, report.Candidates[1].Test!.Discordance, report.Candidates[1].Decision));
        Assert.Equal((150, 150), (report.Candidates[0].CostRows, report.Candidates[0].CostRowsPaid));
        Assert.Equal(150 * (1_000 + 1_000 + 4_000), report.SpentNanoUsd);
        // Against the known answers the very same candidate is worse by all its mistakes.
        Assert.Equal((EvalDecision.NotEligible, 0, 150), (known.Candidates[0].Decision, known.ReferenceAskedRows, known.KnownAnswerRows));
    }

    [Fact]
    public async Task It_is_asked_only_about_rows_that_it_did_not_write_and_only_once_where_it_is_a_candidate_too()
    {
        await using var folder = await EvalRunFolder.MakeAsync(rows: 60, row => row with { ReferenceSource = row.Position < 40 ? ReferenceSource.Model : row.Position < 50 ? ReferenceSource.Person : ReferenceSource.Given });

        var (report, _) = await folder.RunAsync(Beside(folder.Plan("good")));
        Assert.Equal((20, 20, 60), (report.ReferenceAskedRows, folder.Models.Asked.Count(question => question.Model == "opus"), report.Candidates[0].Rows));

        folder.Models.Asked.Clear();
        var (both, _) = await folder.RunAsync(Beside(folder.Plan("good", "opus")));
        Assert.Equal(60, folder.Models.Asked.Count(question => question.Model == "opus"));
        Assert.Equal(0.0, both.Candidates[1].Test!.Difference);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("pinned")]
    [InlineData("?")]
    public async Task Where_it_gave_no_answer_that_counts_a_row_says_nothing_so_that_an_outage_of_it_makes_nobody_eligible(string? said)
    {
        await using var folder = await EvalRunFolder.MakeAsync(rows: 200);
        folder.Models.Says = (model, number) => model == "opus" && number % 3 == 0 ? said : model == "poor" && number % 3 == 0 ? "no" : "yes";

        var (report, end) = await folder.RunAsync(Beside(folder.Plan("poor")));

        Assert.Equal((RunEnd.Whole, 133, 67, EvalDecision.CannotBeSaid), (end, report.Candidates[0].Rows, report.Candidates[0].Ungraded, report.Candidates[0].Decision));
        Assert.Equal("poor: cannot be said, since 67 of 200 answers could not be graded", report.Candidates[0].Sentence);
        Assert.Contains(report.Candidates[0].Failures, kind => kind is { Kind: "no reference", Count: 67 });
    }

    [Fact]
    public async Task A_reference_that_has_no_more_than_the_margin_to_lose_proves_nothing()
    {
        await using var folder = await EvalRunFolder.MakeAsync(rows: 200);
        folder.Models.Says = (model, number) => model == "opus" && number < 10 ? "yes" : "no"; // Right on 5 of 100, as where the grader reads another form.

        var (report, _) = await folder.RunAsync(Beside(folder.Plan("useless")));

        Assert.Equal(EvalDecision.CannotBeSaid, report.Candidates[0].Decision);
        Assert.Equal("useless: cannot be said, since frontier itself has a quality of 5 %, and a model that is always wrong would pass: see how answers are graded", report.Candidates[0].Sentence);
    }

    [Fact]
    public async Task It_is_in_the_estimate_and_under_the_cap_and_a_run_that_died_goes_on_without_paying_it_twice()
    {
        await using var folder = await EvalRunFolder.MakeAsync(rows: 40);
        folder.Models.Prices["opus"] = 4_000;
        var plan = Beside(folder.Plan("good"));
        Assert.Equal((80, 200_000L), await folder.EstimateAsync(plan));

        var (part, end) = await folder.RunAsync(plan, new RunLimits { MostNanoUsd = 50_500, Concurrency = 1 });
        Assert.Equal((RunEnd.CapReached, 50_000L, 30), (end, part.SpentNanoUsd, part.Candidates[0].Missing));
        folder.Models.Dies = (model, number) => model == "opus" && number == 25;
        await Assert.ThrowsAsync<IOException>(() => folder.RunAsync(plan, new RunLimits { Concurrency = 1 }));
        folder.Models.Dies = (_, _) => false;
        var (report, whole) = await folder.RunAsync(plan);

        Assert.Equal((RunEnd.Whole, 1, 4_000L, 204_000L), (whole, report.CutOff, report.CutOffNanoUsd, report.SpentNanoUsd));
        Assert.Equal(81, folder.Models.Asked.Count);
        Assert.Equal((40, 0), (report.Candidates[0].Rows, report.Candidates[0].Missing));
        Assert.Equal((0, 0L), await folder.EstimateAsync(plan));
    }

    [Fact]
    public async Task With_the_known_answers_it_is_another_run_that_asks_no_reference_and_says_so()
    {
        await using var folder = await EvalRunFolder.MakeAsync(rows: 120);
        var plan = folder.Plan("good");

        var (report, _) = await folder.RunAsync(plan);

        Assert.NotEqual(Beside(plan).Id, plan.Id);
        Assert.DoesNotContain(folder.Models.Asked, question => question.Model == "opus");
        Assert.StartsWith("good: not worse than the known answers by more than 5 points", report.Candidates[0].Sentence, StringComparison.Ordinal);
    }

    private static EvalRunPlan Beside(EvalRunPlan plan) => plan with { ReferenceAsked = new RunCandidate { Name = "opus", Id = "opus", Tier = "frontier" } };
}
