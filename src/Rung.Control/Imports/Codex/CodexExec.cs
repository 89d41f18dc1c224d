using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Codex;

/// <summary>
/// Reads what <c>codex exec --json</c> prints: one usage a turn, a sum over its calls. It names neither model nor time, so its price is unknown unless the program
/// that wrote the file added them, and its time is when the file was written last.
/// </summary>
internal sealed class CodexExec
{
    private DateTimeOffset? _writtenAt;
    private string _thread = "";
    private int _turn;

    public void BeginFile(LogFile file)
    {
        _writtenAt = FileTime.LastWrite(file);
        _thread = Path.GetFileName(file.Path);
        _turn = 0;
    }

    public void Read(FieldReading line, IImportSink sink)
    {
        switch (line.NameIfText("type"))
        {
            case "thread.started":
                _thread = line.NameIfText("thread_id") ?? _thread;
                _turn = 0;
                break;
            case "turn.completed" or "turn.failed" when CodexTokens.Of(line.Map("usage")) is { IsZero: false } used:
                var model = line.NameIfText("model") ?? "";
                sink.Add(new ImportedCall
                {
                    Source = CodexFormat.FormatName,
                    Key = $"{_thread}:turn-{_turn++}",
                    Granularity = ImportGranularity.Bucket,
                    StartedAt = line.Time("timestamp", "created_at") ?? _writtenAt ?? throw new LogRecordException("The turn has no timestamp, and standard input has no date."),
                    Provider = ProviderNames.Of("openai", model),
                    Model = model,
                    Usage = used.ToUsage(),
                    Status = line.NameIfText("type") == "turn.failed" ? ImportedStatus.Failed : ImportedStatus.Answered,
                    Role = "exec",
                    Agent = CodexFormat.FormatName,
                });
                return;
        }
        sink.Leave(LeftOut.NoModelCall);
    }
}
