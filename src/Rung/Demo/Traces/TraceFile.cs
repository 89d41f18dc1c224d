using System.Buffers;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rung.Demo.Traces;

/// <summary>What was written.</summary>
/// <param name="Calls">Model calls.</param>
/// <param name="Spans">Spans, those of agents and tools counted.</param>
/// <param name="Runs">Runs of agents.</param>
/// <param name="Sites">Call sites.</param>
internal sealed record TraceFileSummary(long Calls, long Spans, long Runs, int Sites);

/// <summary>Writes made-up traces as an OpenTelemetry collector's file exporter does: a line of OTLP JSON a batch, spans of several runs mixed.</summary>
internal static class TraceFile
{
    private const int SpansPerBatch = 64;
    private const int RunsAtOnce = 6;
    private static readonly DateTimeOffset s_begin = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);
    // Quotes as \", as exporters write them, not as \u0022.
    private static readonly JsonWriterOptions s_plainly = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions s_contentPlainly = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly TimeSpan s_period = TimeSpan.FromDays(28);

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; gzipped when its name ends in <c>.gz</c>.</param>
    /// <param name="truthPath">A file of <c>trace,span,site</c> lines with the true site of every call; null for none.</param>
    /// <param name="calls">Model calls, at least 1; the run in which the number is reached is finished.</param>
    /// <param name="seed">Decides everything.</param>
    /// <param name="progress">Is told the calls written, now and then.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static TraceFileSummary Write(string path, string? truthPath, long calls, long seed, Action<long>? progress, CancellationToken cancellationToken) =>
        Write(path, truthPath, Spans(calls, seed), TraceSites.Agents.Sum(agent => agent.Sites.Count), progress, cancellationToken);

    /// <summary>Writes spans; other arguments as of the other.</summary>
    /// <param name="path">The file.</param>
    /// <param name="truthPath">The file of true sites.</param>
    /// <param name="source">The spans.</param>
    /// <param name="sites">How many call sites they come from.</param>
    /// <param name="progress">Is told the calls written.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static TraceFileSummary Write(string path, string? truthPath, IEnumerable<MadeUpSpan> source, int sites, Action<long>? progress, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
        using Stream packed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Fastest) : Stream.Null;
        using var truth = truthPath is null ? null : new StreamWriter(truthPath);
        var target = packed == Stream.Null ? file : packed;
        var buffer = new ArrayBufferWriter<byte>(1 << 20);
        var batch = new List<MadeUpSpan>(SpansPerBatch);
        var (written, spans, runs) = (0L, 0L, 0L);
        foreach (var span in source)
        {
            spans++;
            if (span.Site is { } site)
            {
                written++;
                truth?.WriteLine($"{span.Trace},{span.Id},{site.Name}");
                if (written % 10_000 == 0) progress?.Invoke(written);
            }
            else if (span.Parent.Length == 0) runs++;
            batch.Add(span);
            if (batch.Count < SpansPerBatch) continue;
            cancellationToken.ThrowIfCancellationRequested();
            Flush(target, buffer, batch);
        }
        if (batch.Count > 0) Flush(target, buffer, batch);
        return new TraceFileSummary(written, spans, runs, sites);
    }

    /// <summary>The spans in the order in which they would be exported: several runs at once.</summary>
    public static IEnumerable<MadeUpSpan> Spans(long calls, long seed)
    {
        var chance = new DemoChance(seed, "traces");
        var open = new List<Queue<MadeUpSpan>>();
        var made = 0L;
        var agents = TraceSites.Agents;
        while (true)
        {
            while (open.Count < RunsAtOnce && made < calls)
            {
                var agent = chance.Pick(agents);
                var spans = MadeUpRun.Make(agent, s_begin + (s_period * ((double)made / calls)) + TimeSpan.FromSeconds(chance.Between(0, 600)), ref chance);
                made += spans.Count(span => span.Site is not null);
                open.Add(new Queue<MadeUpSpan>(spans));
            }
            if (open.Count == 0) yield break;
            var run = open[chance.Between(0, open.Count - 1)];
            yield return run.Dequeue();
            if (run.Count == 0) open.Remove(run);
        }
    }

    private static void Flush(Stream target, ArrayBufferWriter<byte> buffer, List<MadeUpSpan> batch)
    {
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer, s_plainly)) WriteBatch(json, batch);
        target.Write(buffer.WrittenSpan);
        target.WriteByte((byte)'\n');
        batch.Clear();
    }

    private static void WriteBatch(Utf8JsonWriter json, List<MadeUpSpan> batch)
    {
        json.WriteStartObject();
        json.WriteStartArray("resourceSpans");
        json.WriteStartObject();
        json.WriteStartObject("resource");
        json.WriteStartArray("attributes");
        Text(json, "service.name", "northwind-agents");
        Key(json, "rung.simulated");
        json.WriteBoolean("boolValue", true);
        EndValue(json);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("scopeSpans");
        json.WriteStartObject();
        json.WriteStartObject("scope");
        json.WriteString("name", "northwind.llm");
        json.WriteEndObject();
        json.WriteStartArray("spans");
        foreach (var span in batch) WriteSpan(json, span);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSpan(Utf8JsonWriter json, MadeUpSpan span)
    {
        json.WriteStartObject();
        json.WriteString("traceId", span.Trace);
        json.WriteString("spanId", span.Id);
        json.WriteString("parentSpanId", span.Parent);
        json.WriteString("name", span.Name);
        json.WriteNumber("kind", span.Site is null ? 1 : 3);
        json.WriteString("startTimeUnixNano", Nanos(span.Start));
        json.WriteString("endTimeUnixNano", Nanos(span.End));
        json.WriteStartArray("attributes");
        Text(json, "gen_ai.operation.name", span.Operation);
        if (span.Site is { } site) WriteCall(json, span, site);
        else if (span.Operation == "invoke_agent")
        {
            Text(json, "gen_ai.agent.name", span.Agent);
            Number(json, "gen_ai.usage.input_tokens", span.InputTokens);
            Number(json, "gen_ai.usage.output_tokens", span.OutputTokens);
        }
        else Text(json, "gen_ai.tool.name", span.Name["execute_tool ".Length..]);
        json.WriteEndArray();
        json.WriteStartObject("status");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, MadeUpSpan span, TraceSite site)
    {
        Text(json, "gen_ai.provider.name", span.Model.StartsWith("claude", StringComparison.Ordinal) ? "anthropic" : "openai");
        Text(json, "gen_ai.request.model", span.Model);
        Text(json, "gen_ai.response.model", span.Model);
        Text(json, "gen_ai.conversation.id", span.Trace);
        if (site.IsTagged) Text(json, "rung.tag", site.Name);
        if (site.Role is { } role) Text(json, "rung.role", role);
        if (site.MaxTokens is { } most) Number(json, "gen_ai.request.max_tokens", most);
        if (site.Temperature is { } temperature)
        {
            Key(json, "gen_ai.request.temperature");
            json.WriteNumber("doubleValue", temperature);
            EndValue(json);
        }
        Number(json, "gen_ai.usage.input_tokens", span.InputTokens);
        if (span.CacheReadTokens > 0) Number(json, "gen_ai.usage.cache_read.input_tokens", span.CacheReadTokens);
        Number(json, "gen_ai.usage.output_tokens", span.OutputTokens);
        Key(json, "gen_ai.response.finish_reasons");
        json.WriteStartObject("arrayValue");
        json.WriteStartArray("values");
        json.WriteStartObject();
        json.WriteString("stringValue", span.ToolCalls.Count > 0 ? "tool_calls" : "stop");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        EndValue(json);
        if (site.Tokens is not null) return; // No content: as most teams log.
        if (span.System is { } system) Text(json, "gen_ai.system_instructions", JsonSerializer.Serialize(new[] { new { type = "text", content = system } }, s_contentPlainly));
        Text(json, "gen_ai.input.messages", JsonSerializer.Serialize(span.Messages.Select(message => new { role = message.Role, parts = new[] { new { type = "text", content = message.Text } } }), s_contentPlainly));
        Text(json, "gen_ai.output.messages", JsonSerializer.Serialize(new[]
        {
            new { role = "assistant", parts = span.ToolCalls.Count > 0 ? span.ToolCalls.Select(name => (object)new { type = "tool_call", name, arguments = new { } }).ToArray() : [new { type = "text", content = span.Answer }], finish_reason = span.ToolCalls.Count > 0 ? "tool_calls" : "stop" },
        }, s_contentPlainly));
        if (site.Tools.Count > 0) Text(json, "gen_ai.tool.definitions", JsonSerializer.Serialize(site.Tools.Select(name => new { type = "function", name, parameters = new { type = "object" } }), s_contentPlainly));
    }

    private static string Nanos(DateTimeOffset instant) => $"{(instant - DateTimeOffset.UnixEpoch).Ticks}00";

    private static void Text(Utf8JsonWriter json, string key, string value)
    {
        Key(json, key);
        json.WriteString("stringValue", value);
        EndValue(json);
    }

    private static void Number(Utf8JsonWriter json, string key, long value)
    {
        Key(json, key);
        json.WriteString("intValue", value.ToString("0", System.Globalization.CultureInfo.InvariantCulture));
        EndValue(json);
    }

    private static void Key(Utf8JsonWriter json, string key)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteStartObject("value");
    }

    private static void EndValue(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
