using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Policies;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Intake;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Rewriting;

/// <summary>What an upstream gets is what the client wrote, but for the fields that the policy governs.</summary>
public sealed class BodyRewriteLawTests
{
    private static readonly string[] Governed = ["model", "max_tokens", "max_completion_tokens", "temperature", "stream_options", "metadata", "tags"];

    private static readonly (Route Route, Model Model)[] Rules = [.. Variants()];

    private static IEnumerable<(Route, Model)> Variants()
    {
        foreach (var route in (string[])["", "max_tokens: 100", "temperature: { max: 0.5 }", "max_tokens: 7, temperature: { max: 0 }"])
        foreach (var model in (string[])["", "cap_field: max_tokens", "cap_field: max_completion_tokens", "temperature: false", "stream_options: false", "max_output: 60"])
        {
            var yaml = $$"""
                version: 1
                tiers: { only: { models: [a] } }
                models: { a: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: "a\"ü-up"{{(model.Length == 0 ? "" : ", " + model)}} } }
                tags: { job: { tier: only, owner: t, why: w{{(route.Length == 0 ? "" : ", " + route)}} } }
                default: { tier: only, owner: t, why: w }
                """;
            var policy = TestGateway.Compile(yaml);
            yield return (policy.Tags["job"], policy.Models[0]);
        }
    }

