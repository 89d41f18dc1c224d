using System.Text.Json;
using System.Text.RegularExpressions;
using Rung.Core.Policies;
using Rung.Core.Policies.Compiling;
using Rung.Core.Policies.Lints;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Tests.Policies;

public partial class PolicyReferenceTests
{
    private static readonly HashSet<string> Keys = AllKeys();

    [Fact]
    public void The_published_schema_is_the_generated_one()
    {
        // To renew the file: RUNG_UPDATE_SCHEMA=1 dotnet test tests/Rung.Core.Tests --filter PolicyReferenceTests
        if (Environment.GetEnvironmentVariable("RUNG_UPDATE_SCHEMA") == "1")
            File.WriteAllText(Path.Combine(RepositoryFiles.Root, "docs", "policy.schema.json"), PolicyJsonSchema.Generate());

        Assert.Equal(PolicyJsonSchema.Generate(), RepositoryFiles.Read("docs", "policy.schema.json").Replace("\r", "", StringComparison.Ordinal));
    }

    [Fact]
    public void The_schema_names_every_key_and_is_a_schema_that_the_schema_check_accepts()
    {
        var schema = PolicyJsonSchema.Generate();
        using var document = JsonDocument.Parse(schema);
        var named = new HashSet<string>(StringComparer.Ordinal);
        CollectProperties(document.RootElement, named);

        Assert.Empty(Keys.Except(named));
        Assert.NotNull(Core.Checks.CheckFactory.Schema("policy", System.Text.Encoding.UTF8.GetBytes(schema), out var fault));
        Assert.Null(fault);
    }

    [Fact]
    public void The_reference_page_explains_every_key_word_and_provider()
    {
        var page = RepositoryFiles.Read("docs", "policy.md");

        Assert.All(Keys, key => Assert.Contains($"`{key}`", page, StringComparison.Ordinal));
        Assert.All(Providers.Names, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
        Assert.All(ClimbCauses.Names.Concat(Capabilities.Names), word => Assert.Contains($"`{word}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_reference_page_and_the_catalogue_list_the_same_lints()
    {
        var rows = LintRow().Matches(RepositoryFiles.Read("docs", "policy.md").Replace("\r", "", StringComparison.Ordinal)).Select(match => match.Value);

        Assert.Equal(LintCatalogue.All.Select(rule => $"| {rule.Code} | {rule.Severity.ToString().ToLowerInvariant()} | {rule.Title} | {rule.Reason} | {rule.Fix} |"), rows);
    }

    [Fact]
    public void The_examples_of_the_reference_page_compile()
    {
        var examples = Example().Matches(RepositoryFiles.Read("docs", "policy.md").Replace("\r", "", StringComparison.Ordinal)).Select(match => match.Groups["yaml"].Value).Where(yaml => yaml.StartsWith("version:", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(examples);
        Assert.All(examples, yaml => Assert.Empty(SomePolicy.Compile(yaml, Core.Prices.PriceBook.Embedded).Faults));
    }

    private static HashSet<string> AllKeys()
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        PolicyLawTests.Collect(PolicyShape.Document, "", keys);
        return keys;
    }

    private static void CollectProperties(JsonElement element, HashSet<string> names)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) CollectProperties(item, names);
        }
        if (element.ValueKind != JsonValueKind.Object) return;
        foreach (var property in element.EnumerateObject())
        {
            if (property.Name == "properties") names.UnionWith(property.Value.EnumerateObject().Select(key => key.Name));
            CollectProperties(property.Value, names);
        }
    }

    [GeneratedRegex(@"^\| RUNG\d{3} \|.*$", RegexOptions.Multiline)]
    private static partial Regex LintRow();

    [GeneratedRegex("^```yaml\n(?<yaml>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
