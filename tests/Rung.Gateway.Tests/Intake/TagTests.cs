using System.Net;
using Rung.Core.Requests;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Intake;

/// <summary>Where the tag, the role, the session and the data class of a call may stand, and which place wins.</summary>
public sealed class TagTests
{
    /// <summary>Every place of a tag, strongest first. Body places are JSON fields; others are headers.</summary>
    private static readonly (string Place, TagSource Source, string? Header, string? Field)[] Places =
    [
        ("header", TagSource.Header, "x-rung-tag: from-header", null),
        ("metadata.rung_tag", TagSource.Metadata, null, "\"metadata\":{\"rung_tag\":\"from-metadata.rung_tag\"}"),
        ("metadata.tag", TagSource.Metadata, null, "\"metadata\":{\"tag\":\"from-metadata.tag\"}"),
        ("model", TagSource.Model, null, "\"model\":\"rung/from-model\""),
        ("x-litellm-tags", TagSource.Convention, "x-litellm-tags: from-x-litellm-tags,other", null),
        ("tags", TagSource.Convention, null, "\"tags\":[\"from-tags\",\"other\"]"),
        ("metadata.tags", TagSource.Convention, null, "\"metadata\":{\"tags\":[\"from-metadata.tags\"]}"),
        ("metadata.generation_name", TagSource.Convention, null, "\"metadata\":{\"generation_name\":\"from-metadata.generation_name\"}"),
        ("langfuse_generation_name", TagSource.Convention, "langfuse_generation_name: from-langfuse_generation_name", null),
        ("helicone-property-tag", TagSource.Convention, "Helicone-Property-Tag: from-helicone-property-tag", null),
        ("x-portkey-metadata", TagSource.Convention, "x-portkey-metadata: {\"tag\":\"from-x-portkey-metadata\"}", null),
        ("helicone-prompt-id", TagSource.Convention, "Helicone-Prompt-Id: from-helicone-prompt-id", null),
        ("baggage", TagSource.Baggage, "baggage: a=b,rung.tag=from-baggage;p=1", null),
    ];