    private static string Rewrite(string body, Route route, Model model, out ScannedRequest scan)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        Assert.Null(RequestScanner.TryScan(bytes, out scan));
        using var content = new EditedContent(bytes, BodyEdits.For(bytes, scan, route, model, JsonSerializer.SerializeToUtf8Bytes(model.UpstreamId)));
        using var sent = new MemoryStream();
        content.CopyToAsync(sent).GetAwaiter().GetResult(); // Into memory: it never waits.
        Assert.Equal(content.Headers.ContentLength, sent.Length);
        return Encoding.UTF8.GetString(sent.ToArray());
    }

    private static void Hold(bool governed, Action<string, Route, Model> law) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var any = new AnyBody(seed);
            foreach (var (route, model) in Rules) law(any.Next(governed), route, model);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(120).WithReplay(20261122, 1));

    private static List<(string Name, string Raw)> Fields(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(field => (field.Name, field.Value.GetRawText()))];
    }

    private static string? Raw(List<(string Name, string Raw)> fields, string name) => fields.Where(f => f.Name == name).Select(f => f.Raw).SingleOrDefault();

    private static double? NumberOf(string? raw)
    {
        if (raw is null) return null;
        using var json = JsonDocument.Parse(raw);
        return json.RootElement.ValueKind == JsonValueKind.Number ? json.RootElement.GetDouble() : null;
    }

    [Fact]
    public void Where_only_the_model_is_governed_nothing_else_changes_by_a_byte()
    {
        var (route, model) = Rules[0];
        Hold(governed: false, (body, _, _) =>
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            var sent = Encoding.UTF8.GetBytes(Rewrite(body, route, model, out var scan));
            byte[] expected = [.. bytes[..scan.Model.ValueStart], .. JsonSerializer.SerializeToUtf8Bytes(model.UpstreamId), .. bytes[scan.Model.ValueEnd..]];
            Assert.Equal(Encoding.UTF8.GetString(expected), Encoding.UTF8.GetString(sent));
        });
    }

    [Fact]
    public void Every_other_field_keeps_its_place_and_its_bytes() => Hold(governed: true, (body, route, model) =>
    {
        var before = Fields(body).Where(field => !Governed.Contains(field.Name));
        var after = Fields(Rewrite(body, route, model, out _));
        Assert.Equal(before, after.Where(field => !Governed.Contains(field.Name)));
        Assert.Equal(after.Count, after.Select(field => field.Name).Distinct().Count());
        Assert.Equal(model.UpstreamId, JsonSerializer.Deserialize<string>(Raw(after, "model")!));
    });

    [Fact]
    public void A_cap_is_a_clamp_under_the_name_that_the_model_takes() => Hold(governed: true, (body, route, model) =>
    {
        var before = Fields(body);
        var after = Fields(Rewrite(body, route, model, out _));
        var asked = new[] { NumberOf(Raw(before, "max_tokens")), NumberOf(Raw(before, "max_completion_tokens")) }.Where(cap => cap >= 1).Min();
        var limit = route.MaxTokens > 0 ? route.MaxTokens : double.PositiveInfinity;
        if (model.MaxOutput > 0 && asked > model.MaxOutput) limit = Math.Min(limit, model.MaxOutput);
        var expected = Math.Min(asked ?? double.PositiveInfinity, limit);
        if (double.IsPositiveInfinity(expected))
        {
            Assert.Equal(Raw(before, "max_tokens"), Raw(after, "max_tokens"));
            Assert.Equal(Raw(before, "max_completion_tokens"), Raw(after, "max_completion_tokens"));
            return;
        }
        var sent = new[] { "max_tokens", "max_completion_tokens" }.Where(name => Raw(after, name) is not null).ToList();
        var only = Assert.Single(sent);
        var got = NumberOf(Raw(after, only))!.Value;
        // Two spellings become one, written as a whole number: there a cap beyond every model is the largest that fits.
        Assert.True(got == expected || expected > int.MaxValue && got == int.MaxValue, $"{expected} became {got}");
        if (model.CapField == CapField.MaxTokens) Assert.Equal("max_tokens", only);
        if (model.CapField == CapField.MaxCompletionTokens) Assert.Equal("max_completion_tokens", only);
    });

    [Fact]
    public void A_temperature_is_clamped_or_left_out_and_never_raised() => Hold(governed: true, (body, route, model) =>
    {
        var before = Raw(Fields(body), "temperature");
        var after = Raw(Fields(Rewrite(body, route, model, out _)), "temperature");
        if (!model.AcceptsTemperature) Assert.Null(after);
        else if (route.MaxTemperature is not { } limit || (NumberOf(before) ?? 1) <= limit) Assert.Equal(before, after);
        else Assert.Equal(limit, NumberOf(after));
    });

    [Fact]
    public void Every_stream_reports_its_usage_and_keeps_its_other_options() => Hold(governed: true, (body, route, model) =>
    {
        var before = Fields(body);
        var options = Raw(before, "stream_options");
        var after = Raw(Fields(Rewrite(body, route, model, out _)), "stream_options");
        if (!model.AcceptsStreamOptions) Assert.Null(after);
        else if (Raw(before, "stream") != "true") Assert.Equal(options, after);
        else
        {
            Assert.Equal("true", Raw(Fields(after!), "include_usage"));
            var kept = options is null or "null" ? [] : Fields(options).Where(field => field.Name != "include_usage").ToList();
            Assert.Equal(kept, Fields(after!).Where(field => field.Name != "include_usage"));
        }
    });

    [Fact]
    public void Metadata_keeps_what_is_not_the_gateways_own() => Hold(governed: true, (body, route, model) =>
    {
        var before = Raw(Fields(body), "metadata");
        var sent = Fields(Rewrite(body, route, model, out _));
        var after = Raw(sent, "metadata");
        Assert.Null(Raw(sent, "tags"));
        if (before is null or "null" or "{}" || !before.Contains("tag"))
        {
            Assert.Equal(before, after);
            return;
        }
        var kept = Fields(before).Where(field => !field.Name.StartsWith("rung_") && field.Name != "tag" && !(field.Name == "tags" && field.Raw[0] == '[')).ToList();
        if (kept.Count == 0) Assert.Null(after);
        else Assert.Equal(kept, Fields(after!));
    });

    [Theory]
    [InlineData("""{"temperature":1,"tags":["a"],"model":"x","messages":[]}""", """{"model":"M","messages":[]}""")]
    [InlineData("""{"model":"x","messages":[],"temperature":1,"tags":["a"]}""", """{"model":"M","messages":[]}""")]
    [InlineData("""{"model":"x","temperature":1,"tags":["a"],"messages":[]}""", """{"model":"M","messages":[]}""")]
    [InlineData("""{"tags":["a"],"model":"x","temperature":1,"messages":[],"metadata":{"tag":"t"}}""", """{"model":"M","messages":[]}""")]
    [InlineData("""{ "temperature" : 1 , "model":"x" , "messages":[] , "tags":[] }""", """{ "model":"M" , "messages":[] }""")]
    public void Fields_leave_from_every_place_without_a_trace(string body, string expected)
    {
        var (route, model) = Rules.First(rule => !rule.Model.AcceptsTemperature && rule.Route.MaxTokens == 0 && rule.Route.MaxTemperature is null);
        Assert.Equal(Fields(expected.Replace("\"M\"", JsonSerializer.Serialize(model.UpstreamId))), Fields(Rewrite(body, route, model, out _)));
    }

    [Fact]
    public async Task Unknown_fields_of_a_reply_survive_byte_for_byte()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("x"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url)));
        for (var seed = 0; seed < 40; seed++)
        {
            var extra = new AnyBody(seed).Next(governed: false).Trim();
            var reply = $"\n{{ \"zzz\":{extra} , \"choices\":[ {{\"index\":0,\"message\":{{\"content\":\"a\",\"y\":{extra}}},\"finish_reason\":\"stop\"}} ],\"usage\":{{\"prompt_tokens\":1,\"completion_tokens\":1,\"extra\":{extra}}}}}\n";
            upstream.Behaviour = Does.Json(reply);
            Assert.Equal(reply, await (await gateway.PostAsync(Ask.Plain)).TextAsync());
        }
        Assert.All(await gateway.CallsAsync(40), call => Assert.Equal(1, call.Attempts[0].Usage.Output));
    }
}
