using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.OpenAi;

/// <summary>Output files of OpenAI's Batch API: one answer a line, at half price.</summary>
internal sealed class OpenAiBatchFormat : ILogFormat
{
    public const string FormatName = "openai-batch";

    public string Name => FormatName;

    public string Title => "OpenAI batch output";

    public bool Recognises(in LogSample sample) => sample.Shape == LogShape.Json && sample.Records.Any(IsOutput);

    public ILogReader CreateReader(ImportContext context) => new OpenAiBatchReader();

    // An error file has response: null beside the error.
    private static bool IsOutput(JsonElement record) =>
        MessageText.Word(record, "custom_id") is not null && !record.TryGetProperty("result", out _)
        && record.TryGetProperty("response", out var response)
        && (response.ValueKind == JsonValueKind.Null ? record.TryGetProperty("error", out _) : MessageText.Within(response, "body") is not null || response.TryGetProperty("status_code", out _));
}

/// <summary>Reads output and error files of batches.</summary>
internal sealed class OpenAiBatchReader : ILogReader
{
    private const int BatchPermille = 500;

    private DateTimeOffset? _lastTime;

    // Answers of embeddings have no time: that of the answer before, or the file's.
    public void BeginFile(LogFile file) => _lastTime = FileTime.LastWrite(file);

    public void Read(in LogRecord record, IImportSink sink)
    {
        using var document = record.Parse();
        var line = FieldReading.Of(document.RootElement);
        var customId = line.NameIfText("custom_id");
        var key = line.NameIfText("id") ?? line.Map("response").NameIfText("request_id") ?? customId ?? throw new LogRecordException("id and custom_id are missing.");
        var response = line.Map("response");
        var body = response.Map("body");
        var startedAt = body.Time("created_at", "created") ?? _lastTime ?? throw new LogRecordException("The answer has no time, and standard input has no date.");
        _lastTime = startedAt;

        var call = CompletionCall.Of(OpenAiBatchFormat.FormatName, key, startedAt, default, body.Element, null) with { PricePermille = BatchPermille };
        if (call.Provider.Length == 0) call = call with { Provider = "openai" };
        var error = line.Map("error").NameIfText("code", "type") ?? body.Map("error").NameIfText("code", "type");
        if (error is not null || response.Count("status_code") is { } status && status != 200 || response.IsMissing)
        {
            call = call with { Status = ImportedStatus.Failed, Error = error ?? $"http {response.Count("status_code")}" };
        }
        var names = new JobNames();
        names.Read(body.Map("metadata"));
        names.Infer(BatchJob.Of(customId));
        sink.Add(names.ApplyTo(call));
    }

    public void EndFile(IImportSink sink)
    {
        // Every record stands for itself.
    }

    public void Complete(IImportSink sink)
    {
        // Nothing is held back.
    }
}
