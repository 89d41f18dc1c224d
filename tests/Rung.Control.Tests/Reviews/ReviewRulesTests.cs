using Rung.Control.Reviews;
using Rung.Storage.Content;

namespace Rung.Control.Tests.Reviews;

public sealed class ReviewRulesTests
{
    [Theory]
    [InlineData("2026-W48", "2026-11-23")]
    [InlineData("2026-W01", "2025-12-29")]
    [InlineData("2026-W53", "2026-12-28")]
    public void A_week_begins_on_its_Monday(string text, string monday)
    {
        Assert.True(ReviewWeek.TryParse(text, out var week));
        Assert.Equal((text, monday, TimeSpan.FromDays(7)), (week.ToString(), week.Since.ToString("yyyy-MM-dd"), week.Until - week.Since));
        Assert.Equal(week, ReviewWeek.Of(week.Since));
        Assert.Equal(week, ReviewWeek.Of(week.Until.AddTicks(-1)));
        Assert.Equal((0, 0.5, 1), (week.Elapsed(week.Since.AddDays(-3)), week.Elapsed(week.Since.AddDays(3.5)), week.Elapsed(week.Until.AddDays(9))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-W00")]
    [InlineData("2027-W53")]
    [InlineData("2026-48")]
    [InlineData("2026-W4x")]
    public void What_is_no_week_is_refused(string text) => Assert.False(ReviewWeek.TryParse(text, out _));

    [Theory]
    [InlineData(false, ReviewChoice.Left, ReviewGood.Better, 1.0, 1.0)]
    [InlineData(true, ReviewChoice.Left, ReviewGood.Better, 0.0, 0.0)]
    [InlineData(false, ReviewChoice.Right, ReviewGood.Both, 1.0, 0.0)]
    [InlineData(true, ReviewChoice.Right, ReviewGood.Neither, 0.0, 1.0)]
    [InlineData(true, ReviewChoice.Tie, ReviewGood.Both, 1.0, 0.5)]
    [InlineData(false, ReviewChoice.Good, null, 1.0, 0.5)]
    [InlineData(true, ReviewChoice.Bad, null, 0.0, 0.5)]
    [InlineData(true, ReviewChoice.Unsure, null, null, null)]
    public void A_verdict_on_a_pair_counts_for_the_judged_answer_whichever_side_it_stands_on(bool isFlipped, ReviewChoice choice, ReviewGood? good, double? score, double? preference)
    {
        var verdict = new ReviewOpinion { Reviewer = "ana", Choice = choice, Good = good }.On(Case(isFlipped, isPair: true), DateTimeOffset.UnixEpoch);

        Assert.Equal((score, preference), (verdict.Score, verdict.Preference));
    }

    [Theory]
    [InlineData(false, ReviewChoice.Left, null, null)]
    [InlineData(false, ReviewChoice.Tie, ReviewGood.Both, null)]
    [InlineData(false, ReviewChoice.Good, null, 2)]
    [InlineData(false, ReviewChoice.Bad, null, 3)]
    [InlineData(false, ReviewChoice.Good, null, 6)]
    [InlineData(true, ReviewChoice.Left, null, null)]
    [InlineData(true, ReviewChoice.Tie, ReviewGood.Better, null)]
    [InlineData(true, ReviewChoice.Good, null, 4)]
    public void A_verdict_that_does_not_fit_is_refused(bool isPair, ReviewChoice choice, ReviewGood? good, int? rating) =>
        Assert.Equal(ReviewFault.Invalid, Assert.Throws<ReviewException>(() =>
            new ReviewOpinion { Reviewer = "ana", Choice = choice, Good = good, Rating = rating }.On(Case(isFlipped: false, isPair), DateTimeOffset.UnixEpoch)).Fault);

    [Theory]
    [InlineData("ana@example.com")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\u001b[31m")]
    [InlineData("a\u202eb")]
    public void A_name_is_no_address_and_holds_nothing_that_a_terminal_obeys(string name) => Assert.Throws<ReviewException>(() => ReviewOpinion.RequireName(name));

    [Theory]
    [InlineData("ana")]
    [InlineData("Zoë de la Cruz-3")]
    [InlineData("x")]
    public void Names_are_kept(string name) => Assert.Equal(name, ReviewOpinion.RequireName($" {name} "));

    [Fact]
    public void A_threshold_tells_passed_from_failed_with_the_fewest_errors()
    {
        Assert.Equal(0.55, ReviewNeed.Threshold([(0.2, false), (0.5, false), (0.6, true), (0.9, true)]), 6);
        Assert.Equal(0.55, ReviewNeed.Threshold([(0.2, false), (0.5, false), (0.6, true), (0.9, true), (0.95, false)]), 6); // Another check failed it.
        Assert.Equal(0.6, ReviewNeed.Threshold([(0.6, true), (0.9, true)]), 6);
        Assert.Equal(0, ReviewNeed.Threshold([]));
    }

    [Fact]
    public void What_is_near_the_threshold_or_disputed_needs_a_look()
    {
        var frame = ReviewNeed.Of(
        [
            Signs("a", 0.1, false), Signs("b", 0.49, false), Signs("c", 0.52, true), Signs("d", 0.99, true),
            new ReviewSigns { CallId = "e" }, new ReviewSigns { CallId = "f", CheckFailed = true, AnswersDiffer = true }, new ReviewSigns { CallId = "g", IsDisputed = true },
        ]);

        var needs = frame.ToDictionary(candidate => candidate.Key, candidate => candidate.Need);
        Assert.True(needs["b"] > needs["a"] && needs["c"] > needs["a"] && needs["c"] > needs["d"]);
        Assert.Equal((0, 2, 2), (needs["e"], needs["f"], needs["g"]));
        Assert.Equal("a check failed, two answers differ", frame[5].Why);
        Assert.Null(frame[4].Why);
    }

    [Fact]
    public void Agreement_counts_items_that_two_judged_and_leaves_out_what_one_could_not_tell()
    {
        var items = new List<ReviewedItem>();
        for (var i = 0; i < 40; i++) items.Add(Judged(i, (i % 2, 1.0), ((i + (i % 8 == 0 ? 1 : 0)) % 2, 0.5)));
        items.Add(Judged(40, (1, null), (null, null)));
        items.Add(new ReviewedItem(Case(false, false).Item with { Id = "v-one" }, [Verdict("ana", 1, null)]));

        var agreement = Assert.Single(ReviewAgreement.Of(items));

        Assert.Equal((41, 1, 40, 40), (agreement.Items, agreement.Unsure, agreement.Good.Items, agreement.Preference.Items));
        Assert.Equal(["ana", "ben"], agreement.Reviewers);
        Assert.Equal(0.875, agreement.Good.Agreement, 6);
        Assert.InRange(agreement.Good.Kappa!.Value.Estimate, 0.7, 0.8);
        Assert.Equal(0, agreement.Preference.Kappa!.Value.Estimate); // Each always said the same, and never what the other did.
    }

    [Fact]
    public void Messages_are_read_in_whatever_form_they_come()
    {
        Assert.Equal("a\nb\n[image_url]", MessageWords.Of("""{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"},{"type":"image_url","image_url":{"url":"x"}}]}"""u8.ToArray()));
        Assert.Equal("""[tool call] find({"q":1})""", MessageWords.Of("""{"content":null,"tool_calls":[{"id":"1","function":{"name":"find","arguments":"{\"q\":1}"}}]}"""u8.ToArray()));
        Assert.Equal("[refusal] no", MessageWords.Of("""{"refusal":"no"}"""u8.ToArray()));
        Assert.Equal(("[empty]", "[unreadable]", "[no answer]", "7"), (MessageWords.Of("{}"u8.ToArray()), MessageWords.Of("{"u8.ToArray()), MessageWords.Of(ReadOnlyMemory<byte>.Empty), MessageWords.Of("7"u8.ToArray())));
        Assert.Equal([new ReviewMessage("system", "s"), new ReviewMessage("?", "[empty]")], MessageWords.Conversation("""{"messages":[{"role":"system","content":"s"},{},3]}"""u8.ToArray()));
        Assert.Empty(MessageWords.Conversation("[]"u8.ToArray()));
    }

    private static ReviewSigns Signs(string id, double score, bool passed) => new() { CallId = id, Score = score, ScorePassed = passed };

    private static ReviewedItem Judged(int number, (double? Score, double? Preference) ana, (double? Score, double? Preference) ben) =>
        new(Case(false, true).Item with { Id = $"v-{number}" }, [Verdict("ben", ben.Score, ben.Preference), Verdict("ana", ana.Score, ana.Preference)]);

    private static ReviewVerdict Verdict(string reviewer, double? score, double? preference) => new()
    {
        Item = "v", Reviewer = reviewer, Choice = score is null ? ReviewChoice.Unsure : ReviewChoice.Good, Score = score, Preference = preference, GivenAt = DateTimeOffset.UnixEpoch,
    };

    private static ReviewCase Case(bool isFlipped, bool isPair) => new(
        new ReviewItem
        {
            Id = "v-1", Source = ReviewSource.Call, Tag = "t", Scope = "2026-W48", Part = ReviewPart.Uniform, UniformInclusion = 0.5, TargetedInclusion = 0, Reviewers = 1, IsFlipped = isFlipped, Shuffle = 1,
        },
        [], new ReviewAnswer("judged", "small"), isPair ? new ReviewAnswer("other", "large") : null);
}
