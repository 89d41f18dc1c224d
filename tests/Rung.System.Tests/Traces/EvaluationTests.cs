using System.Text;
using Rung.Core.Spans;
using Rung.Serving;

namespace Rung.Tests.Traces;

/// <summary>Evaluations in received traces and logs, in both encodings.</summary>
public sealed class EvaluationTests
{
    private const string Call = "0198f3a2b1c47def8123456789abcdef";
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Span = "b7ad6b7169203331";
    private static readonly DateTimeOffset At = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    private static string Attribute(string key, string value) => $$$"""{"key":"{{{key}}}","value":{"stringValue":"{{{value}}}"}}""";

    private static string Number(string key, string value) => $$$"""{"key":"{{{key}}}","value":{"doubleValue":{{{value}}}}}""";

    private static string Evaluation(string name, params string[] attributes) =>
        $$$"""{"name":"gen_ai.evaluation.result","timeUnixNano":"{{{ProtobufExport.Nanos(At)}}}","attributes":[{{{string.Join(",", [Attribute("gen_ai.evaluation.name", name), .. attributes])}}}]}""";

    private static string SpanOf(string[] attributes, params string[] events) => $$$"""
        {"traceId":"{{{Trace}}}","spanId":"{{{Span}}}","name":"evaluate","startTimeUnixNano":"{{{ProtobufExport.Nanos(At)}}}","endTimeUnixNano":"{{{ProtobufExport.Nanos(At)}}}",
         "events":[{{{string.Join(",", events)}}}],"attributes":[{{{string.Join(",", attributes)}}}]}
        """;

    private static string Request(params string[] spans) => JsonExport.Request(JsonExport.Resource("evaluator", JsonExport.Scope("app", spans)));

    [Fact]
    public async Task An_event_on_a_span_that_names_a_call_becomes_a_verdict_once()
    {
        await using var host = await ReceiverHost.StartAsync();
        var request = Request(SpanOf([Attribute("rung.call.id", Call)], Evaluation("relevance", Number("gen_ai.evaluation.score.value", "0.75"))));
        for (var i = 0; i < 2; i++) (await host.PostAsync(request)).EnsureSuccessStatusCode();

        var verdict = Assert.Single(await host.VerdictsAsync());
        Assert.Equal((Call, VerdictKind.Evaluation, "relevance", 0.75, "evaluator", At), (verdict.CallId, verdict.Kind, verdict.Name, verdict.Score, verdict.By, verdict.At));
        Assert.Empty(await host.SweptAsync());
    }

    [Fact]
    public async Task Labels_sessions_and_the_events_own_attributes_are_understood()
    {
        await using var host = await ReceiverHost.StartAsync();
        await host.PostAsync(Request(SpanOf([Attribute("gen_ai.conversation.id", "s-1")],
            Evaluation("a", Attribute("gen_ai.evaluation.score.label", "Pass")),
            Evaluation("b", Number("gen_ai.evaluation.score.value", "4"), Attribute("gen_ai.evaluation.score.label", "fail")),
            Evaluation("c", Number("gen_ai.evaluation.score.value", "1"), Attribute("rung.call.id", Call)),
            Evaluation("scale unknown", Number("gen_ai.evaluation.score.value", "4")),
            Evaluation("failed", Number("gen_ai.evaluation.score.value", "1"), Attribute("error.type", "timeout")))));

        Assert.Equal([("a", 1.0, null), ("b", 0, null), ("c", 1, Call)],
            (await host.VerdictsAsync()).OrderBy(verdict => verdict.Name).Select(verdict => (verdict.Name!, verdict.Score, verdict.CallId)));
        Assert.All(await host.VerdictsAsync(), verdict => Assert.Equal("s-1", verdict.Session));
    }

    [Fact]
    public async Task On_the_span_of_another_systems_call_it_stays_a_judgement_of_that_call()
    {
        await using var host = await ReceiverHost.StartAsync();
        var chat = JsonExport.Chat(Trace, Span, At, "gpt-4o-mini", 10, 2);
        var judged = chat.TrimEnd()[..^1] + $",\"events\":[{Evaluation("relevance", Number("gen_ai.evaluation.score.value", "0.5"))}]}}";
        (await host.PostAsync(Request(judged))).EnsureSuccessStatusCode();

        Assert.Equal(0.5, Assert.Single(Assert.Single(await host.SweptAsync()).Verdicts).Score);
        Assert.Empty(await host.VerdictsAsync());
    }