    [Fact]
    public async Task Every_place_of_a_tag_is_read_and_the_stronger_place_wins()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("ok"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url)));

        for (var i = 0; i < Places.Length; i++)
        {
            Assert.Equal((Places[i].Place, $"from-{Places[i].Place}", Places[i].Source), await TagOf(gateway, Places[i]));
            for (var j = i + 1; j < Places.Length; j++)
                Assert.Equal((Places[i].Place, $"from-{Places[i].Place}", Places[i].Source), await TagOf(gateway, Places[i], Places[j]));
        }
        Assert.DoesNotContain(upstream.Seen, seen => seen.Text.Contains("rung_tag") || seen.Text.Contains("\"tags\"") || seen.Text.Contains("from-model"));
        Assert.DoesNotContain(upstream.Seen, seen => seen.Headers.Keys.Any(name => name.StartsWith("x-") || name.StartsWith("helicone", StringComparison.OrdinalIgnoreCase) || name is "baggage" or "langfuse_generation_name"));
    }

    private static async Task<(string Place, string? Tag, TagSource Source)> TagOf(TestGateway gateway, params (string Place, TagSource Source, string? Header, string? Field)[] places)
    {
        var fields = places.Where(p => p.Field is not null).Select(p => p.Field!).ToList();
        var metadata = fields.Where(f => f.StartsWith("\"metadata\"")).ToList();
        if (metadata.Count > 1) fields = [.. fields.Except(metadata), $"\"metadata\":{{{string.Join(",", metadata.Select(m => m[12..^1]))}}}"];
        if (!fields.Any(f => f.StartsWith("\"model\""))) fields.Add("\"model\":\"x\"");
        var headers = places.Where(p => p.Header is not null).Select(p => p.Header!.Split(": ", 2)).Select(h => (h[0], h[1])).ToArray();

        var reply = await gateway.PostAsync($"{{{string.Join(",", fields)},\"messages\":[]}}", headers);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        var id = reply.Header("x-rung-call-id");
        var call = (await gateway.CallsAsync(1)).FirstOrDefault(call => call.Id == id);
        while (call is null) call = (await gateway.CallsAsync(1)).FirstOrDefault(call => call.Id == id);
        Assert.Equal(call.Tag ?? "", reply.Header("x-rung-tag"));
        return (places[0].Place, call.Tag, call.TagSource);
    }

    [Theory]
    [InlineData("Classify-Intent", "classify-intent")]
    [InlineData("  spaced out  ", "spaced-out")]
    [InlineData("/plan/search/", "plan-search")]
    [InlineData("a.b_c-9", "a.b_c-9")]
    [InlineData("ünïcode", "-n-code")]
    [InlineData("a\u0000b\r\nx", "a-b--x")]
    [InlineData("<script>", "-script-")]
    public async Task Tags_are_normalised(string given, string expected)
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("ok"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url)));

        var reply = await gateway.PostAsync("{\"model\":\"x\",\"messages\":[],\"metadata\":{\"rung_tag\":" + System.Text.Json.JsonSerializer.Serialize(given) + "}}");

        Assert.Equal(expected, reply.Header("x-rung-tag"));
    }

    [Fact]
    public async Task A_long_tag_is_cut_to_64_characters()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("ok"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url)));

        Assert.Equal(new string('x', 64), (await gateway.PostAsync(Ask.Plain, ("x-rung-tag", new string('X', 5000)))).Header("x-rung-tag"));
    }

    [Fact]
    public async Task An_unknown_tag_takes_the_default_route_and_says_so()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("ok"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url)));

        var reply = await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "nobody-knows"));

        Assert.Equal("default", reply.Header("x-rung-route"));
        Assert.Contains("unknown tag nobody-knows", reply.Header("x-rung-reason"));
        Assert.Equal("nobody-knows", (await gateway.OnlyCallAsync()).Tag);
    }

    [Theory]
    [InlineData("x-rung-role", "Planner", "")]
    [InlineData("helicone-session-path", "/planner", "")]
    [InlineData("x-portkey-metadata", "{\"role\":\"planner\"}", "")]
    [InlineData("baggage", "rung.role=planner", "")]
    [InlineData("baggage", "gen_ai.agent.name=planner", "")]
    [InlineData("", "", "\"rung_role\":\"planner\"")]
    [InlineData("", "", "\"role\":\"planner\"")]
    public async Task A_role_routes_a_call_whose_tag_has_no_route(string header, string value, string metadata)
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("ok"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Ladder(
            "", "roles: { planner: { tier: big, owner: t, why: w } }", ("small", "a", upstream.Url), ("big", "b", upstream.Url), ("other", "c", upstream.Url))));

        var headers = header.Length == 0 ? [("x-rung-tag", "unknown")] : new[] { ("x-rung-tag", "unknown"), (header, value) };
        var byRole = await gateway.PostAsync("{\"model\":\"x\",\"messages\":[],\"metadata\":{" + metadata + "}}", headers);
        var byTag = await gateway.PostAsync("{\"model\":\"x\",\"messages\":[],\"metadata\":{" + metadata + "}}", [("x-rung-tag", "job"), .. headers.Skip(1)]);

        Assert.Equal("big", byRole.Header("x-rung-tier"));
        Assert.Equal("small", byTag.Header("x-rung-tier"));
        Assert.All(await gateway.CallsAsync(2), call => Assert.Equal("planner", call.Role));
    }

    private static Task<(HttpStatusCode, string)> PhiAsync(string headers, string metadata) => PinnedAsync("data_class: phi", headers, metadata);

    private static async Task<(HttpStatusCode, string)> PinnedAsync(string when, string headers, string metadata, string fields = "")
    {
        await using var open = await FakeUpstream.StartAsync(Does.Answer("open"));
        await using var safe = await FakeUpstream.StartAsync(Does.Answer("safe"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Ladder(
            "", $"pins: [ {{ when: {{ {when} }}, models: [safe] }} ]", ("small", "safe", safe.Url), ("big", "open", open.Url))));
        var reply = await RawClient.PostAsync(gateway.Url, $$"""{"model":"x","messages":[],"metadata":{ {{metadata}} }{{fields}}}""", headers);
        var status = (HttpStatusCode)int.Parse(reply.Split(' ')[1]);
        return (status, open.Seen.IsEmpty ? safe.Seen.IsEmpty ? "nowhere" : "safe" : "open");
    }

    [Theory]
    [InlineData("x-rung-data-class: phi\r\n", "")]
    [InlineData("x-rung-data-class: PHI\r\n", "")]
    [InlineData("x-rung-data-class: public, phi\r\n", "")]
    [InlineData("x-rung-data-class: public\r\nx-rung-data-class: phi\r\n", "")]
    [InlineData("x-rung-data-class: public\r\n", "\"data_class\":\"phi\"")]
    [InlineData("", "\"rung_data_class\":\"Phi\"")]
    [InlineData("", "\"data_class\":\"public\",\"rung_data_class\":\"phi\"")]
    [InlineData("", "\"rung_data_class\":\"public\",\"rung_data_class\":\"phi\"")]
    [InlineData("", "\"rung_data_class\":[\"public\",\"phi\"]")]
    [InlineData("x-rung-data-class: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc,phi\r\n", "")]
    public async Task A_data_class_binds_wherever_it_is_declared(string headers, string metadata) =>
        Assert.Equal((HttpStatusCode.OK, "safe"), await PhiAsync(headers, metadata));

    [Fact]
    public async Task Without_the_data_class_the_pin_does_not_bind() => Assert.Equal((HttpStatusCode.OK, "open"), await PhiAsync("x-rung-data-class: phish\r\n", ""));

    [Theory]
    [InlineData("tenant: acme", "x-rung-tenant: acme\r\n", "")]
    [InlineData("tenant: acme", "", "\"rung_tenant\":\"acme\"")]
    [InlineData("user: u1", "x-rung-user: u1\r\n", "")]
    [InlineData("user: u1", "", "\"rung_user\":\"u1\"")]
    [InlineData("user: u1", "x-litellm-end-user-id: u1\r\n", "")]
    [InlineData("role: planner", "x-rung-role: planner\r\n", "")]
    [InlineData("tag: planner", "x-rung-tag: Planner\r\n", "")]
    public async Task Pins_bind_by_every_fact(string when, string headers, string metadata) =>
        Assert.Equal((HttpStatusCode.OK, "safe"), await PinnedAsync(when, headers, metadata));

    [Fact]
    public async Task The_session_of_a_call_is_recorded()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("ok"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url)));
        foreach (var (header, body) in ((string, string)[])[("x-rung-session", ""), ("x-session-id", ""), ("helicone-session-id", ""), ("x-claude-code-session-id", ""), ("", "\"session_id\":\"s1\","), ("", "\"metadata\":{\"session_id\":\"s1\"},")])
            await gateway.PostAsync($$"""{ {{body}}"model":"x","messages":[]}""", header.Length == 0 ? [] : [(header, "s1")]);

        Assert.All(await gateway.CallsAsync(6), call => Assert.Equal("s1", call.Session));
    }

    [Theory]
    [InlineData("""{"role":"user","content":"file"}""", true)]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"image_url"},{"type":"text","text":"input_audio"}]}""", true)]
    [InlineData("""{"role":"assistant","tool_calls":[{"type":"function","function":{"name":"file","arguments":"{}"}}]}""", true)]
    [InlineData("""{"role":"user","content":[{"type":"file","file":{}}]}""", false)]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:"}}]}""", false)]
    [InlineData("""{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}""", false)]
    public async Task A_word_in_a_text_is_no_need_and_a_part_is_one(string message, bool served)
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("ok"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url, model: "can: [tools]")));

        var reply = await gateway.PostAsync($$"""{"model":"x","messages":[{{message}}]}""");

        Assert.Equal(served ? HttpStatusCode.OK : HttpStatusCode.BadRequest, reply.StatusCode);
    }
}
