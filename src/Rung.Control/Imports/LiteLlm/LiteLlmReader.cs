using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.LiteLlm;

/// <summary>Reads LiteLLM's records of every kind, also when a file mixes them.</summary>
internal sealed class LiteLlmReader : ILogReader
{
    // One table of daily sums repeats the spend of the other by other keys: the first kind that comes is taken, once a run.
    private string? dailyTable;

    /// <inheritdoc/>
    public void BeginFile(LogFile file) { }

    /// <inheritdoc/>
    public void Read(in LogRecord record, IImportSink sink)
    {
        if (record.Row is { } row)
        {
            Read(FieldReading.Of(row), LiteLlmFormat.KindOf(row.Has), sink);
            return;
        }
        using var document = record.Parse();
        var root = document.RootElement;
        var fields = FieldReading.Of(root);
        Read(fields, LiteLlmFormat.KindOf(name => root.TryGetProperty(name, out _)), sink);
    }

    /// <inheritdoc/>
    public void EndFile(IImportSink sink) { }

    /// <inheritdoc/>
    public void Complete(IImportSink sink) { }

    private void Read(FieldReading fields, LiteLlmRecord kind, IImportSink sink)
    {
        switch (kind)
        {
            case LiteLlmRecord.SpendLog or LiteLlmRecord.Payload:
                if (LiteLlmCall.IsNoModelCall(fields)) sink.Leave(LeftOut.NoModelCall);
                else sink.Add(LiteLlmCall.Read(fields));
                break;
            case LiteLlmRecord.Error:
                sink.Add(LiteLlmCall.ReadError(fields));
                break;
            case LiteLlmRecord.DailySum:
                var table = LiteLlmDaily.TableOf(fields);
                dailyTable ??= table;
                if (table == dailyTable) sink.Add(LiteLlmDaily.Read(fields, table));
                else sink.Leave(LeftOut.SumOfCalls);
                break;
            default:
                throw new LogRecordException("The record is none of LiteLLM: it has neither request_id, call_type and spend nor response_cost and startTime.");
        }
    }
}
