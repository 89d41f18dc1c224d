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

    [Theory]
    [InlineData("{\"q\": \"x\"}", null)]
    [InlineData("{\"q\": 12}", "the argument /q ")]
    [InlineData("", "its arguments ")]
    [InlineData("{}", "see the parameters of search.")]
    public void Arguments_follow_the_schema_that_the_request_declared(string arguments, string? complaint)
    {
        var check = CheckFactory.ToolCalls(required: true, bySchema: true);
        Assert.True(check.NeedsContext);
        for (var again = 0; again < 2; again++) // The second time the schema is a kept one.
        {
            var result = check.Evaluate(WithTools("""[{"type": "function", "function": {"name": "search", "parameters": {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}}}]""", arguments));
            Assert.Equal(complaint is null, result.Passed);
            if (complaint is not null) Assert.Contains(complaint, result.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1, {}, {\"function\": 1}, {\"function\": {\"name\": \"\\ud800\"}}]")]
    [InlineData("[{\"function\": {\"name\": \"search\"}}]")]
    [InlineData("[{\"function\": {\"name\": \"search\", \"parameters\": {\"type\": 5}}}]")]
    public void A_schema_that_cannot_be_used_asks_for_nothing(string tools) =>
        Assert.True(CheckFactory.ToolCalls(required: true, bySchema: true).Evaluate(WithTools(tools, """{"q": 12}""")).Passed);

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void A_schema_of_more_patterns_than_a_tool_needs_is_not_compiled(int patterns, bool passes)
    {
        var properties = string.Join(',', Enumerable.Range(0, patterns).Select(i => $$"""{"p\u0061ttern": "^[a-z]{1,9}{{i}}$"}"""));
        var tools = """[{"function": {"name": "search", "parameters": {"properties": {"q": {"allOf": [PATTERNS]}}}}}]""".Replace("PATTERNS", properties, StringComparison.Ordinal);

        Assert.Equal(passes, CheckFactory.ToolCalls(required: true, bySchema: true).Evaluate(WithTools(tools, """{"q": "x"}""")).Passed);
    }

    [Theory]
    [InlineData("^x$", 0, false)]
    [InlineData("^(?=x)x$", 0, true)] // Look-around takes backtracking, and a client could ask for it two hundred times.
    [InlineData("^x$", 65_536, true)]
    public void A_schema_of_a_client_that_could_take_long_asks_for_nothing(string pattern, int padding, bool passes)
    {
        var tools = """[{"function": {"name": "search", "parameters": {"$comment": "PADDING", "properties": {"q": {"pattern": "PATTERN"}}}}}]"""
            .Replace("PATTERN", pattern, StringComparison.Ordinal).Replace("PADDING", new string('p', padding), StringComparison.Ordinal);

        Assert.Equal(passes, CheckFactory.ToolCalls(required: true, bySchema: true).Evaluate(WithTools(tools, """{"q": "y"}""")).Passed);
    }

    [Fact]
    public void Many_different_schemas_stay_bounded_and_right()
    {
        var check = CheckFactory.ToolCalls(required: true, bySchema: true);
        for (var i = 0; i < 300; i++)
        {
            var tools = """[{"function": {"name": "search", "parameters": {"properties": {"q": {"maximum": LIMIT}}}}}]""".Replace("LIMIT", $"{i}", StringComparison.Ordinal);
            Assert.True(check.Evaluate(WithTools(tools, $$"""{"q": {{i}}}""")).Passed);
            Assert.False(check.Evaluate(WithTools(tools, $$"""{"q": {{i + 1}}}""")).Passed);
        }
    }

    private static Answer WithTools(string tools, string arguments) => Some.Answer("") with
    {
        ToolCalls = Some.Calls(("search", arguments)),
        DeclaredTools = ["search"],
        Context = new CallContext { Prompt = default, Given = default, Tools = System.Text.Encoding.UTF8.GetBytes(tools) },
    };

    [Fact]
    public void The_name_is_tool_calls() => Assert.Equal("tool_calls", CheckFactory.ToolCalls(required: true).Name);
}
