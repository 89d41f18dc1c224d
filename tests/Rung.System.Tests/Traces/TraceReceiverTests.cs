using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Rung.Serving;

namespace Rung.Tests.Traces;

/// <summary><c>POST /v1/traces</c> over real sockets.</summary>
public sealed class TraceReceiverTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Span = "b7ad6b7169203331";
    private static readonly DateTimeOffset s_start = new(2026, 11, 22, 8, 0, 0, 123, TimeSpan.Zero);

    private static string Json(int spans = 1, string scope = "app") => JsonExport.Request(JsonExport.Resource("shop", JsonExport.Scope(scope,
        [.. Enumerable.Range(0, spans).Select(i => JsonExport.Chat(Trace, $"{i + 1:x16}", s_start.AddSeconds(i), "gpt-4o-mini", 1200, 34))])));

    private static byte[] Protobuf(string scope = "app") => ProtobufExport.Request(ProtobufExport.Resource("shop",
        ProtobufExport.Scope(scope, ProtobufExport.Chat(Trace, Span, s_start, "gpt-4o-mini", 1200, 34))));

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Json_and_protocol_buffers_plain_and_packed_become_the_same_call_and_the_reply_is_in_the_same_encoding(bool isJson, bool isPacked)
    {
        await using var host = await ReceiverHost.StartAsync();
        var type = isJson ? "application/json" : "application/x-protobuf";
        var body = isJson ? Encoding.UTF8.GetBytes(Json()) : Protobuf();

        using var reply = await host.PostAsync(isPacked ? ReceiverHost.Packed(body) : body, type, isPacked ? "gzip" : null);

        Assert.Equal((HttpStatusCode.OK, type), (reply.StatusCode, reply.Content.Headers.ContentType?.MediaType));
        Assert.Equal(isJson ? "{}" : "", await reply.Content.ReadAsStringAsync());
        var call = Assert.Single(await host.SweptAsync());
        Assert.Equal(("otlp", "openai", "gpt-4o-mini", 1200, 34), (call.Source, call.Provider, call.Model, call.Usage.Input, call.Usage.Output));
        Assert.Equal((s_start, 2_000_000L, 7L), (call.StartedAt, call.LatencyMicros, call.CostNanoUsd));
    }

    [Fact]
    public async Task A_trace_is_written_when_it_has_been_quiet_and_the_same_spans_again_change_nothing()
    {
        await using var host = await ReceiverHost.StartAsync();
        (await host.PostAsync(Json(spans: 3))).EnsureSuccessStatusCode();
        Assert.Empty(await host.SweptAsync(all: false));

        host.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(3, (await host.SweptAsync(all: false)).Count);
        Assert.Equal(3, host.Sweeper.Written);

        (await host.PostAsync(Json(spans: 3))).EnsureSuccessStatusCode();
        Assert.Equal(3, (await host.SweptAsync()).Count);
        Assert.Equal(3, host.Sweeper.Written);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Spans_that_a_gateway_of_Rung_emitted_are_acknowledged_and_left_out(bool isJson)
    {
        await using var host = await ReceiverHost.StartAsync();
        var type = isJson ? "application/json" : "application/x-protobuf";
        var own = isJson ? Encoding.UTF8.GetBytes(Json(scope: "Rung.Gateway")) : Protobuf("Rung.Gateway");
        var mixed = isJson
            ? Encoding.UTF8.GetBytes(JsonExport.Request(
                JsonExport.Resource("shop", JsonExport.Scope("app", JsonExport.Chat(Trace, Span, s_start, "mine", 1, 1, prompt: "What is Rung.Gateway?"))),
                JsonExport.Resource("rung", JsonExport.Scope("Rung.Gateway", JsonExport.Chat(Trace, "00000000000000aa", s_start, "routed", 1, 1)))))
            : ProtobufExport.Request(
                ProtobufExport.Resource("rung", ProtobufExport.Scope("Rung.Gateway", ProtobufExport.Chat(Trace, "00000000000000aa", s_start, "routed", 1, 1)),
                    ProtobufExport.Scope("app", ProtobufExport.Chat(Trace, Span, s_start, "mine", 1, 1))));

        using var first = await host.PostAsync(own, type);
        using var second = await host.PostAsync(mixed, type);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [first.StatusCode, second.StatusCode]);
        Assert.Equal("mine", Assert.Single(await host.SweptAsync()).Model);
    }

    [Theory]
    [InlineData("application/json", "{\"resourceSpans\":[", null)]
    [InlineData("application/json", "not json", null)]
    [InlineData("application/json", "{\"resourceSpans\": [Rung.Gateway", null)]
    [InlineData("application/x-protobuf", "\nA", null)]
    [InlineData("application/x-protobuf", "\nRung.Gateway", null)]
    [InlineData("application/json", "{}", "gzip")]
    public async Task A_body_that_cannot_be_decoded_is_refused_for_good_with_a_status_in_the_same_encoding(string type, string body, string? encoding)
    {
        await using var host = await ReceiverHost.StartAsync();
        using var reply = await host.PostAsync(Encoding.UTF8.GetBytes(body), type, encoding);

        Assert.Equal((HttpStatusCode.BadRequest, type), (reply.StatusCode, reply.Content.Headers.ContentType?.MediaType));
        Assert.Null(reply.Headers.RetryAfter);
        var answer = await reply.Content.ReadAsByteArrayAsync();
        if (type == "application/json") Assert.Equal(3, JsonDocument.Parse(answer).RootElement.GetProperty("code").GetInt32());
        else Assert.Equal([0x08, 3, 0x12], answer[..3]); // code = 1, message = 2 of google.rpc.Status.
        Assert.Empty(await host.SweptAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_refused_whether_it_is_announced_or_unpacks_to_it(bool isPacked)
    {
        await using var host = await ReceiverHost.StartAsync(new TraceReceiverOptions { BodyBytes = 1024 * 1024 });
        var body = Encoding.UTF8.GetBytes(new string(' ', (1024 * 1024) + 1));

        using var reply = await host.PostAsync(isPacked ? ReceiverHost.Packed(body) : body, "application/json", isPacked ? "gzip" : null);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, reply.StatusCode);
        Assert.Contains("1 MiB", await reply.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_over_the_limit_that_comes_in_chunks_is_refused()
    {
        await using var host = await ReceiverHost.StartAsync(new TraceReceiverOptions { BodyBytes = 1024 });
        using var reply = await host.PostAsync(new byte[5000], "application/json", change: request => request.Headers.TransferEncodingChunked = true);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, reply.StatusCode);
    }

    [Theory]
    [InlineData("text/plain", null)]
    [InlineData("application/x-www-form-urlencoded", null)]
    [InlineData("application/json", "br")]
    public async Task Other_types_and_packings_are_refused(string type, string? encoding)
    {
        await using var host = await ReceiverHost.StartAsync();
        using var reply = await host.PostAsync(Encoding.UTF8.GetBytes(Json()), type, encoding);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, reply.StatusCode);
    }

    [Fact]
    public async Task Only_post_is_served()
    {
        await using var host = await ReceiverHost.StartAsync();
        using var reply = await host.Client.GetAsync("/v1/traces");
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (reply.StatusCode, reply.Content.Headers.Allow.Single()));
    }

    [Fact]
    public async Task A_gateway_with_keys_takes_traces_with_one_of_them_only()
    {
        await using var host = await ReceiverHost.StartAsync(null, "sesame");
        using var without = await host.PostAsync(Json());
        using var wrong = await host.PostAsync(Encoding.UTF8.GetBytes(Json()), "application/json", change: request => request.Headers.Add("Authorization", "Bearer barley"));
        using var right = await host.PostAsync(Encoding.UTF8.GetBytes(Json()), "application/json", change: request => request.Headers.Add("Authorization", "Bearer sesame"));
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK], [without.StatusCode, wrong.StatusCode, right.StatusCode]);
        Assert.Single(await host.SweptAsync());
    }

    [Fact]
    public async Task A_gateway_without_keys_refuses_a_request_by_another_name()
    {
        await using var host = await ReceiverHost.StartAsync();
        using var reply = await host.PostAsync(Encoding.UTF8.GetBytes(Json()), "application/json", change: request => request.Headers.Host = "evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
    }

    [Fact]
    public async Task A_full_queue_asks_the_sender_to_wait_until_the_next_sweep()
    {
        await using var host = await ReceiverHost.StartAsync(new TraceReceiverOptions { SpansPerSweep = 2 });
        (await host.PostAsync(Json(spans: 2))).EnsureSuccessStatusCode();

        using var refused = await host.PostAsync(Json());
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(2)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        Assert.Equal(8, JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetInt32());

        await host.SweptAsync(all: false);
        (await host.PostAsync(Json())).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_written_asks_senders_to_wait_and_loses_nothing()
    {
        await using var host = await ReceiverHost.StartAsync();
        (await host.PostAsync(Json(spans: 3))).EnsureSuccessStatusCode();
        host.LedgerIsGone = true;
        await host.Sweeper.StepAsync(all: true, CancellationToken.None);

        using var refused = await host.PostAsync(Json());
        Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (refused.StatusCode, refused.Headers.RetryAfter?.Delta > TimeSpan.Zero));

        host.LedgerIsGone = false;
        await host.Sweeper.StepAsync(all: false, CancellationToken.None);
        Assert.Equal(3, (await host.SweptAsync()).Count);
        (await host.PostAsync(Json())).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task More_bodies_at_once_than_there_is_room_for_are_asked_to_wait_and_a_body_that_never_ends_gives_its_room_back()
    {
        await using var host = await ReceiverHost.StartAsync(new TraceReceiverOptions { Bodies = 1, BodyTime = TimeSpan.FromSeconds(4) });
        string? told;
        do
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, host.Client.BaseAddress!.Port);
            await socket.GetStream().WriteAsync("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"u8.ToArray());
            var stuck = new StreamReader(socket.GetStream()).ReadLineAsync();

            // The room is taken as soon as the first bytes are there; until then exports come in.
            HttpStatusCode status;
            do
            {
                using var reply = await host.PostAsync(Json());
                status = reply.StatusCode;
            } while (status == HttpStatusCode.OK && !stuck.IsCompleted);
            told = await stuck;
            if (told == "HTTP/1.1 408 Request Timeout") Assert.Equal(HttpStatusCode.TooManyRequests, status);
        } while (told == "HTTP/1.1 429 Too Many Requests"); // It came while an export had the room: again.
        Assert.Equal("HTTP/1.1 408 Request Timeout", told);

        (await host.PostAsync(Json())).EnsureSuccessStatusCode();
    }
}
