using System.Collections.Immutable;
using Rung.Control.Audit;
using Rung.Core.Prices;
using static Rung.Control.Tests.Audit.SomeSite;

namespace Rung.Control.Tests.Audit;

public class NecessityReviewTests
{
    private static readonly Share All = new(1000, 1000);
    private static readonly Share Never = new(0, 1000);

    private static string Reasons(SiteReview review) => string.Join('\n', review.Reasons);

    [Fact]
    public void Labels_are_mechanical_and_go_to_the_small_tier()
    {
        var review = Review(Named("x1", Labels(Plain()) with { Shapes = Shapes((OutputShape.Label, 412)) }));

        Assert.Equal((NecessityClass.Mechanical, "frontier", "small"), (review.Class, review.Tier, review.ProposedTier));
        Assert.Contains("412 of 412 (100 %) answers are one of 6 labels (entropy 2.1 bits).", review.Reasons);
        Assert.Contains(Haiku, review.Prove, StringComparison.Ordinal);
        Assert.Contains("300 calls", review.Prove, StringComparison.Ordinal);
        Assert.True(review.SavingInterval!.Value.Low < review.SavingNanoUsd && review.SavingNanoUsd < review.SavingInterval.Value.High);
    }

    public static TheoryData<string, string, NecessityClass> Evidence => new()
    {
        { "json", "answers are JSON, 100 % of it with the same keys", NecessityClass.Mechanical },
        { "changing-json", "JSON of changing form", NecessityClass.InstructionFollowing },
        { "tools", "answers are tool calls and no text", NecessityClass.InstructionFollowing },
        { "code", "answers are mostly code", NecessityClass.InstructionFollowing },
        { "many-labels", "a few words, 812 different ones", NecessityClass.InstructionFollowing },
        { "short", "95 % of 1,000 answers have at most 20 tokens", NecessityClass.Mechanical },
        { "zero", "ask for temperature 0", NecessityClass.Mechanical },
        { "structure", "ask for JSON or a schema", NecessityClass.Mechanical },
        { "long", "half have at least 600 tokens", NecessityClass.Judgement },
        { "reasoning", "of 200,000 output tokens are reasoning", NecessityClass.Judgement },
        { "history", "carry earlier answers", NecessityClass.InstructionFollowing },
        { "choice", "chooses between tools and text itself", NecessityClass.InstructionFollowing },
        { "first", "calls begin a run, and others follow", NecessityClass.Planning },
        { "last", "end a run with text", NecessityClass.Judgement },
        { "validated", "followed by a step that checks (run-tests)", NecessityClass.Unknown },
    };

    [Theory]
    [MemberData(nameof(Evidence))]
    public void Each_kind_of_evidence_is_told_with_its_figure(string kind, string sentence, NecessityClass speaksFor)
    {
        var site = Named("x1", Seen(kind, Plain()));
        var score = NecessityScore.Of(site, new AuditAssumptions());

        var finding = Assert.Single(score.Findings, finding => finding.Sentence.Contains(sentence, StringComparison.Ordinal));
        Assert.Equal(speaksFor, finding.For);
        Assert.InRange(finding.Points, 1, 4);
        Assert.Contains(Review(site).Reasons, reason => reason.Contains(sentence, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Evidence))]
    public void Evidence_from_fewer_calls_than_the_minimum_counts_for_nothing(string kind, string sentence, NecessityClass speaksFor)
    {
        _ = speaksFor;
        var score = NecessityScore.Of(Named("x1", Seen(kind, Plain())), new AuditAssumptions { MinimumCalls = 5000 });

        Assert.DoesNotContain(score.Findings, finding => finding.Sentence.Contains(sentence, StringComparison.Ordinal));
    }

