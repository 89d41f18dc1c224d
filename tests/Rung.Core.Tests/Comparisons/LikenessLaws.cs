using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Checks;
using Rung.Core.Comparisons;

namespace Rung.Core.Tests.Comparisons;

/// <summary>What holds of every comparison, whatever the texts are.</summary>
public sealed class LikenessLaws
{
    private static readonly string[] s_words = ["Paris", "paris.", " ROME ", "42", "-3.5", "1,200", "", "a b", "\"quoted\"", "ümlaut", "x;y", "z, w"];

    private static readonly Arbitrary<string> s_texts = Gen.OneOf(
        Gen.Elements(s_words),
        Gen.ArrayOf(Gen.Elements(s_words)).Select(words => string.Join('\n', words)),
        Gen.ArrayOf(Gen.Elements(s_words)).Select(words => JsonSerializer.Serialize(words)),
        Gen.ArrayOf(Gen.Elements("a", "b", "c")).Select(names => JsonSerializer.Serialize(names.Distinct().ToDictionary(name => name, name => name + "!"))),
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Get)).ToArbitrary();

    private static readonly Dictionary<string, Func<Answer, Answer, Likeness>> s_measures = new()
    {
        ["exact"] = AnswerLikeness.Exact,
        ["normalised"] = AnswerLikeness.Normalised,
        ["numeric"] = (a, b) => AnswerLikeness.Numeric(a, b, 0.01),
        ["regex"] = (a, b) => AnswerLikeness.Found(a, b, AnswerPattern.Compile(@"(\w+)", out _)!),
        ["json"] = AnswerLikeness.Json,
        ["set"] = AnswerLikeness.Set,
        ["list"] = AnswerLikeness.List,
        ["ranking"] = AnswerLikeness.Ranking,
        ["tool_calls"] = AnswerLikeness.ToolCalls,
    };

    public static TheoryData<string> Measures => [.. s_measures.Keys];

    public static TheoryData<string> Symmetric => [.. s_measures.Keys.Where(name => name is not "ranking")];

    [Theory]
    [MemberData(nameof(Measures))]
    public void A_reference_against_itself_is_right_or_cannot_be_measured(string measure) => Check(s_texts, text =>
        s_measures[measure](Of(text), Of(text)).Score is null or 1);

    [Theory]
    [MemberData(nameof(Measures))]
    public void A_score_lies_between_0_and_1_and_less_than_1_has_a_kind_and_a_reason(string measure) => Check(s_texts, s_texts, (a, b) =>
    {
        var likeness = s_measures[measure](Of(a), Of(b));
        return likeness.Score is null or 1 ? true : likeness is { Score: >= 0 and < 1, Kind: not null, Reason: not null };
    });

    [Theory]
    [MemberData(nameof(Symmetric))]
    public void Where_both_ways_can_be_measured_they_are_the_same(string measure) => Check(s_texts, s_texts, (a, b) =>
    {
        var (one, other) = (s_measures[measure](Of(a), Of(b)).Score, s_measures[measure](Of(b), Of(a)).Score);
        return one is null || other is null || Math.Abs(one.Value - other.Value) < 1e-12;
    });

    [Fact]
    public void Normalised_texts_do_not_mind_case_white_space_and_punctuation_at_the_ends() => Check(s_texts, text =>
        AnswerLikeness.Normalised(Of($"  {text.ToUpperInvariant().Replace(" ", " \t ")}. "), Of(text.ToUpperInvariant())).Score == 1);

    [Fact]
    public void A_set_does_not_mind_order_and_repetition() => Check(Gen.ArrayOf(Gen.Choose(0, 9)).ToArbitrary(), items =>
        AnswerLikeness.Set(Of(JsonSerializer.Serialize(items.Reverse().Concat(items))), Of(JsonSerializer.Serialize(items))).Score == 1);

    [Fact]
    public void A_list_never_scores_above_its_set_when_nothing_is_repeated() => Check(Gen.Choose(0, 9).ArrayOf().ToArbitrary(), Gen.Choose(0, 9).ArrayOf().ToArbitrary(), (a, b) =>
    {
        var (one, other) = (Of(JsonSerializer.Serialize(a.Distinct())), Of(JsonSerializer.Serialize(b.Distinct())));
        return AnswerLikeness.List(one, other).Score <= AnswerLikeness.Set(one, other).Score + 1e-12;
    });

    [Fact]
    public void No_order_of_the_same_items_beats_the_references() => Check(Gen.Choose(0, 20).ArrayOf().ToArbitrary(), items =>
    {
        var wanted = items.Distinct().ToArray();
        var (ideal, sorted) = (Of(JsonSerializer.Serialize(wanted)), Of(JsonSerializer.Serialize(wanted.Order())));
        var score = AnswerLikeness.Ranking(sorted, ideal).Score!.Value;
        return score <= 1 && (score == 1) == wanted.SequenceEqual(wanted.Order());
    });

    [Fact]
    public void JSON_fields_do_not_mind_order_and_count_what_is_missing_and_what_is_too_much()
    {
        Assert.Equal(1, AnswerLikeness.Json(Of("""{"b":2.0,"a":{"y":[1],"x":1}}"""), Of("""{"a":{"x":1,"y":[1]},"b":2}""")).Score);
        Assert.Equal(2.0 / 4, AnswerLikeness.Json(Of("""{"a":1,"b":2,"d":9}"""), Of("""{"a":1,"b":2,"c":3}""")).Score);
        Assert.Equal(FailureKind.NotJson, AnswerLikeness.Json(Of("```json\n{}\n```"), Of("{}")).Kind);
        Assert.Null(AnswerLikeness.Json(Of("{}"), Of("no JSON")).Score);
    }

    [Theory]
    [InlineData("The answer is 1.1", "1.0", 0.1, 1)]
    [InlineData("so it is $1,200.00", "1200", 0, 1)]
    [InlineData("#### 18\nThat is 3 more than 15.", "18", 0, 1)]
    [InlineData("about 7", "7.2", 0.1, 0)]
    public void Numbers_are_equal_within_the_tolerance(string given, string wanted, double tolerance, double score) =>
        Assert.Equal(score, AnswerLikeness.Numeric(Of(given), Of(wanted), tolerance).Score);

    [Fact]
    public void Failures_have_the_kind_that_a_report_groups_them_by()
    {
        Assert.Equal(FailureKind.NoNumber, AnswerLikeness.Numeric(Of("I cannot say."), Of("7"), 0).Kind);
        Assert.Equal(FailureKind.Empty, AnswerLikeness.Numeric(Of(" "), Of("7"), 0).Kind);
        Assert.Equal(FailureKind.WrongValue, AnswerLikeness.Exact(Of("a"), Of("b")).Kind);
        Assert.Equal(FailureKind.MissingItems, AnswerLikeness.Set(Of("- a\n- b"), Of("1. a\n2. b\n3. c")).Kind);
        Assert.Equal(FailureKind.ExtraItems, AnswerLikeness.Set(Of("a, b, c"), Of("a, b")).Kind);
        Assert.Equal(FailureKind.WrongOrder, AnswerLikeness.List(Of("b\na"), Of("a\nb")).Kind);
        Assert.Equal(FailureKind.WrongOrder, AnswerLikeness.Ranking(Of("[2,1]"), Of("[1,2]")).Kind);
        Assert.Equal(FailureKind.NoMatch, AnswerLikeness.Matches(Of("no digits"), AnswerPattern.Compile(@"\d", out _)!).Kind);
    }

    [Fact]
    public void Rerankers_objects_count_by_their_index()
    {
        var given = Of("""{"results":[{"index":3,"relevance_score":0.9},{"index":1,"relevance_score":0.2}]}""");

        Assert.Equal(1, AnswerLikeness.Ranking(given, Of("[3,1]")).Score);
        Assert.Equal((2 + (1 / Math.Log2(3))) / (2 + (1 / Math.Log2(3))), AnswerLikeness.Ranking(given, Of("[3,1]")).Score);
        Assert.Equal((1 + (2 / Math.Log2(3))) / (2 + (1 / Math.Log2(3))), AnswerLikeness.Ranking(Of("[1,3]"), Of("[3,1]")).Score!.Value, 12);
    }

    [Fact]
    public void Tool_calls_are_the_same_by_name_and_arguments_in_any_order()
    {
        var wanted = Calls(("a", """{"x":1,"y":2}"""), ("b", "{}"));

        Assert.Equal(1, AnswerLikeness.ToolCalls(Calls(("b", ""), ("a", """{"y":2.0,"x":1}""")), wanted).Score);
        Assert.Equal(FailureKind.WrongArguments, AnswerLikeness.ToolCalls(Calls(("b", "{}"), ("a", "{}")), wanted).Kind);
        Assert.Equal(FailureKind.WrongTool, AnswerLikeness.ToolCalls(Calls(("c", "{}")), wanted).Kind);
        Assert.Equal(FailureKind.NoToolCall, AnswerLikeness.ToolCalls(Of("I will."), wanted).Kind);
        Assert.Equal(FailureKind.ExtraToolCall, AnswerLikeness.ToolCalls(wanted, Of("No.")).Kind);
        Assert.Equal(1, AnswerLikeness.ToolCalls(Of("This."), Of("That.")).Score);
    }

    [Fact]
    public void A_reference_may_list_several_right_answers()
    {
        Assert.Equal(["4", "four", "IV"], AnswerLikeness.Alternatives(Of("""[4, "four", "IV"]""")).Select(Text));
        Assert.Equal(["""[["a"],["b"]]"""], AnswerLikeness.Alternatives(Of("""[["a"],["b"]]""")).Select(Text));
        Assert.Equal(["""["a"]""", """["b","c"]"""], AnswerLikeness.AlternativeLists(Of("""[["a"],["b","c"]]""")).Select(Text));
        Assert.Equal(["four"], AnswerLikeness.Alternatives(Of("four")).Select(Text));
    }

    private static Answer Of(string text) => new() { Content = Encoding.UTF8.GetBytes(text) };

    private static Answer Calls(params (string Name, string Arguments)[] calls) => Of("") with { ToolCalls = Rung.Core.Tests.Checks.Some.Calls(calls) };

    private static string Text(Answer answer) => Encoding.UTF8.GetString(answer.Content.Span);

    private static void Check<T>(Arbitrary<T> any, Func<T, bool> law) => Prop.ForAll(any, law).Check(Config.QuickThrowOnFailure.WithReplay(11, 29).WithMaxTest(100));

    private static void Check<T>(Arbitrary<T> any, Arbitrary<T> other, Func<T, T, bool> law) => Prop.ForAll(any, other, law).Check(Config.QuickThrowOnFailure.WithReplay(11, 29).WithMaxTest(100));
}
