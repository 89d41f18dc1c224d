using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rung.Core.Prices;

/// <summary>Writes <see cref="PriceBookFile"/>'s format: a line for every model and every period, so that differences read well.</summary>
internal static class PriceBookWriter
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(PriceBook book)
    {
        var file = new ArrayBufferWriter<byte>(64 * 1024);
        file.Write("{\n  \"format\": "u8);
        Value(file, PriceBookFile.Format);
        file.Write(",\n  \"unit\": \"USD per million tokens\",\n  \"compiled\": "u8);
        Value(file, Day(book.Compiled));
        if (book.NewestObservation is { } newest)
        {
            file.Write(",\n  \"newest_observation\": "u8);
            Value(file, Day(newest));
        }
        file.Write(",\n  \"sources\": {"u8);
        var first = true;
        foreach (var (key, meaning) in book.Sources)
        {
            file.Write(first ? "\n    "u8 : ",\n    "u8);
            Value(file, key);
            file.Write(": "u8);
            Value(file, meaning);
            first = false;
        }
        file.Write(first ? "},\n  \"models\": ["u8 : "\n  },\n  \"models\": ["u8);
        first = true;
        foreach (var entry in book.Entries)
        {
            file.Write(first ? "\n    "u8 : ",\n    "u8);
            WriteModel(file, entry);
            first = false;
        }
        file.Write(first ? "]\n}\n"u8 : "\n  ]\n}\n"u8);
        return file.WrittenSpan.ToArray();
    }

    private static void WriteModel(ArrayBufferWriter<byte> file, PriceSchedule entry)
    {
        using (var json = new Utf8JsonWriter(file, Compact))
        {
            json.WriteStartObject();
            json.WriteString("provider", entry.Provider);
            json.WriteString("model", entry.Model);
            if (entry.Kind != "chat") json.WriteString("kind", entry.Kind);
            if (entry.Status != "current") json.WriteString("status", entry.Status);
            Texts(json, "aliases", entry.Aliases);
            if (entry.Context is { } context) json.WriteNumber("context", context);
            if (entry.MaxOutput is { } most) json.WriteNumber("max_output", most);
            Texts(json, "capabilities", entry.Capabilities);
            if (entry.Temperature != "yes") json.WriteString("temperature", entry.Temperature);
            if (entry.Note is { } note) json.WriteString("note", note);
            json.WriteStartArray("periods");
            foreach (var period in entry.Periods) json.WriteRawValue(PeriodLine(period));
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    // The line feed and the indent are white space within the array, so the raw value stays valid JSON.
    private static byte[] PeriodLine(PricePeriod period)
    {
        var line = new ArrayBufferWriter<byte>(256);
        line.Write("\n      "u8);
        using (var json = new Utf8JsonWriter(line, Compact))
        {
            json.WriteStartObject();
            if (period.From is { } from) json.WriteString("from", Day(from));
            if (period.To is { } to) json.WriteString("to", Day(to));
            WriteRates(json, period.Rates);
            if (!period.Tiers.IsEmpty)
            {
                json.WriteStartArray("tiers");
                foreach (var tier in period.Tiers)
                {
                    json.WriteStartObject();
                    json.WriteNumber("above", tier.AboveInput);
                    WriteRates(json, tier.Rates);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            if (period.FlexPermille is { } flex) json.WriteNumber("flex", flex / 1000m);
            if (period.PriorityPermille is { } priority) json.WriteNumber("priority", priority / 1000m);
            if (period.Peak is { } peak) WritePeak(json, peak);
            if (period.PromotionUntil is { } promised) json.WriteString("promotion_until", Day(promised));
            json.WriteStartArray("source");
            foreach (var key in period.Source.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) json.WriteStringValue(key);
            json.WriteEndArray();
            if (period.Confidence != "high") json.WriteString("confidence", period.Confidence);
            json.WriteEndObject();
        }
        return line.WrittenSpan.ToArray();
    }

    private static void WriteRates(Utf8JsonWriter json, PriceRates rates)
    {
        Rate(json, "input", rates.Input);
        Rate(json, "output", rates.Output);
        Rate(json, "cache_read", rates.CacheRead);
        Rate(json, "cache_write", rates.CacheWrite);
        Rate(json, "cache_write_long", rates.CacheWriteLong);
        Rate(json, "audio_input", rates.AudioInput);
        Rate(json, "audio_output", rates.AudioOutput);
    }

    private static void WritePeak(Utf8JsonWriter json, PeakHours peak)
    {
        json.WriteStartObject("peak");
        json.WriteStartArray("utc");
        foreach (var (from, to) in peak.Windows) json.WriteStringValue($"{from / 60:00}:{from % 60:00}-{to / 60:00}:{to % 60:00}");
        json.WriteEndArray();
        json.WriteNumber("times", peak.Permille / 1000m);
        json.WriteEndObject();
    }

    private static void Rate(Utf8JsonWriter json, string name, long? pico)
    {
        if (pico is { } known) json.WriteNumber(name, PriceUnits.ToUsdPerMillion(known));
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyCollection<string> texts)
    {
        if (texts.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Value(ArrayBufferWriter<byte> file, string text)
    {
        using var json = new Utf8JsonWriter(file, Compact);
        json.WriteStringValue(text);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        if (utc.TimeOfDay != TimeSpan.Zero) throw new ArgumentException($"The period boundary {utc:O} is not the start of a UTC day.", nameof(instant));
        return Day(DateOnly.FromDateTime(utc));
    }
}
