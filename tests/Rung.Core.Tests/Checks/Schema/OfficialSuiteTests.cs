using System.Text;
using System.Text.Json;
using Rung.Core.Checks.Schema;
using Rung.Core.Checks.Schema.Formats;
using Xunit.Abstractions;

namespace Rung.Core.Tests.Checks.Schema;

/// <summary>The official JSON Schema test suite: every required test passes, each document whole, byte by byte, and under watch.</summary>
public sealed class OfficialSuiteTests(ITestOutputHelper output)
{
    private const string Remotes = "http://localhost:1234/";

    /// <summary>
    /// Optional tests that fail, and are meant to: keywords of an older draft are refused (<c>dependencies</c>), and what draft 7 says of content is an
    /// annotation, as later drafts have it.
    /// </summary>
    private static readonly string[] Refused = ["dependencies-compatibility", "content"];

    [Theory]
    [InlineData("draft2020-12", SchemaDraft.Draft202012)]
    [InlineData("draft7", SchemaDraft.Draft7)]
    public void Every_required_test_of_the_official_suite_passes(string folder, SchemaDraft draft)
    {
        if (Run(folder, draft, _ => true) is { } tally) Assert.True(tally.Wrong.Count + tally.Refused.Count == 0, string.Join('\n', tally.Wrong.Concat(tally.Refused)));
    }

    [Theory]
    [InlineData("draft2020-12/optional", SchemaDraft.Draft202012)]
    [InlineData("draft7/optional", SchemaDraft.Draft7)]
    public void Optional_tests_pass_but_for_those_that_are_listed(string folder, SchemaDraft draft)
    {
        var hasFormats = SchemaFormats.TryFind("ipv4", out _);
        if (Run(folder, draft, file => !Refused.Contains(file) && (hasFormats || file != "format-assertion")) is { } tally) Assert.True(tally.Wrong.Count + tally.Refused.Count == 0, string.Join('\n', tally.Wrong.Concat(tally.Refused)));
    }

    private Tally? Run(string folder, SchemaDraft draft, Func<string, bool> isWanted)
    {
        if (SharedData.Find("json-schema-test-suite") is not { } suite)
        {
            output.WriteLine("Skipped: the official JSON Schema test suite is not on this machine (folder 'shared' beside the repository, or RUNG_SHARED).");
            return null;
        }
        var remotes = RemotesOf(Path.Combine(suite, "remotes"));
        var options = new SchemaOptions { Draft = draft, Bundle = uri => remotes.TryGetValue(uri.AbsoluteUri, out var file) ? File.ReadAllBytes(file) : null };
        var tally = new Tally();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(suite, "tests", folder), "*.json").Order(StringComparer.Ordinal))
        {
            if (isWanted(Path.GetFileNameWithoutExtension(file))) Run(file, options, tally);
            else output.WriteLine($"left out: {Path.GetFileName(file)}");
        }
        output.WriteLine($"{folder}: {tally.Right} right, {tally.Wrong.Count} wrong, {tally.Refused.Count} schemas refused");
        return tally;
    }

    private static void Run(string file, SchemaOptions options, Tally tally)
    {
        using var groups = JsonDocument.Parse(File.ReadAllBytes(file));
        foreach (var group in groups.RootElement.EnumerateArray())
        {
            var title = $"{Path.GetFileNameWithoutExtension(file)} / {group.GetProperty("description").GetString()}";
            if (JsonSchema.Compile(Utf8(group.GetProperty("schema")), options, out var fault) is not { } schema)
            {
                tally.Refused.Add($"{title}: {fault}");
                continue;
            }
            foreach (var test in group.GetProperty("tests").EnumerateArray()) Judge(schema, test, title, tally);
        }
    }

    private static void Judge(JsonSchema schema, JsonElement test, string title, Tally tally)
    {
        var data = Utf8(test.GetProperty("data"));
        var isValid = test.GetProperty("valid").GetBoolean();
        var name = $"{title} / {test.GetProperty("description").GetString()}";
        var violations = schema.Validate(data);
        var watch = schema.Watch();
        foreach (var piece in data.Append((byte)' ').Chunk(1)) watch.Append(piece); // The space ends a number.

        if (violations.IsEmpty == isValid && watch.DoomedAt is null == isValid) tally.Right++;
        else tally.Wrong.Add($"{name}: {(violations.IsEmpty ? "passed" : violations[0].ToString())}; watched: {watch.DoomedAt} {watch.Detail}");
        if (!isValid && schema.Watch() is var whole && (whole.Append([.. data, (byte)' ']) || whole.DoomedAt != watch.DoomedAt)) tally.Wrong.Add($"{name}: doomed at {whole.DoomedAt} or {watch.DoomedAt}");
        if (violations is [{ Message: "does not follow the schema" }, ..]) tally.Wrong.Add($"{name}: no reason is given");
    }

    private static Dictionary<string, string> RemotesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).ToDictionary(
            file => Remotes + Path.GetRelativePath(folder, file).Replace('\\', '/'), StringComparer.Ordinal);

    private static byte[] Utf8(JsonElement element) => Encoding.UTF8.GetBytes(element.GetRawText());

    private sealed class Tally
    {
        public int Right { get; set; }
        public List<string> Refused { get; } = [];
        public List<string> Wrong { get; } = [];
    }
}
