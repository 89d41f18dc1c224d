using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Generic;

/// <summary>Reads tables and JSON records of no known format, by usual column names and by the user's mapping.</summary>
internal sealed class TableReader(ColumnMapping? mapping) : ILogReader
{
    private Dictionary<string, (string Name, string? Within)>? columns;
    private CsvRow? header;

    private readonly ContentKeys keys = new();

    /// <inheritdoc/>
    public void BeginFile(LogFile file)
    {
        columns = null;
        header = null;
        keys.BeginFile();
    }

    /// <inheritdoc/>
    public void Read(in LogRecord record, IImportSink sink)
    {
        if (record.Row is { } row)
        {
            if (columns is null || !ReferenceEquals(header, row)) BeginTable(row);
            sink.Add(ReadCall(TableRecord.Of(row, mapping, columns!), HashOf(row)));
            return;
        }
        using var document = record.Parse();
        sink.Add(ReadCall(TableRecord.Of(document.RootElement, mapping), ContentKeys.HashOf(record.Bytes.Span)));
    }

    /// <inheritdoc/>
    public void EndFile(IImportSink sink) { }

    /// <inheritdoc/>
    public void Complete(IImportSink sink) { }

    // The row object is the same for the whole file, so its header is looked at once.
    private void BeginTable(CsvRow row)
    {
        if (mapping is not null)
        {
            foreach (var (word, column) in mapping.Fields)
            {
                if (!row.Has(column)) throw new LogRecordException($"The mapping takes {word} from the column {column}, which is not in the header.");
            }
        }
        columns = TableRecord.ColumnsOf(row.Columns, mapping);
        header = row;
    }

    private ImportedCall ReadCall(TableRecord record, UInt128 content)
    {
        var model = record.Name("model");
        var provider = record.Name("provider");
        var requests = record.Count("requests");
        var isBucket = requests is not null and not 1;
        var figures = new UsageFigures
        {
            Input = record.Count("input_tokens"), CacheRead = record.Count("cache_read_tokens"), CacheWrite = record.Count("cache_write_tokens"),
            Output = record.Count("output_tokens"), Reasoning = record.Count("reasoning_tokens"),
        };
        var cost = record.NanoUsd("cost_usd");
        var (status, error) = StatusOf(record);
        if (!figures.Any && cost is null && model is null && status != ImportedStatus.Failed) throw new LogRecordException("The row has neither a model, nor tokens, nor a cost.");

        var call = new ImportedCall
        {
            Source = "table",
            Key = KeyOf(record, content),
            Granularity = isBucket ? ImportGranularity.Bucket : ImportGranularity.Call,
            Requests = requests ?? 1,
            StartedAt = TimeOf(record),
            LatencyMicros = isBucket ? null : TimeReading.Micros(record.Number("latency_ms"), LatencyUnit(record)),
            FirstByteMicros = isBucket ? null : TimeReading.Micros(record.Number("first_token_ms"), TimeUnit.Milliseconds),
            Provider = ProviderNames.Of(provider, model),
            Model = model ?? "",
            Usage = UsageRules.Reconcile(figures, Rule(mapping?.InputIncludesCache), Rule(mapping?.OutputIncludesReasoning), out var rule),
            UsageRule = rule,
            ReportedCostNanoUsd = cost,
            Status = status,
            Error = error,
            FinishReason = LogText.FinishReason(record.Name("finish_reason")),
            Team = TagName.Owner(record.Name("team")),
        };
        call = ReadNames(record).ApplyTo(call);
        return isBucket ? call : ReadContent(record).ApplyTo(call);
    }

    private DateTimeOffset TimeOf(TableRecord record)
    {
        if (record.Text("time") is not { } text) throw new LogRecordException($"The row has no time{(record.ColumnOf("time") is { } column ? $" in {column}" : ": name its column in a mapping file (--mapping)")}.");
        return TimeReading.TryText(text, mapping?.TimeUnit ?? TimeUnit.BySize, mapping?.TimeZone, out var time) ? time : throw record.Wrong("time", "no time that can be true");
    }

