using Rung.Control.Policies;
using Rung.Core.Requests;

namespace Rung.Control.Tests.Policies;

/// <summary>Questions about calls, as people write them.</summary>
public sealed class CallQuestionTests
{
    [Fact]
    public void A_question_becomes_the_facts_of_a_call()
    {
        var facts = new CallQuestion { Tag = "sort", Role = "worker", DataClass = "PHI", Needs = ["tools, vision", "json_schema"], InputTokens = 12, MaxTokens = 5 }.ToFacts();

        Assert.Equal(new CallFacts
        {
            Tag = "sort", TagSource = TagSource.Header, Role = "worker", DataClass = "phi", Needs = ModelNeeds.Tools | ModelNeeds.Vision | ModelNeeds.JsonSchema, EstimatedInputTokens = 12, RequestedMaxTokens = 5,
        }, facts);
    }

    [Theory]
    [InlineData("Sort", null, null, 0, "tag", "'Sort' is not a name.")]
    [InlineData("a\nb", null, null, 0, "tag", "'a·b' is not a name.")]
    [InlineData(null, "", null, 0, "role", "'' is not a name.")]
    [InlineData(null, null, "wings", 0, "needs", "'wings' is unknown.")]
    [InlineData(null, null, null, -1, "input-tokens", "-1 is below 0.")]
    public void What_makes_no_sense_is_said_with_its_field(string? tag, string? role, string? need, int tokens, string field, string problem)
    {
        var thrown = Assert.Throws<CallQuestionException>(() => new CallQuestion { Tag = tag, Role = role, Needs = need is null ? [] : [need], InputTokens = tokens }.ToFacts());

        Assert.Equal((field, problem), (thrown.Field, thrown.Problem));
    }
}
