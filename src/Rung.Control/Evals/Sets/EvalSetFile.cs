using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Sets;

/// <summary>A set in a file: JSON lines, the first about the set, then one a row. Reading it back gives the same hash.</summary>
public sealed record EvalSetFile
{
    /// <summary>The member by which the first line is known, and the number of the form.</summary>
    public const string Mark = "rung_eval_set";

    private const int Form = 1;
    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Its name; null when the file does not say.</summary>
    public string? Name { get; init; }
    /// <summary>Its tag; null when none is known.</summary>
    public string? Tag { get; init; }
    /// <summary>Seed of every random choice.</summary>
    public long Seed { get; init; }
    /// <summary>What the inputs look like, as JSON; null when it was not worked out.</summary>
    public string? Profile { get; init; }
    /// <summary>Whether it is made up.</summary>
    public bool Simulated { get; init; }
    /// <summary>The hash that it had; null when the file does not say.</summary>
    public string? Hash { get; init; }
    /// <summary>Rows that it had lost when it was written.</summary>
    public int Removed { get; init; }
    /// <summary>Its rows.</summary>
    public IReadOnlyList<EvalRow> Rows { get; init; } = [];

    /// <summary>Writes a set.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="set">The set.</param>
    /// <param name="rows">The rows that it still has.</param>
    public static void Write(Stream output, EvalSet set, IEnumerable<EvalRow> rows)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(rows);
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer, s_compact);
        Line(output, buffer, json, () =>
        {
            json.WriteNumber(Mark, Form);
            json.WriteString("name", set.Name);
            json.WriteNumber("version", set.Version);
            json.WriteString("hash", set.Hash);
            Text(json, "tag", set.Tag);
            json.WriteString("made_at", set.MadeAt.UtcDateTime);
            json.WriteString("made_by", set.MadeBy);
            json.WriteNumber("seed", set.Seed);
            json.WriteNumber("rows", set.Rows);
            json.WriteNumber("removed", set.Removed);
            json.WriteStartArray("notes");
            foreach (var note in set.Notes) json.WriteStringValue(note);
            json.WriteEndArray();
            json.WriteBoolean("simulated", set.Simulated);
            Text(json, "profile", set.Profile);
        });
        foreach (var row in rows) Line(output, buffer, json, () => WriteRow(json, row));
    }

    /// <summary>Whether a line is the first of such a file.</summary>
    internal static bool IsFirst(JsonElement line) => line.ValueKind == JsonValueKind.Object && line.TryGetProperty(Mark, out _);

    /// <summary>Reads the first line.</summary>
    /// <exception cref="FormatException">It is of a form that this version does not know.</exception>
    internal static EvalSetFile ReadFirst(JsonElement line)
    {
        if (!line.GetProperty(Mark).TryGetInt32(out var form) || form != Form) throw new FormatException($"The set is of a form that this version of Rung does not know ({Mark}).");
        return new EvalSetFile
        {
            Name = Word(line, "name"), Tag = Word(line, "tag"), Profile = Word(line, "profile"), Hash = Word(line, "hash"),
            Seed = line.TryGetProperty("seed", out var seed) && seed.TryGetInt64(out var number) ? number : 0,
            Removed = line.TryGetProperty("removed", out var removed) && removed.TryGetInt32(out var lost) ? lost : 0,
            Simulated = line.TryGetProperty("simulated", out var simulated) && simulated.ValueKind == JsonValueKind.True,
        };
    }

    /// <summary>Reads a row.</summary>
    /// <exception cref="FormatException">Something that a row needs is missing or wrong.</exception>
    internal static EvalRow ReadRow(JsonElement line, int position)
    {
        var reference = line.TryGetProperty("reference", out var answer) && answer.ValueKind == JsonValueKind.Object ? ChatForm.Compact(answer) : [];
        if (!line.TryGetProperty("request", out var request) || request.ValueKind != JsonValueKind.Object) throw new FormatException("It has no \"request\" that is an object.");
        var weight = line.TryGetProperty("weight", out var weighed) && weighed.TryGetDouble(out var number) ? number : 1;
        if (!double.IsFinite(weight) || weight <= 0) throw new FormatException("Its \"weight\" is not above 0.");
        return new EvalRow
        {
            Id = Word(line, "id") ?? throw new FormatException("It has no \"id\"."),
            Position = position,
            Part = Enum<EvalPart>(line, "part") ?? throw new FormatException("It has no \"part\" (tune or test)."),
            Request = ChatForm.Compact(request), Reference = reference,
            ReferenceSource = reference.Length == 0 ? ReferenceSource.None : Enum<ReferenceSource>(line, "reference_source") is { } source and not ReferenceSource.None ? source : ReferenceSource.Given,
            ReferenceBy = Word(line, "reference_by"),
            ReferenceCostNanoUsd = line.TryGetProperty("reference_cost_nano_usd", out var cost) && cost.ValueKind == JsonValueKind.Number && cost.TryGetInt64(out var nano) ? nano : null,
            Origin = Word(line, "origin") ?? throw new FormatException("It has no \"origin\"."),
            CallId = Word(line, "call_id"), Session = Word(line, "session"), User = Word(line, "user"), DataClass = Word(line, "data_class"),
            CalledAt = Word(line, "called_at") is { } at && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var called) ? called : null,
            Stratum = Word(line, "stratum"), Weight = weight, Group = Word(line, "group"),
        };
    }

    private static void WriteRow(Utf8JsonWriter json, EvalRow row)
    {
        json.WriteString("id", row.Id);
        json.WriteString("part", Word(row.Part));
        json.WritePropertyName("request");
        json.WriteRawValue(row.Request.Span);
        if (!row.Reference.IsEmpty)
        {
            json.WritePropertyName("reference");
            json.WriteRawValue(row.Reference.Span);
            json.WriteString("reference_source", Word(row.ReferenceSource));
            Text(json, "reference_by", row.ReferenceBy);
            if (row.ReferenceCostNanoUsd is { } cost) json.WriteNumber("reference_cost_nano_usd", cost);
        }
        json.WriteString("origin", row.Origin);
        json.WriteNumber("weight", row.Weight);
        Text(json, "stratum", row.Stratum);
        Text(json, "group", row.Group);
        Text(json, "data_class", row.DataClass);
        Text(json, "call_id", row.CallId);
        if (row.CalledAt is { } at) json.WriteString("called_at", at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        Text(json, "session", row.Session);
        Text(json, "user", row.User);
    }

    private static void Line(Stream output, ArrayBufferWriter<byte> buffer, Utf8JsonWriter json, Action write)
    {
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        write();
        json.WriteEndObject();
        json.Flush();
        output.Write(buffer.WrittenSpan);
        output.Write("\n"u8);
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static T? Enum<T>(JsonElement line, string name) where T : struct, Enum =>
        Word(line, name) is { } word && !char.IsAsciiDigit(word.FirstOrDefault('0')) && System.Enum.TryParse<T>(word, ignoreCase: true, out var value) ? value : null;

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static string? Word(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
