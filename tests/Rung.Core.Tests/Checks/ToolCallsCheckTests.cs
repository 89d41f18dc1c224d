using System.Collections.Immutable;
using Rung.Core.Checks;

namespace Rung.Core.Tests.Checks;

public sealed class ToolCallsCheckTests
{
    private static CheckResult Judge(bool required, params (string Name, string Arguments)[] calls) =>
        CheckFactory.ToolCalls(required).Evaluate(Some.Answer("") with { ToolCalls = Some.Calls(calls), DeclaredTools = ["search", "send"] });

    [Fact]
    public void Declared_tools_with_an_object_of_arguments_pass() =>
        Assert.True(Judge(required: true, ("search", """{"q": "x"}"""), ("send", " {} ")).Passed);

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void Empty_arguments_count_as_an_empty_object(string arguments) => Assert.True(Judge(required: true, ("send", arguments)).Passed);

    [Fact]
    public void No_call_passes_unless_one_is_required()
    {
        Assert.True(Judge(required: false).Passed);
        Assert.Contains("at least one call", Judge(required: true).Detail);
    }

    [Fact]
    public void A_tool_that_was_not_declared_fails() =>
        Assert.Equal("Tool call 2 of 2: the tool \"delete\" was not declared; declared are: search, send.", Judge(false, ("send", "{}"), ("delete", "{}")).Detail);

    [Fact]
    public void Names_are_compared_with_their_case() => Assert.False(Judge(false, ("Search", "{}")).Passed);

    [Theory]
    [InlineData("[1]", "a JSON object was expected")]
    [InlineData("\"{}\"", "a JSON object was expected")]
    [InlineData("{\"q\": ", "the text of its arguments ends before its JSON is complete")]
    [InlineData("{\"q\": 1} and more", "goes on after its JSON value")]
    public void Arguments_that_are_no_json_object_fail(string arguments, string reason) => Assert.Contains(reason, Judge(false, ("send", arguments)).Detail);

    [Fact]
    public void A_default_array_is_no_calls_and_no_tools()
    {
        var answer = Some.Answer("") with { ToolCalls = default, DeclaredTools = default };
        Assert.True(CheckFactory.ToolCalls(required: false).Evaluate(answer).Passed);
        Assert.Contains("declared no tools", CheckFactory.ToolCalls(required: false).Evaluate(answer with { ToolCalls = Some.Calls(("a", "")) }).Detail);
    }

    [Fact]
    public void The_name_is_tool_calls() => Assert.Equal("tool_calls", CheckFactory.ToolCalls(required: true).Name);
}
