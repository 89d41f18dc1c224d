using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Langfuse;

/// <summary>
/// Reads Langfuse's records. Observations wait by trace until everything is read, or until too many wait: then the oldest trace goes, with what is known of it.
/// So observations, traces and scores may come in any order and in any number of files.
/// </summary>
internal sealed class LangfuseReader(int mostWaiting = LangfuseReader.MostWaiting, long mostCharacters = LangfuseReader.MostCharacters) : ILogReader
{
    /// <summary>Observations that wait at most.</summary>
    public const int MostWaiting = 100_000;

    /// <summary>Characters of content that wait at most: 64 MB.</summary>
    public const long MostCharacters = 32_000_000;

    // What is remembered of traces and scores whose observations have not come yet; the oldest is forgotten.
    private const int MostRemembered = 500_000;

    private readonly Dictionary<string, LangfuseTrace> waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();
    private readonly RememberedMap<LangfuseTraceNames> traces = new(MostRemembered);
    private readonly RememberedMap<List<ImportedVerdict>> scores = new(MostRemembered);
    private static readonly LangfuseTrace s_released = new();
    private int observations;
    private long characters;
    private readonly RememberedMap<LangfuseTrace> releasedWithout = new(MostRemembered);
    private long tooLate;

    /// <inheritdoc/>
    public void BeginFile(LogFile file) { }

    /// <inheritdoc/>
    public void Read(in LogRecord record, IImportSink sink)
    {
        if (record.Row is { } row)
        {
            Read(FieldReading.Of(row), LangfuseFormat.KindOf(row.Has), sink);
            return;
        }
        using var document = record.Parse();
        var root = document.RootElement;
        var fields = FieldReading.Of(root);
        Read(fields, LangfuseFormat.KindOf(name => root.TryGetProperty(name, out _)), sink);
    }

    /// <inheritdoc/>
    public void EndFile(IImportSink sink) { }

    /// <inheritdoc/>
    public void Complete(IImportSink sink)
    {
        while (order.Count > 0) ReleaseOldest(sink);
        if (tooLate > 0) sink.Note($"{tooLate} traces came so long after their observations that these could not wait: name the file of traces first.");
    }

    private void Read(FieldReading fields, LangfuseRecord kind, IImportSink sink)
    {
        switch (kind)
        {
            case LangfuseRecord.Observation:
                Wait(LangfuseObservation.Read(fields), sink);
                break;
            case LangfuseRecord.Trace:
                ReadTrace(fields);
                sink.Leave(LeftOut.NoModelCall);
                break;
            case LangfuseRecord.WholeTrace:
                ReadTrace(fields);
                ReadInside(fields, sink);
                break;
            case LangfuseRecord.Score:
                ReadScore(fields);
                sink.Leave(LeftOut.NoModelCall);
                break;
            default:
                throw new LogRecordException("The record is neither an observation (id, traceId, usageDetails), nor a trace, nor a score of Langfuse.");
        }
    }

    private void ReadTrace(FieldReading fields)
    {
        var id = fields.RequiredName("id");
        if (releasedWithout.Get(id) is not null) tooLate++;
        traces.Put(id, LangfuseTraceNames.Read(fields));
    }

    private void ReadInside(FieldReading trace, IImportSink sink)
    {
        if (trace.Json("scores") is { ValueKind: JsonValueKind.Array } inside)
        {
            foreach (var score in inside.EnumerateArray())
            {
                if (score.ValueKind == JsonValueKind.Object) ReadScore(FieldReading.Of(score, "scores."));
            }
        }
        if (trace.Json("observations") is not { ValueKind: JsonValueKind.Array } list) return;
        foreach (var observation in list.EnumerateArray())
        {
            if (observation.ValueKind != JsonValueKind.Object) continue; // The list of traces names them only.
            try
            {
                Wait(LangfuseObservation.Read(FieldReading.Of(observation, "observations."), trace.Name("id")), sink);
            }
            catch (LogRecordException e)
            {
                sink.Fault(e.Message);
            }
        }
    }

    private void ReadScore(FieldReading fields)
    {
        if (LangfuseScore.Read(fields) is not var (target, verdict)) return;
        if (scores.Get(target) is { } list) list.Add(verdict);
        else scores.Put(target, [verdict]);
    }

    private void Wait(LangfuseObservation observation, IImportSink sink)
    {
        var key = observation.TraceId ?? observation.Id;
        if (!waiting.TryGetValue(key, out var trace))
        {
            waiting[key] = trace = new LangfuseTrace();
            order.Enqueue(key);
        }
        if (!trace.Add(observation))
        {
            sink.Leave(LeftOut.Duplicate);
            return;
        }
        if (observation.Leave is { } reason) sink.Leave(reason);
        observations++;
        characters += observation.Characters;
        while (order.Count > 0 && (observations > mostWaiting || characters > mostCharacters)) ReleaseOldest(sink);
    }

    private void ReleaseOldest(IImportSink sink)
    {
        var key = order.Dequeue();
        if (!waiting.Remove(key, out var trace)) return;
        observations -= trace.Count;
        characters -= trace.Characters;
        var names = traces.Get(key);
        if (names is null && trace.NeedsNames) releasedWithout.Put(key, s_released);
        trace.Release(names, scores.Get, scores.Get(LangfuseScore.OfTrace(key)), sink);
    }
}
