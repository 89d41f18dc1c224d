using System.Text;
using Rung.Control.Imports;

namespace Rung.Control.Tests.Imports.Reading;

/// <summary>A format whose records are calls as they are: every JSON object, every CSV row and every message is one, its key its text.</summary>
internal sealed class PlainFormat : ILogFormat, ILogReader
{
    public string Name => "plain";
    public string Title => "plain records";
    public List<string> Records { get; } = [];
    public List<long> Lines { get; } = [];
    public List<int> Sampled { get; } = [];

    public bool Recognises(in LogSample sample)
    {
        Sampled.Add(sample.Records.Count);
        return sample.Records.Count > 0 || sample.Columns.Count > 0 || sample.Shape == LogShape.Binary;
    }

    public ILogReader CreateReader(ImportContext context) => this;
    public void BeginFile(LogFile file) { }
    public void EndFile(IImportSink sink) { }
    public void Complete(IImportSink sink) { }

    public void Read(in LogRecord record, IImportSink sink)
    {
        var text = record.Row is { } row ? string.Join('|', row.Values) : record.Shape == LogShape.Binary ? Convert.ToHexString(record.Bytes.Span) : Encoding.UTF8.GetString(record.Bytes.Span);
        if (record.Shape == LogShape.Json) record.Parse().Dispose();
        Records.Add(text);
        Lines.Add(record.Line);
        sink.Add(new ImportedCall { Source = Name, Key = text, StartedAt = DateTimeOffset.UnixEpoch, Provider = "", Model = "" });
    }
}
