using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Rung.Commands;
using Rung.Commands.Audit;
using Rung.Commands.Policy;
using Rung.Control.Tests.Audit.Rating;
using Rung.Core.Prices;

namespace Rung.Tests.Audit;

/// <summary>The command as from a command line, on gateway logs that each test writes.</summary>
public sealed class AuditCommandTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rung-audit-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Json_has_what_a_program_needs_and_its_rows_add_up()
    {
        var logs = Log("spend.jsonl", Rows(300));

        var (code, text, error) = await RunAsync("audit", logs, "--prices", Prices(), "--json");

        Assert.True(code == ExitCode.Ok, error);
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        // 100 × (1,000 × $3/M + 200 × $15/M) + 100 × (4,000 × $3/M + 50 × $15/M) + 100 without a price.
        Assert.Equal((300, 100), (root.GetProperty("calls").GetInt64(), root.GetProperty("unknown_price_calls").GetInt64()));
        Assert.Equal(0.6m + 1.275m, root.GetProperty("cost_usd").GetDecimal());
        var rows = root.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(["summarise", "sort-tickets", "translate"], rows.Select(row => row.GetProperty("tag").GetString()));
        Assert.Equal(root.GetProperty("cost_usd").GetDecimal(), rows.Sum(row => row.GetProperty("cost_usd").GetDecimal()));
        Assert.Equal(300, rows.Sum(row => row.GetProperty("calls").GetInt64()));
        foreach (var name in new[]
        {
            "tag", "tagged", "role", "calls", "cost_usd", "share", "unknown_price_calls", "input_tokens", "output_tokens", "cached_share", "p50_latency_ms", "p95_latency_ms", "model",
            "models", "class", "tier", "proposed_tier", "saving_usd", "saving_interval", "reasons", "prove", "compliance", "confidence", "grouped_by", "skeleton", "fingerprint",
        })
        {
            Assert.True(rows[0].TryGetProperty(name, out _), name);
        }
        foreach (var name in new[] { "period", "saving_usd", "saving_interval", "assumptions", "ladder", "sources", "warnings", "simulated", "prices", "invoice" })
            Assert.True(root.TryGetProperty(name, out _), name);
        Assert.Equal("unheard-of", root.GetProperty("unknown_prices")[0].GetProperty("model").GetString());
    }

    [Fact]
    public async Task The_same_call_in_two_files_counts_once_and_gzip_and_folders_are_read()
    {
        var logs = folder.CreateSubdirectory("logs");
        Log("logs/a.jsonl", Rows(300));
        Zipped("logs/b.jsonl.gz", Rows(301));

        var (code, text, _) = await RunAsync("audit", logs.FullName, "--prices", Prices(), "--json");

        Assert.Equal(ExitCode.Ok, code);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(301, json.RootElement.GetProperty("calls").GetInt64());
        Assert.Equal(300, json.RootElement.GetProperty("sources").GetProperty("left_out").GetProperty("duplicate").GetInt64());
    }

    [Fact]
    public async Task Standard_input_is_read_and_the_report_fits_a_terminal()
    {
        var (code, text, _) = await RunAsync(() => new MemoryStream(Encoding.UTF8.GetBytes(Rows(300))), "audit", "-", "--prices", Prices(), "--invoice", "2.50");

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("Audit of standard input (litellm)", text, StringComparison.Ordinal);
        Assert.Contains("The invoice of $2.50 is $0.63 (33 %) more than the calls cost.", text, StringComparison.Ordinal);
        Assert.Contains("100 calls", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100 || line.Contains("rung ", StringComparison.Ordinal), line));
    }

    [Fact]
    public async Task A_price_date_and_a_window_change_what_is_counted()
    {
        var logs = Log("spend.jsonl", Rows(300));

        var (_, late, _) = await RunAsync("audit", logs, "--prices", Prices(), "--json", "--price-date", "2026-10-25");
        var (_, none, _) = await RunAsync("audit", logs, "--prices", Prices(), "--json", "--until", "2026-10-01");

        using var halved = JsonDocument.Parse(late);
        Assert.Equal((0.6m + 1.275m) / 2, halved.RootElement.GetProperty("cost_usd").GetDecimal());
        using var empty = JsonDocument.Parse(none);
        Assert.Equal((0, 300), (empty.RootElement.GetProperty("calls").GetInt32(), empty.RootElement.GetProperty("sources").GetProperty("outside_window").GetInt32()));
    }

    [Fact]
    public async Task Page_policy_and_names_are_written_and_not_overwritten_unasked()
    {
        var (logs, page, names) = (Log("spend.jsonl", Rows(300)), Path.Combine(folder.FullName, "out", "audit.html"), Path.Combine(folder.FullName, "out", "names.yaml"));

        var (code, _, error) = await RunAsync("audit", logs, "--prices", Prices(), "--html", page, "--write-names", names);

        Assert.True(code == ExitCode.Ok, error);
        Assert.Contains("sort-tickets", await File.ReadAllTextAsync(page), StringComparison.Ordinal);
        Assert.Contains("version: 1", await File.ReadAllTextAsync(names), StringComparison.Ordinal);
        var (again, _, refused) = await RunAsync("audit", logs, "--prices", Prices(), "--html", page);
        Assert.Equal(ExitCode.Usage, again);
        Assert.Contains("is there already", refused, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await RunAsync("audit", logs, "--prices", Prices(), "--html", page, "--names", names, "--force")).Code);
    }

    [Fact]
    public async Task The_proposed_policy_lints_clean()
    {
        var (logs, policy) = (Log("spend.jsonl", Rows(300, model: "claude-opus-4-5", provider: "anthropic")), Path.Combine(folder.FullName, "rung.yaml"));

        var (code, _, error) = await RunAsync("audit", logs, "--policy", policy);

        Assert.True(code == ExitCode.Ok, error);
        var (lint, text, _) = await RunAsync("policy", "lint", policy);
        Assert.True(lint == ExitCode.Ok, text);
    }

    [Fact]
    public async Task What_is_kept_in_the_ledger_gives_the_same_audit_and_is_kept_once()
    {
        var (logs, data) = (Log("spend.jsonl", Rows(300)), Path.Combine(folder.FullName, "data"));

        var (code, first, error) = await RunAsync("audit", logs, "--prices", Prices(), "--into", "ledger", "--data", data, "--json");
        var (_, _, again) = await RunAsync("audit", logs, "--prices", Prices(), "--into", "ledger", "--data", data, "--json");
        var (_, second, _) = await RunAsync("audit", "--ledger", "--data", data, "--prices", Prices(), "--json");

        Assert.True(code == ExitCode.Ok, error);
        Assert.Contains("300 calls kept", error, StringComparison.Ordinal);
        Assert.Contains("0 calls kept", again, StringComparison.Ordinal);
        using var fromFiles = JsonDocument.Parse(first);
        using var fromLedger = JsonDocument.Parse(second);
        foreach (var name in new[] { "calls", "cost_usd", "unknown_price_calls" })
            Assert.Equal(fromFiles.RootElement.GetProperty(name).GetRawText(), fromLedger.RootElement.GetProperty(name).GetRawText());
        Assert.Equal(Tags(fromFiles), Tags(fromLedger));
    }

    [Theory]
    [InlineData("There is nothing to audit.", "audit")]
    [InlineData("no-such-folder/no-such-file.jsonl: ", "audit", "no-such-folder/no-such-file.jsonl")]
    [InlineData("There is no format \"pdf\"", "audit", "x", "--format", "pdf")]
    [InlineData("is no amount", "audit", "x", "--invoice", "lots")]
    [InlineData("is no time", "audit", "x", "--since", "yesterday")]
    [InlineData("--ledger audits what the ledger has", "audit", "x", "--ledger")]
    [InlineData("reads the logs twice", "audit", "-", "--into", "ledger")]
    [InlineData("is not TIER=PROVIDER/MODEL", "audit", "x", "--tier", "small")]
    public async Task A_wrong_command_line_is_told_with_its_fix(string expected, params string[] arguments)
    {
        var (code, text, error) = await RunAsync(arguments);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(text);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_readable_is_an_error_and_bad_lines_are_not()
    {
        var noLog = Log("notes.txt", "Dear diary,\nnothing happened.\n");
        var damaged = Log("spend.jsonl", Rows(10) + "{\"request_id\": \"r\", \"call_type\": \n" + Rows(12));

        var (code, _, error) = await RunAsync("audit", noLog);
        var (usable, text, _) = await RunAsync("audit", damaged, "--prices", Prices(), "--json");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("notes.txt", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, usable);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(12, json.RootElement.GetProperty("calls").GetInt32());
        Assert.Contains(json.RootElement.GetProperty("warnings").EnumerateArray(), warning => warning.GetString()!.Contains("could not be used, for example", StringComparison.Ordinal));
    }

    private static IEnumerable<string?> Tags(JsonDocument json) => json.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("tag").GetString());

    /// <summary>Rows of a gateway's spend log: three jobs in turn, the third one at a model without a price.</summary>
    private static string Rows(int count, string model = "big", string provider = "acme")
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var (tag, named, input, output) = (i % 3) switch { 0 => ("sort-tickets", model, 1_000, 200), 1 => ("summarise", model, 4_000, 50), _ => ("translate", "unheard-of", 500, 500) };
            var start = Priced.Start.AddMinutes(i);
            text.Append(JsonSerializer.Serialize(new Dictionary<string, object?>
            {
                ["request_id"] = $"req-{i}", ["call_type"] = "acompletion", ["api_key"] = "0f", ["spend"] = 0.001, ["total_tokens"] = input + output, ["prompt_tokens"] = input,
                ["completion_tokens"] = output, ["startTime"] = Iso(start), ["endTime"] = Iso(start.AddSeconds(2)), ["completionStartTime"] = Iso(start.AddSeconds(1)), ["model"] = named,
                ["model_group"] = named, ["custom_llm_provider"] = provider, ["request_tags"] = new[] { tag }, ["metadata"] = new { }, ["cache_hit"] = "False", ["status"] = "success",
                ["messages"] = new { }, ["response"] = new { }, ["session_id"] = $"s-{i % 7}",
            })).Append('\n');
        }
        return text.ToString();
    }

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private string Log(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private void Zipped(string name, string text)
    {
        using var file = new GZipStream(File.Create(Path.Combine(folder.FullName, name)), CompressionLevel.Fastest);
        file.Write(Encoding.UTF8.GetBytes(text));
    }

    private string Prices()
    {
        var path = Path.Combine(folder.FullName, "prices.json");
        File.WriteAllBytes(path, PriceBookFile.Write(Priced.Book));
        return path;
    }

    private static Task<(int Code, string Text, string Error)> RunAsync(params string[] arguments) => RunAsync(() => Stream.Null, arguments);

    private static async Task<(int Code, string Text, string Error)> RunAsync(Func<Stream> input, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var root = new RootCommand { AuditCommand.Create(input, TimeProvider.System), PolicyCommand.Create(TimeProvider.System, terminal: null) };
        var code = await CommandLine.RunAsync(root, arguments, new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
