using System.Text;
using System.Text.Json;
using Rung.Commands;

namespace Rung.Tests.Checking;

public sealed class CheckDocumentsTests : IDisposable
{
    private const string Documents = """
        {"intent":"billing"}

        {"intent":"complaint","score":2}
        {"intent":"refund","score":0.5}
        no JSON
        """;

    private readonly CheckFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_violation_is_a_line_with_its_place_and_blank_lines_count_as_lines_only()
    {
        var printed = await _folder.RunAsync("--schema", _folder.Write("s.json", CheckFolder.Schema), "--data", _folder.Write("d.jsonl", Documents));

        Assert.Equal(ExitCode.Faults, printed.Code);
        var lines = printed.Output.TrimEnd().Split('\n');
        Assert.Contains(lines, line => line.StartsWith("d.jsonl:3: /intent must be", StringComparison.Ordinal) && line.Contains("(#/properties/intent/enum)", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("d.jsonl:3: /score must be", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("d.jsonl:5: The document is not JSON", StringComparison.Ordinal));
        Assert.Contains("4 documents: 2 valid, 2 invalid (1 of them no JSON).", lines);
        Assert.Empty(printed.Error);
    }

    [Fact]
    public async Task Json_says_the_same()
    {
        var schema = _folder.Write("s.json", CheckFolder.Schema);

        var printed = await _folder.RunAsync("--schema", schema, "--data", _folder.Write("d.jsonl", Documents), "--json");

        Assert.Equal(ExitCode.Faults, printed.Code);
        var report = printed.Json;
        Assert.Equal("s.json", report.GetProperty("schema").GetString());
        Assert.Equal((4, 2, 2, 1), (Number(report, "documents"), Number(report, "valid"), Number(report, "invalid"), Number(report, "not_json")));
        var first = report.GetProperty("violations")[0];
        Assert.Equal((3, 32), (Number(first, "line"), Number(first, "bytes")));
        Assert.Equal("#/properties/intent/enum", first.GetProperty("schema_path").GetString());
        Assert.Equal("/intent", first.GetProperty("instance_path").GetString());
        Assert.NotEmpty(first.GetProperty("message").GetString()!);
        Assert.Equal(11, Number(first, "doomed_at")); // No allowed intent begins with c.
        Assert.Equal((2, 26), (Number(report.GetProperty("doomed"), "documents"), Number(report.GetProperty("doomed"), "bytes_not_needed")));
    }

    [Fact]
    public async Task Valid_documents_are_exit_code_0()
    {
        var printed = await _folder.RunAsync("--schema", _folder.Write("s.json", CheckFolder.Schema), "--data", _folder.Write("d.jsonl", "{\"intent\":\"billing\"}\n"));

        Assert.Equal((ExitCode.Ok, "1 document: 1 valid, 0 invalid.\n", ""), (printed.Code, printed.Output, printed.Error));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Standard_input_is_read_plain_and_gzipped(bool isGzip)
    {
        var schema = _folder.Write("s.json", CheckFolder.Schema);

        var printed = await _folder.RunAsync(isGzip ? CheckFolder.Gzip(Documents) : Encoding.UTF8.GetBytes(Documents), ["--schema", schema, "--data", "-", "--json"]);

        Assert.Equal(4, Number(printed.Json, "documents"));
    }

    [Fact]
    public async Task A_gzipped_file_is_known_by_its_first_bytes()
    {
        var printed = await _folder.RunAsync("--schema", _folder.Write("s.json", CheckFolder.Schema), "--data", _folder.WriteGzip("d.jsonl", Documents), "--json");

        Assert.Equal(4, Number(printed.Json, "documents"));
    }

    [Fact]
    public async Task Only_the_first_hundred_invalid_documents_are_shown_and_the_rest_is_counted()
    {
        var data = _folder.Write("d.jsonl", string.Concat(Enumerable.Repeat("{\"intent\":1}\n", 130)));
        var schema = _folder.Write("s.json", CheckFolder.Schema);

        var json = (await _folder.RunAsync("--schema", schema, "--data", data, "--json")).Json;
        var text = await _folder.RunAsync("--schema", schema, "--data", data);

        Assert.Equal((130, 30), (Number(json, "invalid"), Number(json, "invalid_not_shown")));
        Assert.Equal(100, json.GetProperty("violations").EnumerateArray().Select(violation => Number(violation, "line")).Distinct().Count());
        Assert.Contains("… and 30 more invalid documents.", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_over_several_lines_gets_a_hint()
    {
        var printed = await _folder.RunAsync("--schema", _folder.Write("s.json", CheckFolder.Schema), "--data", _folder.Write("d.json", "{\n \"intent\":\n \"billing\"\n}"));

        Assert.Contains("jq -c", printed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_used_is_a_usage_error_that_says_why()
    {
        var schema = _folder.Write("s.json", CheckFolder.Schema);
        var data = _folder.Write("d.jsonl", Documents);
        string[][] wrong =
        [
            [], ["--schema", schema], ["--data", data], ["--schema", _folder.At("none.json"), "--data", data], ["--schema", schema, "--data", _folder.At("none.jsonl")],
            ["--schema", _folder.Write("a.json", "{"), "--data", data], ["--schema", _folder.Write("b.json", "12"), "--data", data],
            ["--schema", _folder.Write("c.json", """{"type":"objet"}"""), "--data", data], ["--schema", schema, "--data", data, "--draft", "5"],
            ["--schema", schema, "--data", _folder.At(".")], ["--schema", schema, "--data", data, "--bundle", _folder.At("none")],
            ["--schema", schema, "--data", data, "--suite", _folder.At(".")],
        ];
        foreach (var args in wrong)
        {
            var printed = await _folder.RunAsync(args);
            Assert.True(printed.Code == ExitCode.Usage, string.Join(' ', args));
            Assert.NotEmpty(printed.Error);
        }
    }

    [Fact]
    public async Task Formats_are_asserted_when_asked()
    {
        string[] args = ["--schema", _folder.Write("s.json", """{"format":"date"}"""), "--data", _folder.Write("d.jsonl", "\"2026-02-30\"\n12\n\"2026-02-28\"")];

        var annotated = await _folder.RunAsync(args);
        var asserted = await _folder.RunAsync([.. args, "--formats"]);

        Assert.Equal((ExitCode.Ok, ExitCode.Faults), (annotated.Code, asserted.Code));
        Assert.Contains("d.jsonl:1: the document must be of the format date", asserted.Output, StringComparison.Ordinal);
        Assert.Contains("3 documents: 2 valid, 1 invalid.", asserted.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_draft_decides_about_schemas_that_do_not_name_theirs()
    {
        // In draft 7 a list of items speaks of the first ones; draft 2020-12 calls that prefixItems.
        string[] args = ["--schema", _folder.Write("s.json", """{"items":[{"type":"integer"}]}"""), "--data", _folder.Write("d.jsonl", "[\"a\"]")];

        Assert.Equal(ExitCode.Faults, (await _folder.RunAsync([.. args, "--draft", "7"])).Code);
        Assert.Equal(ExitCode.Usage, (await _folder.RunAsync(args)).Code);
    }

    [Fact]
    public async Task References_lead_into_the_bundle_from_where_the_schema_lies()
    {
        var schema = _folder.Write("schemas/s.json", """{"items":{"$ref":"common/n.json"}}""");
        _folder.Write("schemas/common/n.json", """{"type":"integer"}""");
        string[] args = ["--schema", schema, "--data", _folder.Write("d.jsonl", "[1]\n[\"a\"]")];

        var without = await _folder.RunAsync(args);
        var with = await _folder.RunAsync([.. args, "--bundle", _folder.At("schemas")]);

        Assert.Equal((ExitCode.Usage, ExitCode.Faults), (without.Code, with.Code));
        Assert.Contains("--bundle", without.Error, StringComparison.Ordinal);
        Assert.Contains("d.jsonl:2: /0 must be an integer", with.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_remote_document_is_named_with_the_way_to_give_it()
    {
        var schema = _folder.Write("s.json", """{"$ref":"https://example.com/other.json"}""");

        var printed = await _folder.RunAsync("--schema", schema, "--data", _folder.Write("d.jsonl", "1"));

        Assert.Equal(ExitCode.Usage, printed.Code);
        Assert.Contains("https://example.com/other.json", printed.Error, StringComparison.Ordinal);
    }

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
