using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.OpenAi;

/// <summary>Reads answers with model and usage, one a record.</summary>
internal sealed class OpenAiCompletionsReader : ILogReader
{
    private readonly ContentKeys _keys = new();

    public void BeginFile(LogFile file) => _keys.BeginFile();

    public void Read(in LogRecord record, IImportSink sink)
    {
        using var document = record.Parse();
        if (!CompletionRecord.TryFind(document.RootElement, out var found))
        {
            sink.Leave(LeftOut.NoModelCall);
            return;
        }
        var line = FieldReading.Of(document.RootElement);
        var reply = FieldReading.Of(found.Reply, "response.");
        var startedAt = line.Time("timestamp", "started_at", "start_time", "created_at", "created", "time", "ts", "datetime", "date", "createdAt", "startTime", "request_time") ?? reply.Time("created_at", "created", "timestamp")
            ?? throw new LogRecordException("There is no time: neither timestamp nor created.");
        var id = reply.NameIfText("id") ?? line.NameIfText("id", "request_id");
        var call = CompletionCall.Of(OpenAiCompletionsFormat.FormatName, id ?? _keys.Of(ContentKeys.HashOf(record.Bytes.Span)), startedAt, found.Request, found.Reply, line.NameIfText("provider", "custom_llm_provider"));

        var names = new JobNames();
        names.Read(reply.Map("metadata"));
        if (found.Request.ValueKind == JsonValueKind.Object) names.Read(FieldReading.Of(found.Request).Map("metadata"));
        // The line itself, where it is not the answer: whoever wrote it named things as metadata would.
        names.Read(line.Map("metadata"));
        if (!ReferencesSame(document.RootElement, found.Reply)) names.Read(line);
        else
        {
            names.Give(line.NameIfText("tag", "task", "feature"));
            names.GiveAgent(line.NameIfText("agent"));
            names.GiveSession(line.NameIfText("session_id", "conversation_id"));
        }
        if (line.NameIfText("conversation") is { } conversation) names.GiveSession(conversation);
        else names.GiveSession(line.Map("conversation").NameIfText("id"));
        sink.Add(names.ApplyTo(call with { LatencyMicros = LatencyOf(line) }));
    }

    public void EndFile(IImportSink sink)
    {
        // Every record stands for itself.
    }

    public void Complete(IImportSink sink)
    {
        // Nothing is held back.
    }

    private static long? LatencyOf(FieldReading line) =>
        TimeReading.Micros(line.Number("latency_ms", "duration_ms", "elapsed_ms"), TimeUnit.Milliseconds)
        ?? TimeReading.Micros(line.Number("latency_s", "duration_s", "latency_seconds", "duration_seconds"), TimeUnit.Seconds);

    private static bool ReferencesSame(JsonElement record, JsonElement reply) =>
        record.TryGetProperty("usage", out _) && MessageText.Word(record, "model") is not null && reply.TryGetProperty("usage", out _) && MessageText.Within(record, "response") is null;
}
