using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rung.Core.Guarantees;

/// <summary>Certificates as JSON files, UTF-8.</summary>
public static class CertificateFile
{
    private const string FormatKey = "rung_certificate";

    /// <summary>Writes one.</summary>
    public static byte[] Write(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) Write(json, certificate);
        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Reads one.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="fault">What is wrong with it when the result is null.</param>
    public static Certificate? Read(ReadOnlyMemory<byte> bytes, out string? fault)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 16 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(FormatKey, out var format))
            {
                fault = "It is no certificate of rung calibrate.";
                return null;
            }
            if (format.ValueKind != JsonValueKind.Number || !format.TryGetInt32(out var version) || version != Certificate.Format)
            {
                fault = $"Its format is {format.GetRawText()}; this version of Rung reads {Certificate.Format}.";
                return null;
            }
            fault = null;
            var certificate = Read(root);
            if (certificate.Rows >= 1 && certificate.Groups >= 1 && certificate.Confidence is > 0 and < 1 && certificate.QualityLoss is > 0 and < 1) return certificate;
            fault = "Its sample size, confidence or promised loss is out of range.";
            return null;
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

    private static void Write(Utf8JsonWriter json, Certificate of)
    {
        json.WriteStartObject();
        json.WriteNumber(FormatKey, Certificate.Format);
        json.WriteString("tag", of.Tag);
        json.WriteString("date", of.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteString("promise", string.Create(CultureInfo.InvariantCulture,
            $"With a confidence of {of.Confidence:0.####}, the mean grade of this cascade on fresh queries of the same kind is at most {of.QualityLoss:0.####} below that of {of.Strong.Id} alone."));
        json.WriteNumber("quality_loss", of.QualityLoss);
        json.WriteNumber("confidence", of.Confidence);
        json.WriteString("method", Words(of.Test));
        json.WriteString("source", Source(of.Test));
        json.WriteString("scores", of.CrossFitted ? "cross_fitted" : "verifier");
        Write(json, "weak", of.Weak);
        Write(json, "strong", of.Strong);
        if (of.Threshold is { } threshold) json.WriteNumber("threshold", threshold);
        else json.WriteNull("threshold");
        json.WriteStartArray("rule");
        foreach (var line in of.Rule) json.WriteStringValue(line);
        json.WriteEndArray();
        json.WriteString("rule_sha256", of.RuleSha256);
        if (of.Label is not null) json.WriteString("label", of.Label);
        json.WriteStartArray("data");
        foreach (var file in of.Files)
        {
            json.WriteStartObject();
            json.WriteString("name", file.Name);
            json.WriteString("sha256", file.Sha256);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("rows", of.Rows);
        json.WriteNumber("groups", of.Groups);
        json.WriteNumber("loss", Math.Round(of.Loss, 6));
        json.WriteNumber("bound", Math.Round(of.Bound, 6));
        json.WriteNumber("kept_share", Math.Round(of.KeptShare, 6));
        Write(json, "cost_usd_per_call", of.CostNanoUsd / 1e9);
        Write(json, "cost_usd_per_call_low", of.CostLowNanoUsd / 1e9);
        Write(json, "cost_usd_per_call_high", of.CostHighNanoUsd / 1e9);
        Write(json, "cost_share", of.CostShare);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, CertifiedModel model)
    {
        json.WriteStartObject(name);
        json.WriteString("name", model.Name);
        json.WriteString("id", model.Id);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } known) json.WriteNumber(name, Math.Round(known, 9));
        else json.WriteNull(name);
    }

    private static Certificate Read(JsonElement json) => new()
    {
        Tag = json.GetProperty("tag").GetString()!,
        Date = DateOnly.ParseExact(json.GetProperty("date").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        Weak = Model(json.GetProperty("weak")),
        Strong = Model(json.GetProperty("strong")),
        QualityLoss = json.GetProperty("quality_loss").GetDouble(),
        Confidence = json.GetProperty("confidence").GetDouble(),
        Test = json.GetProperty("method").GetString() switch
        {
            "betting" => RiskTest.Betting,
            "hoeffding_bentkus" => RiskTest.HoeffdingBentkus,
            "binomial" => RiskTest.Binomial,
            _ => throw new FormatException(),
        },
        CrossFitted = json.GetProperty("scores").GetString() == "cross_fitted",
        Threshold = Number(json, "threshold"),
        Rule = [.. json.GetProperty("rule").EnumerateArray().Select(line => line.GetString()!)],
        RuleSha256 = json.GetProperty("rule_sha256").GetString()!,
        Label = json.TryGetProperty("label", out var label) ? label.GetString() : null,
        Files = [.. json.GetProperty("data").EnumerateArray().Select(file => new CertifiedFile(file.GetProperty("name").GetString()!, file.GetProperty("sha256").GetString()!))],
        Rows = json.GetProperty("rows").GetInt32(),
        Groups = json.GetProperty("groups").GetInt32(),
        Loss = json.GetProperty("loss").GetDouble(),
        Bound = json.GetProperty("bound").GetDouble(),
        KeptShare = json.GetProperty("kept_share").GetDouble(),
        CostNanoUsd = Number(json, "cost_usd_per_call") * 1e9,
        CostLowNanoUsd = Number(json, "cost_usd_per_call_low") * 1e9,
        CostHighNanoUsd = Number(json, "cost_usd_per_call_high") * 1e9,
        CostShare = Number(json, "cost_share"),
    };

    private static CertifiedModel Model(JsonElement json) => new(json.GetProperty("name").GetString()!, json.GetProperty("id").GetString()!);

    private static double? Number(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: not JsonValueKind.Null } number ? number.GetDouble() : null;

    /// <summary>The word of a test, as options and certificates have it.</summary>
    public static string Words(RiskTest test) => test switch
    {
        RiskTest.Betting => "betting",
        RiskTest.HoeffdingBentkus => "hoeffding_bentkus",
        _ => "binomial",
    };

    /// <summary>Where the method is from, for people.</summary>
    public static string Source(RiskTest test) => test switch
    {
        RiskTest.Betting => "Fixed-sequence testing (Angelopoulos, Bates, Candès, Jordan, Lei: Learn then Test, arXiv 2110.01052); p-values by betting (Waudby-Smith, Ramdas, arXiv 2010.09686)",
        RiskTest.HoeffdingBentkus => "Fixed-sequence testing (Angelopoulos, Bates, Candès, Jordan, Lei: Learn then Test, arXiv 2110.01052); Hoeffding–Bentkus p-values (Bates et al., J. ACM 68, 2021)",
        _ => "Fixed-sequence testing (Angelopoulos, Bates, Candès, Jordan, Lei: Learn then Test, arXiv 2110.01052); exact binomial p-values (Clopper, Pearson, Biometrika 26, 1934)",
    };
}
