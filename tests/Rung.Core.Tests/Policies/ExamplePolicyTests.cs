using Rung.Core.Policies;
using Rung.Core.Prices;

namespace Rung.Core.Tests.Policies;

public class ExamplePolicyTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(RepositoryFiles.Root, "policies"), "*.yaml").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_example_compiles_without_errors_and_warnings(string file)
    {
        var folder = Path.Combine(RepositoryFiles.Root, "policies");
        var source = new PolicySource(file, File.ReadAllText(Path.Combine(folder, file)), path => File.Exists(Path.Combine(folder, path)) ? File.ReadAllBytes(Path.Combine(folder, path)) : (ReadOnlyMemory<byte>?)null);

        var compilation = PolicyCompiler.Compile(source, PriceBook.Embedded, SomePolicy.Today);

        Assert.Empty(compilation.Faults);
        Assert.Empty(compilation.Lints.Where(lint => lint.Severity >= LintSeverity.Warning));
        Assert.All(compilation.Snapshot!.Models, model => Assert.True(model.Price is not null || model.Hourly is not null, $"{model.Name} has no price"));
    }

    [Fact]
    public void The_recorded_cascade_climbs_when_the_final_line_is_missing()
    {
        var snapshot = SomePolicy.Snapshot(RepositoryFiles.Read("policies", "gsm8k-cascade.yaml"));

        var tag = snapshot.Tags["gsm8k"];
        Assert.Equal(("weak", "strong", 1, ClimbCause.CheckFailed), (tag.Tier.Name, tag.Escalation!.To.Name, tag.Escalation.Times, tag.Escalation.On));
        Assert.Equal("gpt4", snapshot.BaselineModel.Name);
        Assert.Equal(30_000_000, snapshot.BaselineModel.Price!.Periods[0].Rates.Output);
        Assert.True(Assert.Single(tag.Checks).Evaluate(Answer("12 apples\n#### 1,234.50")).Passed);
        Assert.False(tag.Checks[0].Evaluate(Answer("The answer is 12.")).Passed);
    }

    private static Core.Checks.Answer Answer(string text) => new() { Content = System.Text.Encoding.UTF8.GetBytes(text) };
}