    [Fact]
    public async Task Log_records_are_taken_at_their_own_path_and_the_others_are_let_go()
    {
        await using var host = await ReceiverHost.StartAsync();
        var logs = $$$"""
            {"resourceLogs":[{"scopeLogs":[{"logRecords":[
              {"timeUnixNano":"{{{ProtobufExport.Nanos(At)}}}","eventName":"gen_ai.evaluation.result","attributes":[{{{Attribute("rung.call.id", Call)}}},{{{Number("gen_ai.evaluation.score.value", "1")}}}]},
              {"eventName":"gen_ai.evaluation.result","attributes":[{{{Number("gen_ai.evaluation.score.value", "1")}}}]},
              {"body":{"stringValue":"hello"}}]}]}]}
            """;
        var reply = await host.PostAsync(Encoding.UTF8.GetBytes(logs), "application/json", path: TraceReceiver.LogsPath);

        Assert.Contains("\"rejectedLogRecords\":\"1\"", await reply.Content.ReadAsStringAsync());
        Assert.Equal((Call, 1.0), Assert.Single((await host.VerdictsAsync()).Select(verdict => (verdict.CallId, verdict.Score))));
    }

    [Fact]
    public async Task Protocol_buffers_say_the_same_of_spans_and_of_logs()
    {
        await using var host = await ReceiverHost.StartAsync();
        byte[] evaluation =
        [
            .. ProtobufExport.Fixed(1, ProtobufExport.Nanos(At)), .. ProtobufExport.Field(2, "gen_ai.evaluation.result"u8.ToArray()),
            .. ProtobufExport.Field(3, ProtobufExport.Attribute("gen_ai.evaluation.score.value", ProtobufExport.Fixed(4, BitConverter.DoubleToUInt64Bits(0.25)))),
        ];
        byte[] span =
        [
            .. ProtobufExport.Field(1, Convert.FromHexString(Trace)), .. ProtobufExport.Field(2, Convert.FromHexString(Span)), .. ProtobufExport.Fixed(7, ProtobufExport.Nanos(At)),
            .. ProtobufExport.Field(11, evaluation), .. ProtobufExport.Field(9, ProtobufExport.Attribute("rung.call.id", ProtobufExport.Text(Call))),
        ];
        byte[] log =
        [
            .. ProtobufExport.Fixed(1, ProtobufExport.Nanos(At)), .. ProtobufExport.Field(12, "gen_ai.evaluation.result"u8.ToArray()),
            .. ProtobufExport.Field(6, ProtobufExport.Attribute("gen_ai.conversation.id", ProtobufExport.Text("s-1"))),
            .. ProtobufExport.Field(6, ProtobufExport.Attribute("gen_ai.evaluation.score.label", ProtobufExport.Text("pass"))),
        ];
        const string Type = "application/x-protobuf";
        var traces = ProtobufExport.Request(ProtobufExport.Resource("evaluator", ProtobufExport.Scope("app", span)));
        (await host.PostAsync(traces, Type)).EnsureSuccessStatusCode();
        (await host.PostAsync(ReceiverHost.Packed(traces), Type, "gzip")).EnsureSuccessStatusCode();
        (await host.PostAsync(ProtobufExport.Request(ProtobufExport.Resource("evaluator", ProtobufExport.Scope("app", log))), Type, path: TraceReceiver.LogsPath)).EnsureSuccessStatusCode();

        Assert.Equal([(null, "s-1", 1.0), (Call, null, 0.25)],
            (await host.VerdictsAsync()).OrderBy(verdict => verdict.CallId).Select(verdict => (verdict.CallId, verdict.Session, verdict.Score)));
    }

    [Fact]
    public async Task Broken_logs_are_refused_and_a_ledger_that_is_gone_costs_a_wait()
    {
        await using var host = await ReceiverHost.StartAsync();
        Assert.Equal(400, (int)(await host.PostAsync("{"u8.ToArray(), "application/json", path: TraceReceiver.LogsPath)).StatusCode);
        Assert.Equal(400, (int)(await host.PostAsync([0x0a, 0xff, 0x01], "application/x-protobuf", path: TraceReceiver.LogsPath)).StatusCode);
        host.LedgerIsGone = true;
        var reply = await host.PostAsync(Request(SpanOf([Attribute("rung.call.id", Call)], Evaluation("a", Number("gen_ai.evaluation.score.value", "1")))));
        Assert.Equal(503, (int)reply.StatusCode);
        Assert.NotNull(reply.Headers.RetryAfter);
    }
}
