using Rung.Core.Learning;
using Rung.Core.Learning.Evaluation;

namespace Rung.Core.Tests.Learning;

public sealed class VerifierTrainingTests
{
    private static readonly Lazy<VerifierTrainingResult> s_sums = new(() => VerifierTraining.Train(Graded.Sums(400), Graded.Options()));

    [Fact]
    public void A_wrong_sum_is_learned_to_be_a_wrong_answer()
    {
        var report = s_sums.Value.Report;

        Assert.InRange(report.Auroc!.Value.Value, 0.8, 1);
        Assert.InRange(report.Apgr!.Value.Value, 0.7, 1.2);
        Assert.InRange(report.Ece, 0, 0.12);
        Assert.InRange(report.Blind[1].Quality.Value, 0.93, 1.03);
        Assert.InRange(report.Blind[1].CostShare.Value, 0.05, 0.85);
        Assert.Equal(Recommendation.Cascade, report.Recommend);

        var prompt = "Ann has 31 apples and buys 12 more. How many apples does she have?";
        var right = s_sums.Value.Verifier.Predict(Graded.Answer(prompt, "She has 31 + 12 = <<31+12=43>>43 apples.\n#### 43"));
        var wrong = s_sums.Value.Verifier.Predict(Graded.Answer(prompt, "She has 31 + 12 = <<31+12=48>>48 apples.\n#### 48"));
        Assert.True(right.RightProbability > wrong.RightProbability + 0.3);
        Assert.True(right.KeepScore > wrong.KeepScore);
    }

    [Fact]
    public void The_same_rows_and_seed_give_the_same_model_in_whatever_order_folds_are_done()
    {
        var backwards = Graded.Options() with
        {
            ForEach = (count, body) =>
            {
                for (var i = count - 1; i >= 0; i--) body(i);
            },
        };
        var again = VerifierTraining.Train(Graded.Sums(400), backwards);

        var provenance = Graded.Provenance(400);
        Assert.Equal(s_sums.Value.Verifier.Write(provenance), again.Verifier.Write(provenance));
        Assert.Equal(s_sums.Value.OutOfFold.ToArray(), again.OutOfFold.ToArray());
    }

    [Fact]
    public void Every_row_has_one_score_out_of_fold()
    {
        var result = s_sums.Value;

        Assert.Equal(400, result.OutOfFold.Length);
        Assert.Equal(400, result.Ids.Length);
        Assert.All(result.OutOfFold, row => Assert.InRange(row.KeepScore, 0, 1));
        Assert.Equal((50_000, 1_000_000), (result.OutOfFold[0].WeakCostNanoUsd, result.OutOfFold[0].StrongCostNanoUsd));
    }

    [Fact]
    public void A_strong_model_that_is_not_better_is_not_worth_a_cascade()
    {
        var rows = Graded.Sums(120).Select(row => row with { StrongQuality = row.WeakQuality }).ToArray();

        var report = VerifierTraining.Train(rows, Graded.Options()).Report;

        Assert.Null(report.Apgr);
        Assert.Equal(Recommendation.DoNotCascade, report.Recommend);
        Assert.Contains("not better", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weak_model_that_costs_almost_as_much_is_not_worth_a_cascade()
    {
        var rows = Graded.Sums(160).Select(row => row with { WeakCostNanoUsd = 800_000 }).ToArray();

        var report = VerifierTraining.Train(rows, Graded.Options()).Report;

        Assert.Equal(Recommendation.DoNotCascade, report.Recommend);
        Assert.Contains("more than", report.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void Answers_that_are_all_alike_are_no_error(double quality)
    {
        var rows = Graded.Sums(80).Select(row => row with { WeakQuality = quality }).ToArray();

        var report = VerifierTraining.Train(rows, Graded.Options()).Report;

        Assert.Null(report.Auroc);
        Assert.InRange(report.Ece, 0, 0.1);
    }

    [Fact]
    public void Grades_between_0_and_1_are_learned_from()
    {
        var rows = Graded.Sums(160).Select(row => row with { WeakQuality = 0.2 + (0.6 * row.WeakQuality), StrongQuality = 0.9 }).ToArray();

        var report = VerifierTraining.Train(rows, Graded.Options()).Report;

        Assert.InRange(report.Apgr!.Value.Value, 0.55, 1.2);
    }

    [Fact]
    public void Without_prices_climbs_are_counted()
    {
        var report = VerifierTraining.Train(Graded.Sums(100, priced: false), Graded.Options()).Report;

        Assert.Equal(CostBasis.StrongCalls, report.CostBasis);
        Assert.Equal(report.Blind[1].ClimbShare, report.Blind[1].CostShare.Value, 9);
        Assert.Contains("calls (no prices are known)", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_answers_the_prompt_alone_is_looked_at_and_stays_all_that_is()
    {
        var rows = Graded.Sums(100).Select(row => row with { HasAnswer = false }).ToArray();

        var result = VerifierTraining.Train(rows, Graded.Options());

        Assert.True(result.Report.PromptOnly && result.Verifier.PromptOnly);
        Assert.Equal(
            result.Verifier.Predict(Graded.Answer("How many?", "#### 1")), result.Verifier.Predict(Graded.Answer("How many?", "I am sorry, but 1 + 1 = 3.")));
    }

    [Fact]
    public void Too_few_rows_or_groups_are_refused_in_words()
    {
        var few = Assert.Throws<TrainingException>(() => VerifierTraining.Train(Graded.Sums(20), Graded.Options()));
        var alike = Assert.Throws<TrainingException>(() => VerifierTraining.Train([.. Graded.Sums(90).Select(row => row with { Group = "g:one" })], Graded.Options()));

        Assert.Contains("20 graded rows", few.Message, StringComparison.Ordinal);
        Assert.Contains("at least", few.Fix!, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("only 1 group of", alike.Message, StringComparison.Ordinal);
    }
}
