using System.Text;
using Rung.Control.Imports;
using Rung.Core.Prices;

namespace Rung.Control.Tests.Imports;

/// <summary>What a run over samples or over a text gives.</summary>
internal sealed class Imported
{
    private Imported(List<ImportedCall> calls, LogImportResult result) => (Calls, Result) = (calls, result);

    public IReadOnlyList<ImportedCall> Calls { get; }
    public LogImportResult Result { get; }
    public ImportedCall this[string key] => Calls.Single(call => call.Key == key);

    /// <summary>Reads files of the samples, in this order, each found out by its content.</summary>
    public static Imported Samples(params string[] names) => Run(new LogImportOptions { Paths = [.. names.Select(PathOf)] });

    /// <summary>Reads files of the samples with a mapping.</summary>
    public static Imported Mapped(ColumnMapping mapping, params string[] names) =>
        Run(new LogImportOptions { Paths = [.. names.Select(PathOf)], Format = "table", Mapping = mapping });

    /// <summary>Reads files and folders, each file found out by its content, with a mapping for those of no known format.</summary>
    public static Imported Paths(ColumnMapping? mapping, params string[] paths) => Run(new LogImportOptions { Paths = paths, Mapping = mapping });

    /// <summary>Reads a text as if it came by standard input.</summary>
    public static Imported Text(string text, string? format = null, ColumnMapping? mapping = null)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return Run(new LogImportOptions { Paths = ["-"], StandardInput = input, Format = format, Mapping = mapping });
    }

    /// <summary>Reads a text with a reader of its own.</summary>
    public static Imported With(ILogReader reader, string text)
    {
        var calls = new List<ImportedCall>();
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var result = LogImport.Run(new LogImportOptions { Paths = ["-"], StandardInput = input }, [new OneReader(reader)], calls.Add, null, CancellationToken.None);
        return new Imported(calls, result);
    }

    /// <summary>The cost of a call in nano-USD by the price book that ships with Rung, at the call's own date; null when the book does not know the model.</summary>
    public static long? Cost(ImportedCall call) =>
        PriceBook.Embedded.Find(call.Provider, call.Model)?.At(call.StartedAt) is { } period ? Core.Prices.Cost.OfTokens(call.Usage, period, call.StartedAt) : null;

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Samples", name);

    private static Imported Run(LogImportOptions options)
    {
        var calls = new List<ImportedCall>();
        return new Imported(calls, LogImport.Run(options, calls.Add, null, CancellationToken.None));
    }

    private sealed class OneReader(ILogReader reader) : ILogFormat
    {
        public string Name => "one";
        public string Title => "one reader";
        public bool Recognises(in LogSample sample) => true;
        public ILogReader CreateReader(ImportContext context) => reader;
    }
}
