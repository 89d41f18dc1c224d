using System.Runtime.InteropServices;
using System.Text.Json;
using Rung.Core.Checks.Schema;

namespace Rung.Commands.Checking;

/// <summary>Runs tests of the official suite's form: groups of a schema and documents, each with the verdict that is right.</summary>
internal sealed class SuiteRun
{
    private readonly SuiteFolder _folder;
    private readonly List<SuiteFileTally> _files = [];
    private readonly List<SuiteFailure> _failures = [];

    private SuiteRun(SuiteFolder folder) => _folder = folder;

    /// <summary>Runs every file.</summary>
    /// <exception cref="InvalidDataException">A file is no JSON, or no list of groups.</exception>
    public static SuiteReport Run(SuiteFolder folder)
    {
        var run = new SuiteRun(folder);
        foreach (var file in folder.Files) run.RunFile(file);
        return new SuiteReport
        {
            Draft = string.Join(", ", folder.Drafts.Select(SuiteFolder.Word)),
            Required = Sum(run._files.Where(file => !file.Optional)),
            Optional = Sum(run._files.Where(file => file.Optional)),
            Drafts = [.. run._files.GroupBy(file => file.Draft, StringComparer.Ordinal)
                .Select(draft => new SuiteDraftTally(draft.Key, Sum(draft.Where(file => !file.Optional)), Sum(draft.Where(file => file.Optional))))],
            Files = run._files,
            Failures = run._failures,
            HasRemotes = folder.Remotes is not null,
        };
    }

    private void RunFile(SuiteFile file)
    {
        int passed = 0, failed = 0, refused = 0;
        using var groups = Parse(file);
        foreach (var group in groups.RootElement.EnumerateArray())
        {
            var (title, tests) = (Text(group, "description"), group.GetProperty("tests"));
            if (Compile(file, group.GetProperty("schema"), out var fault) is not { } schema)
            {
                refused += tests.GetArrayLength();
                Note(file, title, test: null, tests.GetArrayLength(), $"refused: {fault}");
                continue;
            }
            foreach (var test in tests.EnumerateArray())
            {
                var problem = Judge(schema, test);
                if (problem is null) passed++;
                else failed++;
                if (problem is not null) Note(file, title, Text(test, "description"), tests: 1, problem);
            }
        }
        _files.Add(new SuiteFileTally(SuiteFolder.Word(file.Draft), file.Name, file.IsOptional, passed, failed, refused));
    }

    private JsonSchema? Compile(SuiteFile file, JsonElement schema, out string? fault)
    {
        var options = new SchemaOptions { Draft = file.Draft, AssertFormats = file.AssertsFormats, Bundle = _folder.Remote };
        return JsonSchema.Compile(JsonMarshal.GetRawUtf8Value(schema).ToArray(), options, out fault);
    }

    /// <summary>What came out wrong; null when it is right.</summary>
    private static string? Judge(JsonSchema schema, JsonElement test)
    {
        var data = JsonMarshal.GetRawUtf8Value(test.GetProperty("data"));
        var found = schema.Validate(data);
        if (test.GetProperty("valid").GetBoolean() == found.IsEmpty) return found.IsEmpty ? GivenUp(schema, data) : null;
        return found.IsEmpty ? "passed, but is invalid" : $"is valid, but: {found[0].InstancePath} {found[0].Message} ({found[0].SchemaPath})";
    }

    /// <summary>A valid document that a watch gives up is a fault, too: its stream would have been cut.</summary>
    private static string? GivenUp(JsonSchema schema, ReadOnlySpan<byte> data)
    {
        var watch = schema.Watch();
        return watch.Append(data) ? null : $"is valid, but its stream was given up at byte {watch.DoomedAt}: {watch.Detail}";
    }

    private void Note(SuiteFile file, string group, string? test, int tests, string detail) =>
        _failures.Add(new SuiteFailure(SuiteFolder.Word(file.Draft), file.Name, group, test, tests, detail));

    private static JsonDocument Parse(SuiteFile file)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllBytes(file.Path), new JsonDocumentOptions { MaxDepth = 256 });
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file.Path} is not JSON: {e.Message}", e);
        }
        if (IsSuite(document.RootElement)) return document;
        document.Dispose();
        throw new InvalidDataException($"{file.Path} is no file of tests. Wanted is a list of groups: [{{\"description\", \"schema\", \"tests\": [{{\"description\", \"data\", \"valid\"}}]}}].");
    }

    private static bool IsSuite(JsonElement root) => root.ValueKind == JsonValueKind.Array && root.EnumerateArray().All(group =>
        group.ValueKind == JsonValueKind.Object && group.TryGetProperty("schema", out _)
        && group.TryGetProperty("tests", out var tests) && tests.ValueKind == JsonValueKind.Array && tests.EnumerateArray().All(test =>
            test.ValueKind == JsonValueKind.Object && test.TryGetProperty("data", out _)
            && test.TryGetProperty("valid", out var valid) && valid.ValueKind is JsonValueKind.True or JsonValueKind.False));

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    private static SuiteTally Sum(IEnumerable<SuiteFileTally> files) =>
        files.Aggregate(new SuiteTally(0, 0, 0), (sum, file) => new SuiteTally(sum.Passed + file.Passed, sum.Failed + file.Failed, sum.Refused + file.Refused));
}
