using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Rung.Core.Checks;
using Rung.Gateway.Intake;
using Rung.Gateway.Recording;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests;

/// <summary>Spans and metrics by the GenAI conventions; never a prompt, an answer or a key.</summary>
[Collection("telemetry")]
public sealed class TelemetryTests
{
    private const string Secret = "the patient is called Ada";

    private sealed class Listening : IDisposable
    {
        private readonly ActivityListener listener;
        private readonly string trace;

        public Listening(string trace)
        {
            this.trace = trace;
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == GatewayTelemetry.SourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span => { if (span.TraceId.ToHexString() == this.trace) Spans.Enqueue(span); },
            };
            ActivitySource.AddActivityListener(listener);
        }

        public ConcurrentQueue<Activity> Spans { get; } = new();

        public void Dispose() => listener.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_is_a_server_span_with_its_decision_and_one_client_span_for_every_attempt(bool stream)
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var listening = new Listening(trace);
        await using var small = await FakeUpstream.StartAsync(Does.Answer("secret answer one"));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("secret answer two"));
        await using var gateway = await TestGateway.StartAsync(
            TestGateway.Compile(Yaml.Ladder("checks: [ { regex: two } ], escalate: { to: big }", "", ("small", "a", small.Url), ("big", "b", big.Url))), keys: new ClientKeys(["sk-client-1"]));

        var body = $$"""{"model":"x","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{Secret}}"}]}""";
        var reply = await gateway.PostAsync(body, ("x-rung-tag", "job"), ("x-rung-session", "s1"), ("Authorization", "Bearer sk-client-1"), ("traceparent", $"00-{trace}-b7ad6b7169203331-01"), ("tracestate", "v=1"));
        await reply.TextAsync();
        var call = await gateway.OnlyCallAsync();

        var server = Assert.Single(listening.Spans, span => span.Kind == ActivityKind.Server);
        var decide = Assert.Single(listening.Spans, span => span.Kind == ActivityKind.Internal);
        var attempts = listening.Spans.Where(span => span.Kind == ActivityKind.Client).OrderBy(span => (int)span.GetTagItem("rung.attempt.index")!).ToList();
        Assert.Equal("POST /v1/chat/completions", server.DisplayName);
        Assert.Equal("b7ad6b7169203331", server.ParentSpanId.ToHexString());
        Assert.Equal(["chat a-up", "chat b-up"], attempts.Select(span => span.DisplayName));
        Assert.All(attempts.Append(decide), span => Assert.Equal(server.SpanId, span.ParentSpanId));

        Assert.Equal((call.Id, "job", "s1", "big", 200, 1L, 1), (server.GetTagItem("rung.call.id"), server.GetTagItem("rung.tag"), server.GetTagItem("gen_ai.conversation.id"),
            server.GetTagItem("rung.tier"), server.GetTagItem("http.response.status_code"), server.GetTagItem("rung.policy.revision"), server.GetTagItem("rung.escalation.depth")));
        Assert.Equal(call.CostNanoUsd / 1e9, server.GetTagItem("rung.cost.total_usd"));
        Assert.Equal(("job", "header", "small"), (decide.GetTagItem("rung.tag"), decide.GetTagItem("rung.tag.source"), decide.GetTagItem("rung.tier")));
        Assert.Contains("job", (string)decide.GetTagItem("rung.decision.reason")!);
        var first = attempts[0];
        Assert.Equal(("chat", "openai-compatible", "a-up", "up-model", 10L, 5L, "provider", "first"), (first.GetTagItem("gen_ai.operation.name"), first.GetTagItem("gen_ai.provider.name"),
            first.GetTagItem("gen_ai.request.model"), first.GetTagItem("gen_ai.response.model"), first.GetTagItem("gen_ai.usage.input_tokens"), first.GetTagItem("gen_ai.usage.output_tokens"),
            first.GetTagItem("rung.usage.source"), first.GetTagItem("rung.attempt.kind")));
        Assert.Equal(["stop"], (string[])first.GetTagItem("gen_ai.response.finish_reasons")!);
        Assert.Equal("127.0.0.1", first.GetTagItem("server.address"));
        Assert.Equal(stream ? true : null, first.GetTagItem("gen_ai.request.stream"));
        Assert.Equal("fail", Assert.Single(first.Events).Tags.First(tag => tag.Key == "gen_ai.evaluation.score.label").Value);

        Assert.Equal($"00-{trace}-{first.SpanId}-01", Assert.Single(small.Seen).Headers["traceparent"]);
        Assert.Equal("v=1", Assert.Single(small.Seen).Headers["tracestate"]);
        foreach (var span in listening.Spans)
        {
            var all = string.Join("|", span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Concat(span.Events.SelectMany(e => e.Tags).Select(tag => $"{tag.Key}={tag.Value}"))) + span.DisplayName;
            Assert.DoesNotContain(Secret, all);
            Assert.DoesNotContain("secret answer", all);
            Assert.DoesNotContain("sk-", all);
        }
    }

    [Fact]
    public async Task A_failed_attempt_is_an_error_with_its_kind()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var listening = new Listening(trace);
        await using var down = await FakeUpstream.StartAsync(Does.Status(503));
        await using var gone = await FakeUpstream.StartAsync(Does.Abort());
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Pair(down.Url, gone.Url, "limits: { attempts: 2 }")));

        await gateway.PostAsync(Ask.Plain, ("traceparent", $"00-{trace}-b7ad6b7169203331-01"));
        await gateway.OnlyCallAsync();

        var attempts = listening.Spans.Where(span => span.Kind == ActivityKind.Client).OrderBy(span => (int)span.GetTagItem("rung.attempt.index")!).ToList();
        Assert.Equal(["503", "unreachable"], attempts.Select(span => span.GetTagItem("error.type")));
        Assert.All(attempts, span => Assert.Equal(ActivityStatusCode.Error, span.Status));
        Assert.Equal(ActivityStatusCode.Error, Assert.Single(listening.Spans, span => span.Kind == ActivityKind.Server).Status);
    }

    [Fact]
    public async Task Tokens_and_durations_are_measured()
    {
        var measured = new ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)>();
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("fine", input: 17, output: 4));
        var unique = $"model-{Guid.NewGuid():N}";
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Meter.Name == GatewayTelemetry.SourceName) self.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Enqueue((instrument.Name, value, tags.ToArray().ToDictionary())));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured.Enqueue((instrument.Name, value, tags.ToArray().ToDictionary())));
        listener.Start();
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url).Replace("a-up", unique)));

        await (await gateway.PostAsync(Ask.Stream)).TextAsync();
        await gateway.OnlyCallAsync();

        var own = measured.Where(m => Equals(m.Tags.GetValueOrDefault("gen_ai.request.model"), unique)).ToList();
        Assert.Contains(own, m => m.Name == "gen_ai.client.token.usage" && m.Value == 17 && Equals(m.Tags["gen_ai.token.type"], "input"));
        Assert.Contains(own, m => m.Name == "gen_ai.client.token.usage" && m.Value == 4 && Equals(m.Tags["gen_ai.token.type"], "output"));
        Assert.Contains(own, m => m.Name == "gen_ai.client.operation.duration" && m.Value > 0 && Equals(m.Tags["gen_ai.operation.name"], "chat"));
        Assert.Contains(own, m => m.Name == "gen_ai.client.operation.time_to_first_chunk");
        Assert.Contains(measured, m => m.Name == "rung.call.duration" && Equals(m.Tags["rung.call.status"], "answered"));
    }

    [Fact]
    public async Task What_is_found_out_and_what_is_given_up_shows_in_spans_and_metrics()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var listening = new Listening(trace);
        var measured = new ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Meter.Name == GatewayTelemetry.SourceName) self.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Enqueue((instrument.Name, value, tags.ToArray().ToDictionary())));
        listener.Start();
        var unique = $"model-{Guid.NewGuid():N}";
        await using var small = await FakeUpstream.StartAsync(Does.InTurn(Does.Stream("good one", output: 40), async (http, body) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(Does.Chunk("m", """{"content":"bad"}""", "null"));
            await http.Response.Body.FlushAsync();
            await Does.Hang()(http, body);
        }));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("good"));
        await using var bert = await FakeUpstream.StartAsync(Does.Json("0.75"));
        var verifier = new HttpVerifier { Name = "bert", Url = new Uri(bert.Url), Body = "{}", ScoreAt = "" };
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Ladder("escalate: { to: big }", "", ("small", "a", small.Url), ("big", "b", big.Url)).Replace("a-up", unique))
            .With([new Begins("good"), Asking.Score("scored", new VerifierInquiry("bert"), 0.5)], verifiers: [verifier]));

        for (var i = 0; i < 2; i++) await (await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"), ("traceparent", $"00-{trace}-b7ad6b7169203331-01"))).TextAsync();
        await gateway.CallsAsync(2);

        var verify = Assert.Single(listening.Spans, span => span.DisplayName == "verify bert");
        Assert.Equal(("verifier", "bert"), (verify.GetTagItem("rung.attempt.kind"), verify.GetTagItem("rung.verifier")));
        var judged = listening.Spans.First(span => span.DisplayName == $"chat {unique}" && span.Events.Count() == 2);
        Assert.Equal([1.0, 0.75], judged.Events.Select(e => e.Tags.First(tag => tag.Key == "gen_ai.evaluation.score.value").Value));
        var doomed = Assert.Single(listening.Spans, span => span.GetTagItem("rung.stream.doomed") is true);
        Assert.Equal(39L, doomed.GetTagItem("rung.stream.saved_tokens"));
        Assert.NotEqual(ActivityStatusCode.Error, doomed.Status);
        Assert.Contains(measured, m => m.Name == "rung.streams.doomed" && Equals(m.Tags["gen_ai.request.model"], unique));
        Assert.Contains(measured, m => m is { Name: "rung.streams.saved_tokens", Value: 39 } && Equals(m.Tags["gen_ai.request.model"], unique));
        Assert.Contains(measured, m => m.Name == "rung.inquiries" && Equals(m.Tags["rung.inquiry.kind"], "verifier") && m.Tags["rung.inquiry.found"] is true);
    }
}
