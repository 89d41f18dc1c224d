using System.Text.Json;
using Rung.Control.Imports.OpenAi;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Anthropic;

/// <summary>Results of Anthropic's Message Batches: one a line, at half price.</summary>
internal sealed class AnthropicBatchFormat : ILogFormat
{
    public const string FormatName = "anthropic-batch";

    public string Name => FormatName;

    public string Title => "Anthropic message batch results";

    public bool Recognises(in LogSample sample) => sample.Shape == LogShape.Json && sample.Records.Any(IsResult);

    public ILogReader CreateReader(ImportContext context) => new AnthropicBatchReader();

    private static bool IsResult(JsonElement record) =>
        MessageText.Word(record, "custom_id") is not null && MessageText.Within(record, "result") is { } result
        && MessageText.Word(result, "type") is "succeeded" or "errored" or "canceled" or "expired";
}

/// <summary>Reads results of batches. They have no time: that of the file is the only date there is.</summary>
internal sealed class AnthropicBatchReader : ILogReader
{
    private DateTimeOffset? _writtenAt;
    private string _file = "";

    public void BeginFile(LogFile file)
    {
        _writtenAt = FileTime.LastWrite(file);
        _file = Path.GetFileName(file.Path);
    }

    public void Read(in LogRecord record, IImportSink sink)
    {
        using var document = record.Parse();
        var line = FieldReading.Of(document.RootElement);
        var customId = line.RequiredName("custom_id");
        var result = line.Map("result");
        var message = result.Map("message");
        var startedAt = line.Time("created_at", "timestamp") ?? _writtenAt ?? throw new LogRecordException("The result has no time, and standard input has no date.");
        var type = result.NameIfText("type");

        // The message's id is the request's own; a request that was not answered has none beside what the caller called it.
        var call = CompletionCall.Of(AnthropicBatchFormat.FormatName, message.NameIfText("id") ?? $"{_file}:{customId}", startedAt, default, message.Element, "anthropic");
        var usage = message.Map("usage");
        call = call with
        {
            PricePermille = AnthropicPricing.Permille(call.Model, usage.NameIfText("speed"), usage.NameIfText("inference_geo"), "batch"),
            Status = type == "succeeded" ? ImportedStatus.Answered : ImportedStatus.Failed,
            Error = type == "succeeded" ? null : ErrorOf(result) ?? type,
        };
        var names = new JobNames();
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

    // {"type":"errored","error":{"type":"error","error":{"type":"invalid_request_error","message":…}}}
    private static string? ErrorOf(FieldReading result)
    {
        var error = result.Map("error");
        var inner = error.Map("error");
        return (inner.IsMissing ? error : inner).NameIfText("type");
    }
}
