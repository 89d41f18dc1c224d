using Rung.Control.Imports.Reading;
using Rung.Core.Spans;

namespace Rung.Control.Imports.DeepSeek;

/// <summary>The pair of CSV files that DeepSeek's dashboard exports: amounts of tokens, and costs.</summary>
internal sealed class DeepSeekFormat : ILogFormat
{
    public const string FormatName = "deepseek";

    public string Name => FormatName;

    public string Title => "DeepSeek dashboard export (amount and cost CSV)";

    public bool Recognises(in LogSample sample)
    {
        var columns = sample.Columns;
        return sample.Shape == LogShape.Csv
            && (columns.Contains("type") && columns.Contains("amount") && columns.Contains("api_key_name") || columns.Contains("wallet_type") && columns.Contains("cost"));
    }

    public ILogReader CreateReader(ImportContext context) => new DeepSeekReader();
}

/// <summary>
/// Reads the export into sums. The amounts of one model, key and time stand on several rows, one a kind; they are put together at the end of the file. Of a cost in
/// USD a sum of no requests and no tokens is made that carries it: it reconciles, it is never rated.
/// </summary>
internal sealed class DeepSeekReader : ILogReader
{
    /// <summary>Sums of one file that are put together; beyond them a row that comes late starts another one.</summary>
    private const int MostGroups = 100_000;

    private readonly Dictionary<string, Amounts> _amounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _parts = new(StringComparer.Ordinal);

    public void BeginFile(LogFile file)
    {
        _amounts.Clear();
        _parts.Clear();
    }

    public void Read(in LogRecord record, IImportSink sink)
    {
        var row = FieldReading.Of(record.Row ?? throw new LogRecordException("It is no row of a table."));
        var from = row.RequiredTime("start_time_iso", "start_time", "utc_date");
        if (row.Has("cost"))
        {
            sink.Add(Billed(row, from));
            return;
        }
        var key = KeyOf(row, from);
        if (!_amounts.TryGetValue(key, out var amounts))
        {
            if (_amounts.Count == MostGroups) Flush(sink);
            _amounts[key] = amounts = new Amounts(from, row.Name("model") ?? "", row.Name("api_key_name"), row.Name("user_id"));
        }
        var amount = row.Count("amount") ?? throw new LogRecordException("amount is missing.");
        switch (row.Text("type"))
        {
            case "input_cache_hit_tokens": amounts.Hit += amount; break;
            case "input_cache_miss_tokens": amounts.Miss += amount; break;
            case "output_tokens": amounts.Output += amount; break;
            case "request_count": amounts.Requests += amount; break;
            default: throw new LogRecordException("type is none of the four that are known.");
        }
    }

    public void EndFile(IImportSink sink) => Flush(sink);

    public void Complete(IImportSink sink)
    {
        // Nothing outlives its file.
    }

    private void Flush(IImportSink sink)
    {
        foreach (var (key, amounts) in _amounts)
        {
            var part = _parts[key] = _parts.GetValueOrDefault(key) + 1;
            sink.Add(Sum(part == 1 ? key : $"{key}#{part}", amounts.From, amounts.Model, amounts.KeyName) with
            {
                Requests = Math.Max(1, amounts.Requests),
                User = amounts.User,
                Usage = new TokenUsage { Input = amounts.Hit + amounts.Miss, CacheRead = amounts.Hit, Output = amounts.Output, Source = UsageSource.Provider },
            });
        }
        _amounts.Clear();
    }

    private static ImportedCall Billed(FieldReading row, DateTimeOffset from)
    {
        var currency = row.Text("currency") ?? "";
        if (!currency.Equals("usd", StringComparison.OrdinalIgnoreCase)) throw new LogRecordException($"The cost is in {(currency.Length == 0 ? "no currency" : currency)}; only USD can be reconciled.");
        return Sum($"cost|{KeyOf(row, from)}|{row.Text("wallet_type")}", from, row.Name("model") ?? "", row.Name("api_key_name")) with
        {
            Requests = 0,
            Step = row.Name("wallet_type"),
            User = row.Name("user_id"),
            ReportedCostNanoUsd = row.NanoUsd("cost"),
        };
    }

    private static ImportedCall Sum(string key, DateTimeOffset from, string model, string? keyName) => new()
    {
        Source = DeepSeekFormat.FormatName,
        Key = key,
        Granularity = ImportGranularity.Bucket,
        StartedAt = from,
        Provider = "deepseek",
        Model = model,
        Tag = TagName.Of(keyName),
        TagSource = TagName.Of(keyName) is null ? ImportedTagSource.None : ImportedTagSource.Inferred,
        Team = keyName,
    };

    // Never the column api_key: it holds a part of the key itself.
    private static string KeyOf(FieldReading row, DateTimeOffset from) =>
        string.Join('|', from.ToUnixTimeSeconds(), row.Text("end_time_iso", "end_time"), row.Text("user_id"), row.Text("model"), row.Text("api_key_name"));

    private sealed class Amounts(DateTimeOffset from, string model, string? keyName, string? user)
    {
        public DateTimeOffset From { get; } = from;
        public string Model { get; } = model;
        public string? KeyName { get; } = keyName;
        public string? User { get; } = user;
        public long Hit { get; set; }
        public long Miss { get; set; }
        public long Output { get; set; }
        public long Requests { get; set; }
    }
}
