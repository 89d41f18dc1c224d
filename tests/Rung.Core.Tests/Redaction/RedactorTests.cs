using System.Text;
using System.Text.Json;
using Rung.Core.Redaction;
using Xunit.Abstractions;

namespace Rung.Core.Tests.Redaction;

public sealed class RedactorTests(ITestOutputHelper output)
{
    private static readonly HashSet<string> s_nothing = [];

    [Theory]
    [InlineData("email")]
    [InlineData("phone")]
    [InlineData("card")]
    [InlineData("secret")]
    public void At_least_99_of_100_planted_pieces_of_every_kind_are_blotted_out(string kind)
    {
        const int Count = 500; // 2,000 texts over the four kinds.
        var told = new SecretCorpus(seed: 20261122).Of(kind, Count).Where(planted => planted.IsToldBy(Redactor.BuiltIn.Text(planted.Text, out _))).ToArray();
        output.WriteLine($"{kind}: recall {1 - told.Length / (double)Count:P2} over {Count} texts");
        foreach (var planted in told) output.WriteLine($"  {planted.Form}: {planted.Text.ReplaceLineEndings("⏎")} → {Redactor.BuiltIn.Text(planted.Text, out _).ReplaceLineEndings("⏎")}");
        Assert.True(told.Length <= Count / 100, $"{told.Length} of {Count} were told");
    }

    [Fact]
    public void Numbers_dates_ids_versions_and_prose_survive()
    {
        const int Count = 2000;
        var corpus = new SecretCorpus(seed: 7);
        var hit = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            var text = corpus.Clean();
            var kept = Redactor.BuiltIn.Text(text, out var redactions);
            if (redactions > 0) hit.Add($"{text} → {kept}");
        }
        output.WriteLine($"false positives: {hit.Count} of {Count} clean texts ({hit.Count / (double)Count:P2})");
        foreach (var line in hit.Take(40)) output.WriteLine("  " + line);
        Assert.True(hit.Count <= Count / 100, $"{hit.Count} of {Count} clean texts were touched");
    }

    [Fact]
    public void A_document_stays_valid_and_keeps_its_structure_whatever_is_planted_in_it()
    {
        var corpus = new SecretCorpus(seed: 3);
        foreach (var planted in new[] { "email", "phone", "card", "secret" }.SelectMany(kind => corpus.Of(kind, 60)))
        {
            var arguments = JsonSerializer.Serialize(new { note = planted.Text, deep = new[] { planted.Text } });
            var document = JsonSerializer.SerializeToUtf8Bytes(new
            {
                messages = new object[] { new { role = "user", content = planted.Text }, new { role = "assistant", tool_calls = new[] { new { id = "call_1", function = new { name = "f", arguments } } } } },
                temperature = 0.5,
            });
            var kept = Redactor.BuiltIn.Json(document, s_nothing, out var redactions);

            using var read = JsonDocument.Parse(kept);
            var messages = read.RootElement.GetProperty("messages");
            Assert.Equal("user", messages[0].GetProperty("role").GetString());
            using var inner = JsonDocument.Parse(messages[1].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString()!);
            Assert.Equal(Redactor.BuiltIn.Text(planted.Text, out var alone), messages[0].GetProperty("content").GetString());
            Assert.Equal(messages[0].GetProperty("content").GetString(), inner.RootElement.GetProperty("deep")[0].GetString());
            Assert.True(redactions >= alone * 3);
        }
    }

    [Theory]
    [InlineData("""{"content":"key \u0073\u006b-ant-api03-abcdefghijkl1234567890"}""", "abcdefghijkl")]
    [InlineData("""{"content":"sk-ant-api03-abcdef\nghijkl1234567890mnop"}""", "ghijkl123")]
    [InlineData("""{"a":"{\"password\":\"hunter2hunter\",\"card\":4111111111111111}"}""", "hunter2")]
    [InlineData("""{"a":"{\"b\":\"{\\\"k\\\":\\\"jo\\\\u0040example.org\\\"}\"}"}""", "example")]
    [InlineData("""{"phone":"5550123456"}""", "5550123456")]
    [InlineData("""{"phone":5550123456}""", "5550123456")]
    [InlineData("""{"card":4111111111111111}""", "41111111")]
    [InlineData("""{"jo@example.org":1}""", "example")]
    [InlineData("""{"db_password":"correcthorse1"}""", "correcthorse")]
    [InlineData("""{"a":"{\"card\": 4111111111111111, \"x\": [1,2]}"}""", "4111")]
    public void Nothing_slips_through_the_ways_that_a_document_is_written(string document, string told)
    {
        var kept = Encoding.UTF8.GetString(Redactor.BuiltIn.Json(Encoding.UTF8.GetBytes(document), s_nothing, out var redactions));
        Assert.DoesNotContain(told, kept);
        Assert.True(redactions > 0);
        JsonDocument.Parse(kept).Dispose();
    }

    [Fact]
    public void Pictures_become_a_mark_and_named_members_are_left_out()
    {
        var picture = Convert.ToBase64String(new byte[3000]);
        var document = """{"model":"m","user":"u-1","messages":[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,PICTURE"}},{"type":"input_audio","input_audio":{"data":"PICTURE","format":"wav"}}]}],"stream":true,"n":1.50}""".Replace("PICTURE", picture, StringComparison.Ordinal);
        var kept = Encoding.UTF8.GetString(Redactor.BuiltIn.Json(Encoding.UTF8.GetBytes(document), new HashSet<string> { "user", "stream" }, out _));
        Assert.Equal("""{"model":"m","messages":[{"content":[{"type":"image_url","image_url":{"url":"[image]"}},{"type":"input_audio","input_audio":{"data":"[audio]","format":"wav"}}]}],"n":1.50}""", kept);
    }

    [Theory]
    [InlineData("a@")]
    [InlineData("a@b.co\n")]
    [InlineData("1 ")]
    [InlineData("call me 1 ")]
    [InlineData("4111")]
    [InlineData("(+")]
    [InlineData("eyJ.")]
    [InlineData("://:@")]
    [InlineData("token=")]
    [InlineData("password:\n")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("data:image/png;base64,")]
    [InlineData("\\u0040\n")]
    public void However_a_text_is_made_redaction_takes_time_in_proportion_to_it(string piece)
    {
        // Quadratic work would take minutes on this.
        var text = string.Concat(Enumerable.Repeat(piece, 400_000 / piece.Length));
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        var redactions = -1; // Refused: then it is not stored.
        try
        {
            Redactor.BuiltIn.Text(text, out redactions);
        }
        catch (RedactionException)
        {
            Assert.Contains(piece, (string[])["token=", "password:\n"]);
        }
        var took = System.Diagnostics.Stopwatch.GetElapsedTime(began);
        output.WriteLine($"{took.TotalMilliseconds:N0} ms for {text.Length:N0} characters, {redactions:N0} pieces");
        Assert.True(took < TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("""{"a":"\ud83d"}""")]
    [InlineData("""{"a":1} trailing""")]
    public void What_cannot_be_read_is_refused_without_quoting_it(string document)
    {
        var refused = Assert.Throws<RedactionException>(() => Redactor.BuiltIn.Json(Encoding.UTF8.GetBytes(document), s_nothing, out _));
        Assert.DoesNotContain("trailing", refused.Message);
    }
}
