using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rung.Tests.Dashboard;

/// <summary>Audits as pages: the imported calls, and uploads with everything that can be wrong with them.</summary>
public sealed partial class AuditTests
{
    [Fact]
    public async Task An_upload_becomes_a_report_with_a_policy_to_download_and_nothing_of_it_is_kept()
    {
        await using var gateway = await DashboardGateway.StartAsync();

        var html = await UploadAsync(gateway, [], ("<img src=x onerror=alert(1)>.jsonl", Log(60)), ("more.jsonl.gz", Packed(Log(20, from: 1000))));

        Assert.Contains("80 calls", html);
        Assert.DoesNotContain("<img", html);
        Assert.DoesNotContain("style=", html);
        var run = Run().Match(html).Value;
        var report = JsonDocument.Parse(await gateway.Client.GetStringAsync($"{run}/report.json")).RootElement;
        Assert.Equal(80, report.GetProperty("calls").GetInt64());
        Assert.Contains(report.GetProperty("cost_usd").GetDecimal().ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture), html);
        Assert.StartsWith("rank,job,", await gateway.Client.GetStringAsync($"{run}/jobs.csv"));
        Assert.Contains("version: 1", await gateway.Client.GetStringAsync($"{run}/proposed.yaml"));
        Assert.Contains("The ledger has no imported calls", await gateway.PageAsync("/audit"));
    }

    [Fact]
    public async Task Kept_calls_are_in_the_ledger_and_on_the_page_the_same_as_the_report_of_imported_calls()
    {
        await using var gateway = await DashboardGateway.StartAsync();

        var html = await UploadAsync(gateway, [("keep", "yes"), ("invoice", "1.00")], ("log.jsonl", Log(60)));

        Assert.Contains("60 calls kept in the ledger", html);
        Assert.Contains("was billed", html);
        await WaitAsync(gateway, "/audit", page => page.Contains("As of", StringComparison.Ordinal) && page.Contains("60 calls", StringComparison.Ordinal));
        var imported = await gateway.Ledger.ReportImportedAsync(new Rung.Storage.Reports.ImportedReportQuery(), CancellationToken.None);
        var report = JsonDocument.Parse(await gateway.Client.GetStringAsync("/audit/report.json")).RootElement;
        Assert.Equal(imported.Totals.CostNanoUsd, report.GetProperty("cost_usd").GetDecimal() * 1_000_000_000m);
    }

    [Fact]
    public async Task Broken_logs_are_named_by_file_and_line_and_an_empty_form_is_refused()
    {
        await using var gateway = await DashboardGateway.StartAsync();

        Assert.Contains("broken.jsonl", await UploadAsync(gateway, [], ("broken.jsonl", "{\"model\": \n"u8.ToArray())));
        Assert.Contains("half.jsonl, line 41:", await UploadAsync(gateway, [], ("half.jsonl", [.. Log(40), .. "nothing\n"u8, .. Log(1, from: 900)])));
        Assert.Contains("No file was chosen", await UploadAsync(gateway, [], ("", [])));
        Assert.Contains("is no amount", await UploadAsync(gateway, [("invoice", "a lot")], ("log.jsonl", Log(2))));
        Assert.DoesNotContain("One audit at a time", await gateway.PageAsync("/audit"));
    }

    [Fact]
    public async Task Without_the_pages_own_token_or_rights_nothing_is_taken()
    {
        const string Key = "a-gateway-key-of-some-length";
        await using var open = await DashboardGateway.StartAsync();
        using var form = Form([], ("log.jsonl", Log(2)));
        _ = await open.PageAsync("/audit");
        using var forged = await open.Client.PostAsync("/audit/uploads?_token=made-up", form);
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);

        await using var keyed = await DashboardGateway.StartAsync(key: Key);
        keyed.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var again = Form([], ("log.jsonl", Log(2)));
        using var refused = await keyed.Client.PostAsync("/audit/uploads", again);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("disabled", await keyed.PageAsync("/audit"));
        Assert.Contains("The ledger has no imported calls", await keyed.PageAsync("/audit"));
    }

    // Uploads as the page's form does, and gives the page that stands there when it is over.
    private static async Task<string> UploadAsync(DashboardGateway gateway, (string Name, string Value)[] fields, params (string Name, byte[] Bytes)[] files)
    {
        var page = await gateway.PageAsync("/audit");
        var action = WebUtility.HtmlDecode(Action().Match(page).Groups["action"].Value);
        using var form = Form(fields, files);
        using var reply = await gateway.Client.PostAsync(action, form);
        var html = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.StatusCode == HttpStatusCode.OK, html);
        var path = reply.RequestMessage!.RequestUri!.AbsolutePath;
        return path == "/audit" ? html : await WaitAsync(gateway, path, seen => !seen.Contains("hx-trigger=\"every 1s\"", StringComparison.Ordinal));
    }

    private static async Task<string> WaitAsync(DashboardGateway gateway, string path, Func<string, bool> isReady)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            var html = await gateway.PageAsync(path);
            if (isReady(html)) return html;
            await Task.Delay(50);
        }
        throw new TimeoutException(path);
    }

    private static MultipartFormDataContent Form((string Name, string Value)[] fields, params (string Name, byte[] Bytes)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, bytes) in files)
        {
            var part = new ByteArrayContent(bytes);
            // As browsers write it, a quote in a name encoded.
            part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"files\"; filename=\"{name}\"");
            form.Add(part);
        }
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        return form;
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Log(int calls, int from = 0)
    {
        var log = new StringBuilder();
        for (var i = from; i < from + calls; i++)
        {
            var at = new DateTimeOffset(2026, 11, 1, 10, 0, 0, TimeSpan.Zero).AddSeconds(i);
            log.Append(JsonSerializer.Serialize(new
            {
                id = $"chatcmpl-{i}", request_id = $"req-{i}", call_type = "acompletion", custom_llm_provider = "openai", model = i % 3 == 0 ? "gpt-5" : "gpt-5-mini", startTime = at, endTime = at.AddSeconds(1),
                prompt_tokens = 900 + i, completion_tokens = 5, total_tokens = 905 + i, spend = 0.001, request_tags = new[] { i % 3 == 0 ? "plan" : "classify" }, status = "success",
            })).Append('\n');
        }
        return Encoding.UTF8.GetBytes(log.ToString());
    }

    [GeneratedRegex("""action="(?<action>/audit/uploads[^"]*)""")]
    private static partial Regex Action();

    [GeneratedRegex("/audit/runs/[0-9a-f]{16}")]
    private static partial Regex Run();
}
