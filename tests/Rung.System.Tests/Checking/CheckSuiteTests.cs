using System.Text.Json;
using Rung.Commands;
using Rung.Commands.Checking;
using Rung.Core.Checks.Schema;
using Xunit.Abstractions;

namespace Rung.Tests.Checking;

public sealed class CheckSuiteTests(ITestOutputHelper output) : IDisposable
{
    private const string Integers = """
        [ { "description": "integers", "schema": { "type": "integer" }, "tests": [
            { "description": "one", "data": 1, "valid": true }, { "description": "a text", "data": "1", "valid": false } ] } ]
        """;

    private readonly CheckFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_suite_is_run_by_draft_and_optional_tests_do_not_decide()
    {
        _folder.Write("suite/tests/draft2020-12/type.json", Integers);
        _folder.Write("suite/tests/draft7/type.json", Integers);
        _folder.Write("suite/tests/draft7/optional/wrong.json", Integers.Replace("\"valid\": true", "\"valid\": false", StringComparison.Ordinal));
        _folder.Write("suite/remotes/integer.json", "{}");

        var printed = await _folder.RunAsync("--suite", _folder.At("suite"), "--json");
        var seven = await _folder.RunAsync("--suite", _folder.At("suite"), "--draft", "7");

        Assert.Equal((ExitCode.Ok, ExitCode.Ok, ""), (printed.Code, seven.Code, printed.Error));
        var report = printed.Json;
        Assert.Equal("2020-12, 7", report.GetProperty("draft").GetString());
        Assert.Equal((4, 0, 0), Tally(report.GetProperty("required")));
        Assert.Equal((1, 1, 0), Tally(report.GetProperty("optional")));
        Assert.Equal(["type.json", "type.json", "optional/wrong.json"], report.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("file").GetString()));
        var failure = report.GetProperty("failures")[0];
        Assert.Equal(("7", "integers", "one"), (failure.GetProperty("draft").GetString(), failure.GetProperty("group").GetString(), failure.GetProperty("test").GetString()));
        Assert.Contains("draft 7 optional/wrong.json / integers / one: passed, but is invalid", seven.Output, StringComparison.Ordinal);
        Assert.Contains("draft 7, required: 2 of 2 passed, 0 failed, 0 refused", seven.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("draft 2020-12", seven.Output, StringComparison.Ordinal);
        Assert.All(seven.Output.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public async Task A_refused_schema_is_counted_with_all_its_tests_and_fails()
    {
        _folder.Write("suite/draft2020-12/bad.json", Integers.Replace("\"integer\"", "\"intger\"", StringComparison.Ordinal));

        var printed = await _folder.RunAsync("--suite", _folder.At("suite"), "--json");

        Assert.Equal(ExitCode.Faults, printed.Code);
        Assert.Equal((0, 0, 2), Tally(printed.Json.GetProperty("required")));
        var failure = printed.Json.GetProperty("failures")[0];
        Assert.Equal((JsonValueKind.Null, 2), (failure.GetProperty("test").ValueKind, failure.GetProperty("tests").GetInt32()));
        Assert.StartsWith("refused: ", failure.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("no folder remotes", printed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("suite/tests/draft7", "type.json")]
    [InlineData("suite/tests/draft7/optional", "optional/more.json")]
    [InlineData("suite/tests/draft7/type.json", "type.json")]
    public void A_draft_is_known_by_the_folder_that_the_tests_lie_in(string place, string name)
    {
        _folder.Write("suite/tests/draft7/type.json", Integers);
        _folder.Write("suite/tests/draft7/optional/more.json", Integers);
        _folder.Write("suite/remotes/a.json", "{}");

        var found = SuiteFolder.Find(_folder.At(place), draft: null);

        Assert.Equal([SchemaDraft.Draft7], found.Drafts);
        Assert.Contains(found.Files, file => file.Name == name);
        Assert.Equal(_folder.At("suite/remotes"), found.Remotes);
        Assert.Throws<InvalidDataException>(() => SuiteFolder.Find(_folder.At(place), SchemaDraft.Draft202012));
    }

    [Fact]
    public void A_plain_folder_of_files_is_of_the_draft_that_is_asked_for()
    {
        _folder.Write("mine/type.json", Integers);

        Assert.Equal([SchemaDraft.Draft202012], SuiteFolder.Find(_folder.At("mine"), draft: null).Drafts);
        Assert.Equal([SchemaDraft.Draft7], SuiteFolder.Find(_folder.At("mine"), SchemaDraft.Draft7).Drafts);
    }

    [Fact]
    public void Formats_are_asserted_where_the_suite_wants_it()
    {
        _folder.Write("suite/tests/draft7/format.json", Integers);
        _folder.Write("suite/tests/draft7/optional/format/date.json", Integers);
        _folder.Write("suite/tests/draft7/optional/other.json", Integers);

        var files = SuiteFolder.Find(_folder.At("suite"), draft: null).Files;

        Assert.Equal(["optional/format/date.json"], files.Where(file => file.AssertsFormats).Select(file => file.Name));
        Assert.Equal(2, files.Count(file => file.IsOptional));
    }

    [Fact]
    public void Remotes_are_served_from_their_folder_alone()
    {
        _folder.Write("suite/tests/draft7/type.json", Integers);
        _folder.Write("suite/remotes/nested/a.json", "{}");
        _folder.Write("suite/secret.json", "{}");
        var suite = SuiteFolder.Find(_folder.At("suite"), draft: null);

        Assert.NotNull(suite.Remote(new Uri("http://localhost:1234/nested/a.json")));
        Assert.Null(suite.Remote(new Uri("http://localhost:1234/b.json")));
        Assert.Null(suite.Remote(new Uri("http://localhost:1234/%2e%2e%2fsecret.json")));
        Assert.Null(suite.Remote(new Uri("http://localhost/nested/a.json")));
        Assert.Null(suite.Remote(new Uri("http://example.com:1234/nested/a.json")));
    }

    [Fact]
    public async Task A_folder_without_tests_or_with_other_files_is_a_usage_error()
    {
        _folder.Write("empty/readme.txt", "");
        _folder.Write("other/package.json", "{}");
        _folder.Write("broken/x.json", "[");

        foreach (var (folder, words) in new[] { ("empty", "holds no tests"), ("other", "is no file of tests"), ("broken", "is not JSON"), ("none", "There is no folder") })
        {
            var printed = await _folder.RunAsync("--suite", _folder.At(folder));
            Assert.Equal(ExitCode.Usage, printed.Code);
            Assert.Contains(words, printed.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_official_suite_passes_where_it_is_required()
    {
        if (OfficialSuite() is not { } suite)
        {
            output.WriteLine("Skipped: the official JSON Schema test suite is not on this machine (folder 'shared' beside the repository, or RUNG_SHARED).");
            return;
        }
        var printed = await _folder.RunAsync("--suite", suite);
        output.WriteLine(printed.Output);
        Assert.Equal(ExitCode.Ok, printed.Code);
    }

    private static string? OfficialSuite()
    {
        if (Environment.GetEnvironmentVariable("RUNG_SHARED") is { Length: > 0 } named) return Existing(named);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared")) is { } found) return found;
        }
        return null;
    }

    private static string? Existing(string shared) => Path.Combine(shared, "data", "json-schema-test-suite") is var folder && Directory.Exists(folder) ? folder : null;

    private static (int Passed, int Failed, int Refused) Tally(JsonElement tally) =>
        (tally.GetProperty("passed").GetInt32(), tally.GetProperty("failed").GetInt32(), tally.GetProperty("refused").GetInt32());
}
