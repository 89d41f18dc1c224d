using System.Text;
using Rung.Control.Imports;
using Rung.Core.Prices;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Imports.ClaudeCode;

/// <summary>What an import found: by the whole pipeline over files, or by one reader over lines.</summary>
internal sealed class LogRun : IImportSink
{
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    public List<ImportedCall> Calls { get; } = [];
    public Dictionary<LeftOut, long> Left { get; private init; } = [];
    public List<string> Faults { get; } = [];
    public LogImportResult? Result { get; private init; }

    public static string SamplePath(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "Samples", .. parts]);

    /// <summary>Files or folders below the samples, through the whole pipeline, their format detected.</summary>
    public static LogRun OfSamples(params string[] paths) => OfPaths([.. paths.Select(path => SamplePath(path.Split('/')))]);

    public static LogRun OfPaths(params string[] paths)
    {
        var calls = new List<ImportedCall>();
        var result = LogImport.Run(new LogImportOptions { Paths = paths }, calls.Add, progress: null, CancellationToken.None);
        var run = new LogRun { Result = result, Left = result.LeftOut.ToDictionary() };
        run.Calls.AddRange(calls);
        run.Faults.AddRange(result.Files.SelectMany(file => file.Examples.Select(example => example.Message)));
        return run;
    }

    /// <summary>Lines through one reader, as files of these names.</summary>
    public static LogRun OfLines(ILogFormat format, params (string Path, IEnumerable<string> Lines)[] files)
    {
        var run = new LogRun();
        var reader = format.CreateReader(new ImportContext());
        foreach (var (path, lines) in files)
        {
            reader.BeginFile(new LogFile(path, null));
            var number = 0;
            foreach (var line in lines)
            {
                try
                {
                    reader.Read(new LogRecord { Line = ++number, Bytes = Encoding.UTF8.GetBytes(line), Shape = LogShape.Json }, run);
                }
                catch (Exception e) when (e is LogRecordException or System.Text.Json.JsonException or FormatException or InvalidOperationException)
                {
                    run.Faults.Add(e.Message);
                }
            }
            reader.EndFile(run);
        }
        reader.Complete(run);
        return run;
    }

    public static LogRun OfLines(ILogFormat format, params string[] lines) => OfLines(format, ("/x/session.jsonl", lines));

    public void Add(ImportedCall call)
    {
        if (_keys.Add(call.Key)) Calls.Add(call);
        else Leave(LeftOut.Duplicate);
    }

    public void Leave(LeftOut reason, int count = 1) => Left[reason] = Left.GetValueOrDefault(reason) + count;

    public void Fault(string message) => Faults.Add(message);

    public void Note(string message) { }

    public ImportedCall Call(string key) => Calls.Single(call => call.Key == key);

    /// <summary>Sums of tokens: input, read, written for short, written for long, output.</summary>
    public (long Input, long Read, long Written, long WrittenLong, long Output) Tokens() =>
        (Calls.Sum(call => call.Usage.Input), Calls.Sum(call => call.Usage.CacheRead), Calls.Sum(call => call.Usage.CacheWrite),
            Calls.Sum(call => call.Usage.CacheWriteLong), Calls.Sum(call => call.Usage.Output));

    /// <summary>Sum of the calls with a known price, by the book that ships with Rung.</summary>
    public decimal Usd() => Calls.Sum(call => UsdOf(call) ?? 0);

    /// <summary>One call by the book; null when its price is unknown. A sum of requests has no context tier.</summary>
    public static decimal? UsdOf(ImportedCall call)
    {
        if (PriceBook.Embedded.Find(call.Provider, call.Model)?.At(call.StartedAt) is not { } period) return null;
        if (call.Granularity == ImportGranularity.Bucket) period = period with { Tiers = [] };
        return Cost.OfTokens(call.Usage, period, call.StartedAt) / 1_000_000_000m * call.PricePermille / 1000m;
    }
}
