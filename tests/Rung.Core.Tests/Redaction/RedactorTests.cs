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

    [Theory]
    [InlineData("NRAK-J5M5TTOYWAM3W6G0ZEY2OXEXOR5")]
    [InlineData("CCIPAT_ueHCb0WvYg7QlXKaDScDZu_177e130edf47ec98f4038319ef3c54b0d31aa02b")]
    [InlineData("glimt-o9kK3MtlD7D5Mlkfu2FKnNtz")]
    [InlineData("SK9406ee06449f1f20ff6a0e6897a00ff1")]
    [InlineData("OvOBRUrWLAC5ckQ8O80htxp0.1cIYL0.oXAhg83Zg7MNSoUA42EZ66it-1i")]
    [InlineData("CZB7Q~QVztU_CRt1KNnTS47IN9M19Y3ux1tbVKTP")]
    [InlineData("patsGJTBoLf6CPqis.5d38f5e224ce04eb5883b213775873a135f9b9a2717ab37f4d7e4b5d6a1c2e3f")]
    [InlineData("13ded64267abe547b19849b0ce5a0e2e-us2")]
    [InlineData("access-production-5984c48f-40dc-faae-0135-82d584ab78f7")]
    public void Keys_of_more_issuers_are_known(string key)
    {
        foreach (var text in new[] { key, $"use {key}, please", $"KEY={key}", $"\"k\":\"{key}\"" }) Assert.DoesNotContain(key[8..], Redactor.BuiltIn.Text(text, out _), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"Authorization\": \"Basic bWFoN2cxOnB6S2EyR2tGbXk=\"", "bWFoN2cxOnB6S2EyR2tGbXk")]
    [InlineData("proxy-authorization: basic ZTZvOXQyOkpVOHc0UnNvcFA=", "ZTZvOXQyOkpVOHc0UnNvcFA")]
    [InlineData("mysql -u root -pokvmvp.455 shop", "okvmvp.455")]
    [InlineData("sshpass -p jigrqu%483 ssh root@x", "jigrqu%483")]
    [InlineData("curl -u admin:venvns-639 https://x.example/", "venvns-639")]
    [InlineData("run --api-key 83b88465ae133508c6430441205d92a4", "83b88465ae133508c6430441205d92a4")]
    [InlineData("aws configure set aws_secret_access_key hDnqx/BS3eKk19Jw0aZ8yLm4Qv7TrUc2Xo5PfN6d", "hDnqx/BS3eKk19Jw0aZ8yLm4Qv7TrUc2Xo5PfN6d")]
    [InlineData("<apiKey>93e42eaa0dda2b54045471644a8a0f11</apiKey>", "93e42eaa0dda2b54045471644a8a0f11")]
    [InlineData("Das Passwort lautet yfvhcc-073", "yfvhcc-073")]
    [InlineData("passcode: oujoox%511", "oujoox%511")]
    [InlineData("https://a.example/f?sr=b&sig=%2BDzHuhKgLAqajJMhz3h7DqY0c9pXw", "DzHuhKgLAqajJMhz3h7DqY0c9pXw")]
    [InlineData("jean&commat;acme.co.uk", "jean")]
    [InlineData("k_ito [at] яндекс [dot] рф", "k_ito")]
    [InlineData("Visa4111 1111 1111 1111", "1111")]
    [InlineData("89330360659", "89330360659")]
    [InlineData("**Password:** Gk29xPq1Zr", "Gk29xPq1Zr")]
    [InlineData("| password | Gk29xPq1Zr |", "Gk29xPq1Zr")]
    [InlineData("docker run -e DB_PASS=Gk29xPq1Zr img", "Gk29xPq1Zr")]
    [InlineData("machine a login bob password s3cr3tPw9x", "s3cr3tPw9x")]
    [InlineData("パスワード：Gk29xPq1Zr", "Gk29xPq1Zr")]
    [InlineData("password=\"$ecretPw9x\"", "ecretPw9x")]
    [InlineData("Cookie: session=8f14e45fceea167a5a36dedd4bea2543; theme=dark", "8f14e45fceea167a5a36dedd4bea2543")]
    [InlineData("https://wa.me/4917012345678", "4917012345678")]
    [InlineData("?phone=%2B4917012345678&x=1", "17012345678")]
    [InlineData("%B4111111111111111^SMITH/MARIA^2712101?", "4111111111111111")]
    public void What_is_written_as_people_and_shells_write_it_is_found(string text, string piece) =>
        Assert.DoesNotContain(piece, Redactor.BuiltIn.Text(text, out _), StringComparison.Ordinal);

    [Fact]
    public void A_value_is_known_by_the_name_that_stands_beside_it()
    {
        var kept = Redactor.BuiltIn.Json("""{"env":[{"name":"DB_PASSWORD","value":"Gk29xPq1Zr"},{"name":"COLOR_1","value":"Gk29xPq1Zr"}]}"""u8, s_nothing, out var redactions);
        Assert.Equal("""{"env":[{"name":"DB_PASSWORD","value":"[secret]"},{"name":"COLOR_1","value":"Gk29xPq1Zr"}]}""", Encoding.UTF8.GetString(kept));
        Assert.Equal(1, redactions);
    }

    [Theory]
    [InlineData("password = $DB_PASSWORD; tests pass: 118/120, pass=true")]
    [InlineData("string password = options.Password;")]
    [InlineData("password = newPassword")]
    [InlineData("Use Basic authentication; Basic understanding-of-http-headers is enough, BASIC a-b-c-d-e")]
    [InlineData("docker run -u 1000:1000 -p 5432:5432 --token-ttl 30m --password-stdin; mysql -u root -p shop")]
    [InlineData("The API key is missing, the token expires in 3600 seconds, passcode: required")]
    public void Talk_of_secrets_is_none(string text) => Assert.Equal(text, Redactor.BuiltIn.Text(text, out _));

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