    private TimeUnit LatencyUnit(TableRecord record)
    {
        if (mapping?.LatencyUnit is { } unit) return unit;
        var name = TableWords.Fold(record.ColumnOf("latency_ms") ?? "");
        var isMapped = mapping?.Fields.ContainsKey("latency_ms") == true;
        return !isMapped && (name.EndsWith("seconds", StringComparison.Ordinal) && !name.EndsWith("milliseconds", StringComparison.Ordinal) || name is "latencys" or "durations" || name.EndsWith("sec", StringComparison.Ordinal))
            ? TimeUnit.Seconds : TimeUnit.Milliseconds;
    }

    private static PartRule Rule(bool? isInside) => isInside switch { true => PartRule.SurelyInside, false => PartRule.Beside, null => PartRule.Inside };

    private static JobNames ReadNames(TableRecord record)
    {
        var names = new JobNames();
        // A column of labels may hold a list; one label is the job itself, whatever it looks like.
        if (record.Json("tag") is { ValueKind: JsonValueKind.Array } list)
        {
            names.ReadLabels([.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]);
        }
        else
        {
            names.Give(record.Name("tag"));
        }
        names.GiveRole(record.Name("role"));
        names.GiveAgent(record.Name("agent"));
        names.GiveSession(record.Name("session"));
        names.GiveUser(record.Name("user"));
        return names;
    }

    private static ChatReading ReadContent(TableRecord record)
    {
        var chat = new ChatReading { Temperature = (double?)record.Number("temperature"), MaxTokens = record.Count("max_tokens") is <= int.MaxValue and var cap ? (int?)cap : null };
        chat.AddSystem(record.Text("system"));
        if (record.Json("prompt") is { } prompt) chat.AddRequest(prompt);
        else if (record.Name("prompt") is not null) chat.AddMessage("user", record.Text("prompt")!);
        if (record.Json("answer") is { } answer) chat.AddReply(answer);
        else if (record.Name("answer") is not null) chat.AddAnswer(record.Text("answer")!);
        return chat;
    }

    private static (ImportedStatus Status, string? Error) StatusOf(TableRecord record)
    {
        if (record.Name("status") is not { } text) return (ImportedStatus.Unknown, null);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code >= 100)
        {
            return code is >= 200 and < 300 ? (ImportedStatus.Answered, null) : (ImportedStatus.Failed, $"HTTP {code}");
        }
        return text.ToLowerInvariant() switch
        {
            "success" or "succeeded" or "ok" or "completed" or "complete" or "done" or "true" or "1" or "answered" => (ImportedStatus.Answered, null),
            "failure" or "failed" or "fail" or "error" or "false" or "0" or "timeout" or "cancelled" or "canceled" => (ImportedStatus.Failed, text.ToLowerInvariant()),
            "cached" or "cache" or "cache_hit" or "served_from_cache" => (ImportedStatus.ServedFromCache, null),
            _ => (ImportedStatus.Unknown, null),
        };
    }

    // An id is the key where it can be one everywhere. A bare row number would meet the row numbers of the next file, so it only counts when the user maps it;
    // without an id, equal rows of a file are told apart by how many there were before: the same file read twice still changes nothing.
    private string KeyOf(TableRecord record, UInt128 content)
    {
        if (record.Name("id") is { } id && (mapping?.Fields.ContainsKey("id") == true || id.Length >= 12 && !id.All(char.IsAsciiDigit))) return id;
        return keys.Of(content);
    }

    private static UInt128 HashOf(CsvRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var value in row.Values)
        {
            // The length before each value: "a,bc" and "ab,c" are different rows.
            BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
            hash.AppendData(length);
            hash.AppendData(MemoryMarshal.AsBytes(value.AsSpan()));
        }
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}
