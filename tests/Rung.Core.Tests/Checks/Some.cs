using System.Collections.Immutable;
using System.Text;
using Rung.Core.Checks;

namespace Rung.Core.Tests.Checks;

/// <summary>Answers and checks for tests.</summary>
internal static class Some
{
    public static Answer Answer(string content) => new() { Content = Encoding.UTF8.GetBytes(content) };

    public static Answer Answer(byte[] content) => new() { Content = content };

    public static Check Schema(string schema)
    {
        var check = CheckFactory.Schema("test.json", Encoding.UTF8.GetBytes(schema), out var fault);
        Assert.Null(fault);
        return check!;
    }

    public static string SchemaFault(string schema)
    {
        var check = CheckFactory.Schema("test.json", Encoding.UTF8.GetBytes(schema), out var fault);
        Assert.Null(check);
        return fault!;
    }

    public static Check Required(params string[] fields) => Made(CheckFactory.Required([.. fields], out var fault), fault);

    public static Check Allowed(string[] values, string? field = null, bool normalised = false) =>
        Made(CheckFactory.Allowed([.. values], field, normalised, out var fault), fault);

    public static Check Regex(string pattern, bool mustMatch = true) =>
        Made(CheckFactory.Regex(pattern, mustMatch, TimeSpan.FromMilliseconds(200), out var fault), fault);

    public static Check Length(int? min, int? max) => Made(CheckFactory.Length(min, max, out var fault), fault);

    public static Check Bounds(string? field, decimal? min, decimal? max) => Made(CheckFactory.Bounds(field, min, max, out var fault), fault);

    public static ImmutableArray<ToolCall> Calls(params (string Name, string Arguments)[] calls) =>
        [.. calls.Select(call => new ToolCall(call.Name, Encoding.UTF8.GetBytes(call.Arguments)))];

    public static bool Passes(Check check, string content) => check.Evaluate(Answer(content)).Passed;

    /// <summary>The detail of a failure; a failure always has one.</summary>
    public static string Detail(Check check, string content)
    {
        var result = check.Evaluate(Answer(content));
        Assert.False(result.Passed);
        return Assert.IsType<string>(result.Detail);
    }

    private static Check Made(Check? check, string? fault)
    {
        Assert.Null(fault);
        return check!;
    }
}
