using System.Collections.Immutable;
using System.Text;
using Rung.Control.Imports;
using Rung.Control.Imports.Otlp;

namespace Rung.Control.Tests.Imports.Otlp;

/// <summary>Reads records with the reader alone, and keeps what it hands over, in the order of the keys.</summary>
internal sealed class OtlpLog : IImportSink
{
    public List<ImportedCall> Calls { get; } = [];
    public Dictionary<LeftOut, int> Left { get; } = [];
    public List<string> Faults { get; } = [];
    public List<string> Notes { get; } = [];
    public long SplitTraces { get; private set; }
    public long UsageWithoutCalls { get; private set; }

    /// <summary>The file of the samples.</summary>
    public static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "Samples", "otlp", name);

    /// <summary>A sample by the whole way that files go.</summary>
    public static IReadOnlyList<ImportedCall> ReadSample(string name)
    {
        var calls = new List<ImportedCall>();
        var result = LogImport.Run(new LogImportOptions { Paths = [Sample(name)] }, calls.Add, null, CancellationToken.None);
        Assert.Equal("otlp", Assert.Single(result.Files).Format);
        Assert.Equal(0, result.Files[0].Faults);
        return [.. calls.OrderBy(call => call.StartedAt).ThenBy(call => call.Key, StringComparer.Ordinal)];
    }

    public static OtlpLog Read(params string[] records) => Read(OtlpReader.HeldSpans, records);

    public static OtlpLog Read(int heldSpans, params string[] records) => Read(heldSpans, records.Select(Encoding.UTF8.GetBytes), LogShape.Json);

    public static OtlpLog Read(int heldSpans, IEnumerable<byte[]> records, LogShape shape)
    {
        var log = new OtlpLog();
        var reader = new OtlpReader(heldSpans);
        var line = 0;
        foreach (var record in records) reader.Read(new LogRecord { Line = ++line, Bytes = record, Shape = shape }, log);
        reader.Complete(log);
        log.Calls.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        (log.SplitTraces, log.UsageWithoutCalls) = (reader.SplitTraces, reader.UsageWithoutCalls);
        return log;
    }

    public void Add(ImportedCall call) => Calls.Add(call);

    public void Leave(LeftOut reason, int count = 1) => Left[reason] = Left.GetValueOrDefault(reason) + count;

    public void Fault(string message) => Faults.Add(message);

    public void Note(string message) => Notes.Add(message);

    /// <summary>Everything that a call tells, as text: lists of records are compared by reference, texts by what they say.</summary>
    public static string Describe(ImportedCall call)
    {
        var content = call.Content is { } said
            ? $"system={said.System}|{string.Join("|", said.Messages.Select(message => $"{message.Role}:{message.Text}"))}|schema={said.Schema}|answer={said.Answer ?? "null"}" : "none";
        var rest = call with { Content = null, Tools = [], ToolCalls = [], Verdicts = [] };
        return $"{rest}; tools={List(call.Tools)}; calls={List(call.ToolCalls)}; verdicts={string.Join(",", call.Verdicts)}; content={content}";
    }

    public static string Describe(IEnumerable<ImportedCall> calls) => string.Join("\n", calls.OrderBy(call => call.Key, StringComparer.Ordinal).Select(Describe));

    private static string List(ImmutableArray<string> names) => names.IsDefault ? "not told" : string.Join(",", names);
}
