using System.Text;
using System.Text.Json;
using Rung.Core.Checks;
using Xunit.Abstractions;

namespace Rung.Core.Tests.Checks.Schema;

/// <summary>The official JSON Schema test suite. A schema may be refused, out loud; a verdict may never be wrong.</summary>
public sealed class OfficialSuiteTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("draft2020-12", 0.75)]
    [InlineData("draft2020-12/optional", 0.50)]
    [InlineData("draft7", 0.75)]
    [InlineData("draft7/optional", 0.50)]
    public void No_verdict_of_the_official_suite_is_wrong(string draft, double leastJudged)
    {
        if (FindSuite(draft) is not { } suite)
        {
            output.WriteLine("Skipped: the official JSON Schema test suite is not on this machine (folder 'shared' beside the repository, or RUNG_SHARED).");
            return;
        }
        var tally = new Tally();
        foreach (var file in Directory.EnumerateFiles(suite, "*.json").Order(StringComparer.Ordinal))
        {
            if (!AssertsAnnotations(file)) Run(file, draft, tally);
        }

        output.WriteLine($"{draft}: {tally.Right} right, {tally.Refused} refused ({tally.Refusals.Count} schemas), {tally.Wrong.Count} wrong");
        foreach (var refusal in tally.Refusals) output.WriteLine($"  refused {refusal}");
        Assert.True(tally.Wrong.Count == 0, string.Join('\n', tally.Wrong));
        Assert.True(tally.Right >= leastJudged * (tally.Right + tally.Refused), $"Only {tally.Right} judged.");
    }

    /// <summary>The optional tests of draft 7 that want contentEncoding asserted; it is an annotation here, as later drafts have it.</summary>
    private static bool AssertsAnnotations(string file) => file.EndsWith(Path.Combine("optional", "content.json"), StringComparison.Ordinal);

    private static void Run(string file, string draft, Tally tally)
    {
        using var groups = JsonDocument.Parse(File.ReadAllBytes(file));
        foreach (var group in groups.RootElement.EnumerateArray())
        {
            var title = $"{Path.GetFileNameWithoutExtension(file)} / {group.GetProperty("description").GetString()}";
            var tests = group.GetProperty("tests");
            var check = CheckFactory.Schema("suite.json", SchemaOf(group.GetProperty("schema"), draft), out var fault);
            if (check is null)
            {
                tally.Refused += tests.GetArrayLength();
                tally.Refusals.Add($"{title}: {fault}");
                continue;
            }
            foreach (var test in tests.EnumerateArray()) Judge(check, test, title, tally);
        }
    }

    private static void Judge(Check check, JsonElement test, string title, Tally tally)
    {
        var result = check.Evaluate(new Answer { Content = Utf8(test.GetProperty("data")) });
        if (result.Passed == test.GetProperty("valid").GetBoolean()) tally.Right++;
        else tally.Wrong.Add($"{title} / {test.GetProperty("description").GetString()}: {result.Detail ?? "passed"}");
    }

    /// <summary>The schemas of the suite for draft 7 do not say that they are of draft 7: the folder does.</summary>
    private static byte[] SchemaOf(JsonElement schema, string draft)
    {
        var isSilent = schema.ValueKind == JsonValueKind.Object && !schema.TryGetProperty("$schema", out _);
        if (!isSilent || !draft.StartsWith("draft7", StringComparison.Ordinal)) return Utf8(schema);
        var members = schema.GetRawText().TrimStart()[1..];
        var comma = schema.EnumerateObject().Any() ? "," : "";
        return Encoding.UTF8.GetBytes($$"""{"$schema":"http://json-schema.org/draft-07/schema#"{{comma}}{{members}}""");
    }

    private static byte[] Utf8(JsonElement element) => Encoding.UTF8.GetBytes(element.GetRawText());

    private static string? FindSuite(string draft)
    {
        if (Environment.GetEnvironmentVariable("RUNG_SHARED") is { Length: > 0 } named) return Existing(named, draft);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared"), draft) is { } found) return found;
        }
        return null;
    }

    private static string? Existing(string shared, string draft)
    {
        var folder = Path.Combine(shared, "data", "json-schema-test-suite", "tests", draft);
        return Directory.Exists(folder) ? folder : null;
    }

    private sealed class Tally
    {
        public int Right { get; set; }
        public int Refused { get; set; }
        public List<string> Refusals { get; } = [];
        public List<string> Wrong { get; } = [];
    }
}
