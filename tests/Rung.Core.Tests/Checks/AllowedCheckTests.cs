using Rung.Core.Checks;

namespace Rung.Core.Tests.Checks;

public sealed class AllowedCheckTests
{
    [Theory]
    [InlineData("billing", true)]
    [InlineData("Billing", false)]
    [InlineData(" billing", false)]
    [InlineData("", false)]
    [InlineData("a very long answer that is certainly longer than every label that there is", false)]
    public void The_whole_answer_is_compared_exactly(string content, bool passes) =>
        Assert.Equal(passes, Some.Passes(Some.Allowed(["billing", "refund"]), content));

    [Theory]
    [InlineData("Billing.")]
    [InlineData("\"billing\"")]
    [InlineData("  \"BILLING.\" \n")]
    [InlineData("“Billing”")]
    [InlineData("`billing`.")]
    public void Normalising_looks_through_the_dress_of_an_answer(string content) =>
        Assert.True(Some.Passes(Some.Allowed(["billing"], normalised: true), content));

    [Fact]
    public void Normalising_folds_white_space_and_applies_to_the_allowed_values_too() =>
        Assert.True(Some.Passes(Some.Allowed(["Change  Address."], normalised: true), "change\n address"));

    [Theory]
    [InlineData("""{"intent": "billing"}""", true)]
    [InlineData("""{"intent": "other"}""", false)]
    [InlineData("""{"intent": 3}""", true)]
    [InlineData("""{"intent": 3.0}""", false)] // By JSON text.
    [InlineData("""{"intent": true}""", true)]
    [InlineData("""{"intent": null}""", false)]
    [InlineData("""{"intent": ["billing"]}""", false)]
    [InlineData("{}", false)]
    [InlineData("billing", false)]
    public void A_field_is_compared_by_its_text(string content, bool passes) =>
        Assert.Equal(passes, Some.Passes(Some.Allowed(["billing", "3", "true", "null"], "intent"), content));

    [Fact]
    public void The_detail_says_what_came_and_what_is_allowed()
    {
        Assert.Equal("The answer is \"sales\"; expected one of: billing, refund.", Some.Detail(Some.Allowed(["billing", "refund"]), "sales"));
        Assert.Equal(
            "The field a.b is the string \"sales\"; expected one of: billing.",
            Some.Detail(Some.Allowed(["billing"], "a.b"), """{"a": {"b": "sales"}}"""));
    }

    [Fact]
    public void No_values_and_a_bad_field_are_faults()
    {
        Assert.Null(CheckFactory.Allowed([], null, normalised: false, out var none));
        Assert.Contains("at least one", none);
        Assert.Null(CheckFactory.Allowed(["a"], "x.", normalised: false, out var bad));
        Assert.Contains("empty step", bad);
    }

    [Fact]
    public void The_name_says_which_field()
    {
        Assert.Equal("allowed", Some.Allowed(["a"]).Name);
        Assert.Equal("allowed x.y", Some.Allowed(["a"], "x.y").Name);
    }
}
