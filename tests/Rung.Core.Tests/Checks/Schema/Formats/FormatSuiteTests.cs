using System.Text.Json;
using Rung.Core.Checks.Schema.Formats;
using Xunit.Abstractions;

namespace Rung.Core.Tests.Checks.Schema.Formats;

/// <summary>The optional format files of the official JSON Schema test suite, straight against the rules.</summary>
public sealed class FormatSuiteTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("draft2020-12")]
    [InlineData("draft7")]
    public void Every_format_of_the_official_suite_is_judged_right(string draft)
    {
        if (FindFormats(draft) is not { } folder)
        {
            output.WriteLine("Skipped: the official JSON Schema test suite is not on this machine (folder 'shared' beside the repository, or RUNG_SHARED).");
            return;
        }
        var wrong = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            var before = wrong.Count;
            var count = Run(file, wrong);
            output.WriteLine($"{draft}/{Path.GetFileName(file)}: {count - wrong.Count + before} of {count}");
        }

        foreach (var line in wrong) output.WriteLine($"  wrong: {line}");
        Assert.Empty(wrong);
    }

    private static int Run(string file, List<string> wrong)
    {
        using var groups = JsonDocument.Parse(File.ReadAllBytes(file));
        var count = 0;
        foreach (var group in groups.RootElement.EnumerateArray())
        {
            var format = group.GetProperty("schema").GetProperty("format").GetString()!;
            Assert.Equal(format != "unknown", SchemaFormats.TryFind(format, out var rule));
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                count++;
                var data = test.GetProperty("data");
                var passes = data.ValueKind != JsonValueKind.String || rule(data.GetString()); // A format says nothing about what is no string.
                if (passes != test.GetProperty("valid").GetBoolean()) wrong.Add($"{format} {data.GetRawText()}: {test.GetProperty("description").GetString()}");
            }
        }
        return count;
    }

    private static string? FindFormats(string draft)
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
        var folder = Path.Combine(shared, "data", "json-schema-test-suite", "tests", draft, "optional", "format");
        return Directory.Exists(folder) ? folder : null;
    }
}
