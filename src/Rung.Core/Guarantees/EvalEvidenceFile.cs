using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rung.Core.Guarantees;

/// <summary>Evidence of evals as JSON files, UTF-8.</summary>
public static class EvalEvidenceFile
{
    private const int Digits = 6;

    /// <summary>Writes it.</summary>
    public static byte[] Write(EvalEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) Write(json, evidence);
        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Whether a file says that it is evidence of an eval, readable or not.</summary>
    public static bool IsOne(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 16 });
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String && kind.ValueEquals(EvalEvidence.Kind);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Reads it.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="fault">What is wrong with it when the result is null.</param>
    public static EvalEvidence? Read(ReadOnlyMemory<byte> bytes, out string? fault)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 16 });
            var root = document.RootElement;
            if (root.GetProperty("kind").GetString() != EvalEvidence.Kind)
            {
                fault = "It is no evidence of rung eval.";
                return null;
            }
            if (root.GetProperty("format").GetInt32() != EvalEvidence.Format)
            {
                fault = $"Its format is {root.GetProperty("format").GetRawText()}; this version of Rung reads {EvalEvidence.Format}.";
                return null;
            }
            fault = null;
            return Read(root);
        }
        catch (JsonException e)
        {
            fault = $"It is not JSON: {e.Message}";
        }
        // How JsonElement says that a member is missing, is of another kind, or is no number of its type.
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            fault = "A member of it is missing or of another kind.";
        }
        return null;
    }

    private static void Write(Utf8JsonWriter json, EvalEvidence of)
    {
        json.WriteStartObject();
        json.WriteString("kind", EvalEvidence.Kind);
        json.WriteNumber("format", EvalEvidence.Format);
        json.WriteString("tag", of.Tag);
        json.WriteString("date", of.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteString("run", of.Run);
        json.WriteStartObject("set");
        json.WriteString("name", of.SetName);
        json.WriteNumber("version", of.SetVersion);
        json.WriteString("hash", of.SetHash);
        json.WriteString("part", of.Part);
        json.WriteNumber("rows", of.Rows);
        json.WriteBoolean("simulated", of.Simulated);
        json.WriteEndObject();
        json.WriteString("scorer", of.Scorer);
        json.WriteStartObject("reference");
        json.WriteString("tier", of.ReferenceTier);
        json.WriteString("id", of.ReferenceId);
        json.WriteEndObject();
        json.WriteNumber("margin", of.Margin);
        json.WriteNumber("confidence", of.Confidence);
        json.WriteString("method", of.Method);
        json.WriteString("multiplicity", of.Multiplicity);
        if (of.Judge is { } judge)
        {
            json.WriteStartObject("judge");
            json.WriteString("tag", judge.Tag);
            Write(json, "kappa", judge.Kappa);
            Write(json, "kappa_low", judge.KappaLow);
            json.WriteNumber("items", judge.Items);
            json.WriteEndObject();
        }
        json.WriteStartArray("candidates");
        foreach (var candidate in of.Candidates) Write(json, candidate);
        json.WriteEndArray();
        if (of.Profile is { } profile)
        {
            json.WritePropertyName("profile");
            json.WriteRawValue(profile);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, EvalEvidenceModel of)
    {
        json.WriteStartObject();
        json.WriteString("name", of.Name);
        json.WriteString("id", of.Id);
        json.WriteStartArray("reported");
        foreach (var reported in of.Reported) json.WriteStringValue(reported);
        json.WriteEndArray();
        json.WriteString("decision", Words(of.Decision));
        json.WriteString("sentence", of.Sentence);
        json.WriteNumber("rows", of.Rows);
        json.WriteNumber("groups", of.Groups);
        Write(json, "quality", of.Quality);
        Write(json, "reference_quality", of.ReferenceQuality);
        Write(json, "difference", of.Difference);
        Write(json, "bound", of.Bound);
        Write(json, "bound_at", of.BoundAt);
        Write(json, "p_value", of.PValue);
        json.WriteNumber("not_answered", of.NotAnswered);
        json.WriteNumber("ungraded", of.Ungraded);
        Write(json, "cost_usd_per_call", of.CostNanoUsd / 1e9, 12);
        Write(json, "reference_cost_usd_per_call", of.ReferenceCostNanoUsd / 1e9, 12);
        Write(json, "saving", of.Saving);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, double? number, int digits = Digits)
    {
        if (number is { } known && double.IsFinite(known)) json.WriteNumber(name, Math.Round(known, digits));
        else json.WriteNull(name);
    }

    private static EvalEvidence Read(JsonElement json)
    {
        var (set, reference) = (json.GetProperty("set"), json.GetProperty("reference"));
        return new EvalEvidence
        {
            Tag = Text(json, "tag"),
            Date = DateOnly.ParseExact(Text(json, "date"), "yyyy-MM-dd", CultureInfo.InvariantCulture),
            Run = Text(json, "run"),
            SetName = Text(set, "name"), SetVersion = set.GetProperty("version").GetInt32(), SetHash = Text(set, "hash"), Part = Text(set, "part"),
            Rows = set.GetProperty("rows").GetInt32(), Simulated = set.GetProperty("simulated").GetBoolean(),
            Scorer = Text(json, "scorer"), ReferenceTier = Text(reference, "tier"), ReferenceId = Text(reference, "id"),
            Margin = json.GetProperty("margin").GetDouble(), Confidence = json.GetProperty("confidence").GetDouble(),
            Method = Text(json, "method"), Multiplicity = Text(json, "multiplicity"),
            Judge = json.TryGetProperty("judge", out var judge) ? new EvalEvidenceJudge(Text(judge, "tag"), Number(judge, "kappa"), Number(judge, "kappa_low"), judge.GetProperty("items").GetInt32()) : null,
            Candidates = [.. json.GetProperty("candidates").EnumerateArray().Select(Model)],
            Profile = json.TryGetProperty("profile", out var profile) ? profile.GetRawText() : null,
        };
    }

    private static EvalEvidenceModel Model(JsonElement json) => new()
    {
        Name = Text(json, "name"), Id = Text(json, "id"), Reported = [.. json.GetProperty("reported").EnumerateArray().Select(one => one.GetString()!)],
        Decision = Decision(Text(json, "decision")), Sentence = Text(json, "sentence"), Rows = json.GetProperty("rows").GetInt32(), Groups = json.GetProperty("groups").GetInt32(),
        Quality = Number(json, "quality") ?? 0, ReferenceQuality = Number(json, "reference_quality") ?? 0, Difference = Number(json, "difference") ?? 0,
        Bound = Number(json, "bound") ?? -1, BoundAt = Number(json, "bound_at") ?? 0, PValue = Number(json, "p_value") ?? 1,
        NotAnswered = json.GetProperty("not_answered").GetInt32(), Ungraded = json.GetProperty("ungraded").GetInt32(),
        CostNanoUsd = Number(json, "cost_usd_per_call") * 1e9, ReferenceCostNanoUsd = Number(json, "reference_cost_usd_per_call") * 1e9, Saving = Number(json, "saving"),
    };

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException();

    private static double? Number(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: not JsonValueKind.Null } number ? number.GetDouble() : null;

    private static EvalDecision Decision(string word) => Enum.GetValues<EvalDecision>().Cast<EvalDecision?>().FirstOrDefault(one => Words(one!.Value) == word) ?? throw new FormatException();

    /// <summary>The word of a decision, as evidence and JSON have it.</summary>
    public static string Words(EvalDecision decision) => decision switch
    {
        EvalDecision.Eligible => "eligible",
        EvalDecision.NotEligible => "not_eligible",
        EvalDecision.JudgeNotTrusted => "judge_not_trusted",
        _ => "cannot_be_said",
    };
}