    private static SiteStatistics Seen(string kind, SiteStatistics site) => kind switch
    {
        "json" => site with { Shapes = Shapes((OutputShape.Json, 1000)), SameKeys = All },
        "changing-json" => site with { Shapes = Shapes((OutputShape.Json, 1000)), SameKeys = new Share(100, 1000) },
        "tools" => site with { Shapes = Shapes((OutputShape.ToolCalls, 1000)) },
        "code" => site with { Shapes = Shapes((OutputShape.Code, 600), (OutputShape.Text, 400)) },
        "many-labels" => site with { Shapes = Shapes((OutputShape.Label, 1000)), DistinctLabels = 812 },
        "short" => site with { Output = new Spread(1000, 8, 20) },
        "zero" => site with { AtZeroTemperature = All },
        "structure" => site with { AsksForStructure = All },
        "long" => FreeText(site) with { Output = new Spread(1000, 600, 900) },
        "reasoning" => site with { Models = [Use(Opus, reasoning: 150_000)] },
        "history" => site with { WithHistory = All },
        "choice" => site with { WithTools = All, Shapes = Shapes((OutputShape.ToolCalls, 500), (OutputShape.Text, 500)) },
        "first" => site with { FirstOfRun = All, LastOfRun = Never },
        "last" => FreeText(site) with { FirstOfRun = Never, LastOfRun = All },
        "validated" => site with { Validated = All, Validators = ["run-tests"] },
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    [Theory]
    [InlineData("planner", null, NecessityClass.Planning)]
    [InlineData("critic", null, NecessityClass.Judgement)]
    [InlineData("worker", null, NecessityClass.InstructionFollowing)]
    [InlineData(null, "extractFields", NecessityClass.Mechanical)]
    [InlineData(null, "RENAME_file", NecessityClass.Mechanical)]
    [InlineData(null, "write-file", NecessityClass.InstructionFollowing)]
    [InlineData(null, "review-plan", NecessityClass.Planning)]
    [InlineData(null, "plane-tickets", NecessityClass.Unknown)]
    public void Names_are_read_as_whole_words_and_the_most_demanding_counts(string? role, string? step, NecessityClass expected) =>
        Assert.Equal(expected, NecessityScore.Of(Named("x1", role: role) with { Step = step }, new AuditAssumptions()).Class);

    [Fact]
    public void A_suggested_tag_is_no_evidence_of_itself() =>
        Assert.Equal(NecessityClass.Unknown, NecessityScore.Of(Named("extract-fields", isTagged: false), new AuditAssumptions()).Class);

    [Fact]
    public void A_critic_that_answers_in_labels_judges_all_the_same()
    {
        var review = Review(Named("x1", Labels(Plain()) with { AtZeroTemperature = All, AsksForStructure = All }, role: "critic"));

        Assert.Equal((NecessityClass.Judgement, "frontier"), (review.Class, review.ProposedTier));
        Assert.Contains("it stays", Reasons(review), StringComparison.Ordinal);
    }

    [Fact]
    public void Judgement_moves_only_where_a_later_step_catches_errors()
    {
        var caught = Review(Named("x1", Plain() with { Validated = All, Validators = ["run-tests"] }, role: "critic"));

        Assert.Equal("mid", caught.ProposedTier);
        Assert.Equal("frontier", Review(Named("x1", role: "critic")).ProposedTier);
    }

    [Theory]
    [InlineData("planner")]
    public void Planning_stays_on_the_frontier_and_is_never_raised_silently(string role)
    {
        Assert.Equal("frontier", Review(Named("x1", role: role)).ProposedTier);
        var low = Review(Named("x1", Plain(Use(Haiku)), role: role));

        Assert.Equal(("small", "small", 0L), (low.Tier, low.ProposedTier, low.SavingNanoUsd));
        Assert.Contains("Planning runs on small: look whether that is enough.", low.Reasons);
    }

    [Fact]
    public void Too_few_calls_are_nothing_to_judge_by()
    {
        var few = Review(Named("x1", Plain(Use(Opus, calls: 29, input: 29_000, output: 5_800)), role: "worker"));

        Assert.Equal((NecessityClass.Unknown, "frontier", null, null), (few.Class, few.ProposedTier, few.SavingNanoUsd, few.Prove));
        Assert.Contains("only 29 calls", Reasons(few).ToLowerInvariant(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_known_is_unknown()
    {
        var review = Review(Named("x1"));

        Assert.Equal((NecessityClass.Unknown, "frontier", null), (review.Class, review.ProposedTier, review.SavingInterval));
    }

    public static TheoryData<SiteStatistics, string> Trouble => new()
    {
        { Plain() with { AskedAgain = new Share(150, 1000) }, "150 of 1,000 (15 %) calls ask the same again." },
        { Plain() with { CorrectedByPeople = new Share(8, 100) }, "People changed or rejected 8 of 100 (8 %) answers." },
        { Plain() with { MeanVerdict = 0.6, Verdicts = 40 }, "40 judgements in the log give 0.60 on average, of 1." },
        { Plain() with { Truncated = new Share(60, 1000), Failed = new Share(60, 1000) }, "60 of 1,000 (6 %) answers were cut by a cap." },
    };

    [Theory]
    [MemberData(nameof(Trouble))]
    public void Where_the_present_model_is_in_trouble_nothing_moves(SiteStatistics statistics, string sentence)
    {
        var review = Review(Named("x1", Labels(statistics)));

        Assert.Equal((NecessityClass.Mechanical, "frontier"), (review.Class, review.ProposedTier));
        Assert.Contains(sentence, review.Reasons);
        Assert.Contains("too weak", Reasons(review), StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_soft_doubt_is_told_and_moves_on()
    {
        var review = Review(Named("x1", Labels(Plain()) with { Truncated = new Share(60, 1000) }));

        Assert.Equal("small", review.ProposedTier);
        Assert.Contains(review.Reasons, reason => reason.Contains("cut by a cap", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DataSigns.Card, 10, true)]
    [InlineData(DataSigns.Health, 10, true)]
    [InlineData(DataSigns.NationalId, 9, false)]
    [InlineData(DataSigns.Secret, 1, true)]
    [InlineData(DataSigns.Email, 900, false)]
    public void Signs_of_sensitive_data_keep_a_site_where_it_is(DataSigns sign, long calls, bool stays)
    {
        var review = Review(Named("x1", Labels(Plain()) with { ContentSeen = 1000, Data = ImmutableSortedDictionary<DataSigns, long>.Empty.Add(sign, calls) }));

        Assert.Equal(stays ? "frontier" : "small", review.ProposedTier);
        Assert.Equal(stays, review.Compliance is not null);
        Assert.Equal(stays, review.SavingNanoUsd is null);
        if (stays) Assert.Contains($"{calls} of 1,000 calls looked at", review.Compliance, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_that_may_not_belong_together_do_not_move()
    {
        var site = Named("x1", Labels(Plain()), isTagged: false);

        Assert.Equal("small", Review(site).ProposedTier);
        Assert.Equal("frontier", Review(site with { Confidence = 0.4 }).ProposedTier);
    }

    [Fact]
    public void A_model_of_unknown_price_or_of_another_provider_stays()
    {
        var unknown = Review(Named("x1", Labels(Plain(Use("my-model", provider: "vllm")))));
        var other = Review(Named("x1", Labels(Plain(Use("gpt-5-mini", provider: "openai")))));

        Assert.All(new[] { unknown, other }, review => Assert.Equal((NecessityClass.Mechanical, null, null, null), (review.Class, review.Tier, review.ProposedTier, review.SavingNanoUsd)));
        Assert.Contains("cannot be said", Reasons(unknown), StringComparison.Ordinal);
        Assert.Contains("no tier", Reasons(other), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tier_that_cannot_take_the_calls_is_passed_over()
    {
        var review = Review(Named("x1", Labels(Plain()) with { LongestInput = 250_000 }));

        Assert.Equal(PriceBook.Embedded.Find("anthropic", Haiku)!.Context < 250_000 ? "mid" : "small", review.ProposedTier);
    }

    [Fact]
    public void One_route_for_several_models_says_what_that_costs()
    {
        var review = Review(Named("x1", Plain(Use(Opus), Use(Haiku)), role: "planner"));

        Assert.Equal("frontier", review.ProposedTier);
        Assert.True(review.SavingNanoUsd < 0);
        Assert.Contains("1,000 of its 2,000 calls go to other models today", Reasons(review), StringComparison.Ordinal);
    }

    [Fact]
    public void A_saving_that_is_not_worth_it_is_not_proposed()
    {
        var review = Review(Named("x1", Labels(Plain())), new AuditAssumptions { MinimumSaving = 1000 });

        Assert.Equal("frontier", review.ProposedTier);
        Assert.Contains("not worth it", Reasons(review), StringComparison.Ordinal);
    }
}
