using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.TensorZero;

/// <summary>
/// Reads TensorZero's tables in any order. Model inferences wait until everything is read, or until too many wait: then the oldest goes, with what is known of
/// its inference and its feedback.
/// </summary>
internal sealed class TensorZeroReader(int mostWaiting = TensorZeroReader.MostWaiting, long mostCharacters = TensorZeroReader.MostCharacters) : ILogReader
{
    /// <summary>Model inferences that wait at most.</summary>
    public const int MostWaiting = 100_000;

    /// <summary>Characters of content that wait at most: 64 MB.</summary>
    public const long MostCharacters = 32_000_000;

    private const int MostRemembered = 500_000;

    private readonly Queue<Waiting> waiting = new();
    private readonly RememberedMap<TensorZeroInference> inferences = new(MostRemembered);
    private readonly RememberedMap<List<ImportedVerdict>> feedback = new(MostRemembered);
    private readonly RememberedMap<string> releasedWithout = new(MostRemembered);
    private long characters;
    private long tooLate;
    private bool someWereReleased;

    /// <inheritdoc/>
    public void BeginFile(LogFile file) { }

    /// <inheritdoc/>
    public void Read(in LogRecord record, IImportSink sink)
    {
        if (record.Row is { } row)
        {
            Read(FieldReading.Of(row), TensorZeroFormat.KindOf(row.Has), sink);
            return;
        }
        using var document = record.Parse();
        var root = document.RootElement;
        var fields = FieldReading.Of(root);
        Read(fields, TensorZeroFormat.KindOf(name => root.TryGetProperty(name, out _)), sink);
    }

    /// <inheritdoc/>
    public void EndFile(IImportSink sink) { }

    /// <inheritdoc/>
    public void Complete(IImportSink sink)
    {
        var calls = new List<ImportedCall>(waiting.Count);
        while (waiting.TryDequeue(out var held)) calls.Add(Joined(held));
        var distinct = calls.DistinctBy(call => call.Key).ToList();
        if (distinct.Count < calls.Count) sink.Leave(LeftOut.Duplicate, calls.Count - distinct.Count);
        foreach (var call in someWereReleased ? distinct : Placed(distinct)) sink.Add(call);
        if (tooLate > 0) sink.Note($"{tooLate} inferences came so long after their model inferences that these could not wait: name the files of ChatInference and JsonInference first.");
    }

    private void Read(FieldReading fields, TensorZeroRecord kind, IImportSink sink)
    {
        switch (kind)
        {
            case TensorZeroRecord.ModelInference:
                Wait(fields, sink);
                break;
            case TensorZeroRecord.Inference:
                var id = fields.RequiredName("id", "inference_id");
                if (releasedWithout.Get(id) is not null) tooLate++;
                inferences.Put(id, TensorZeroInference.Read(fields));
                sink.Leave(LeftOut.NoModelCall);
                break;
            case TensorZeroRecord.Feedback:
                ReadFeedback(fields);
                sink.Leave(LeftOut.NoModelCall);
                break;
            case TensorZeroRecord.Demonstration:
                // Somebody wrote a better answer: what the model gave was changed by a person.
                Judge(fields.RequiredName("inference_id"), new ImportedVerdict("demonstration", 0, ByPerson: true));
                sink.Leave(LeftOut.NoModelCall);
                break;
            default:
                throw new LogRecordException("The record is none of TensorZero's tables: it has neither model_provider_name nor function_name nor target_id.");
        }
    }

    private void Wait(FieldReading fields, IImportSink sink)
    {
        var call = TensorZeroCall.Read(fields);
        var inference = fields.RequiredName("inference_id");
        if (fields.Has("function_name")) inferences.Put(inference, TensorZeroInference.Read(fields));
        var length = call.Content is not { } content ? 0
            : (content.System?.Length ?? 0) + (content.Answer?.Length ?? 0) + content.Messages.Sum(message => (long)message.Text.Length);
        waiting.Enqueue(new Waiting(inference, call, length));
        characters += length;
        while (waiting.Count > mostWaiting || characters > mostCharacters)
        {
            someWereReleased = true;
            var oldest = waiting.Dequeue();
            if (inferences.Get(oldest.Inference) is null) releasedWithout.Put(oldest.Inference, "");
            sink.Add(Joined(oldest));
        }
    }

    private ImportedCall Joined(Waiting held)
    {
        characters -= held.Characters;
        var call = inferences.Get(held.Inference)?.ApplyTo(held.Call) ?? held.Call;
        return feedback.Get(held.Inference) is { } verdicts ? call with { Verdicts = [.. verdicts] } : call;
    }

    // Where every call of the run is here, its place in the episode is known; an episode's own feedback judges what it ended with.
    private IEnumerable<ImportedCall> Placed(List<ImportedCall> calls)
    {
        var placed = new Dictionary<string, (int Position, int Count)>(StringComparer.Ordinal);
        var ordered = calls.OrderBy(call => call.StartedAt).ThenBy(call => call.Key, StringComparer.Ordinal).ToList();
        foreach (var call in ordered)
        {
            if (call.Run is { } run) placed[run] = (0, placed.GetValueOrDefault(run).Count + 1);
        }
        foreach (var call in ordered)
        {
            if (call.Run is not { } run)
            {
                yield return call;
                continue;
            }
            var (position, count) = placed[run];
            placed[run] = (position + 1, count);
            var isLast = position + 1 == count;
            var verdicts = isLast && feedback.Get(run) is { } ofEpisode ? call.Verdicts.AddRange(ofEpisode) : call.Verdicts;
            yield return call with { RunPosition = position, EndsRun = isLast, Verdicts = verdicts };
        }
    }

    private void ReadFeedback(FieldReading fields)
    {
        if (fields.NameIfText("metric_name") is not { } metric) return; // A comment: text without a scale.
        var target = fields.RequiredName("target_id");
        var value = fields.Flag("value") is { } truth ? truth ? 1m : 0m : fields.Number("value");
        if (value is >= 0 and <= 1) Judge(target, new ImportedVerdict(metric, (double)value, ByPerson: false));
    }

    private void Judge(string target, ImportedVerdict verdict)
    {
        if (feedback.Get(target) is { } list) list.Add(verdict);
        else feedback.Put(target, [verdict]);
    }

    private sealed record Waiting(string Inference, ImportedCall Call, long Characters);
}
