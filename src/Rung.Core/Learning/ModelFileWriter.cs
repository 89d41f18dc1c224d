using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rung.Core.Learning.Evaluation;
using Rung.Core.Learning.Features;
using Rung.Core.Learning.Models;

namespace Rung.Core.Learning;

/// <summary>Writes a model file. The format is told in <c>docs/learning.md</c>.</summary>
internal static class ModelFileWriter
{
    /// <summary>What a model file calls itself.</summary>
    public const string Format = "rung-verifier";
    /// <summary>Version of the format.</summary>
    public const int Version = 1;

    public static byte[] Write(TrainedVerifier verifier, VerifierProvenance provenance)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteNumber("features", AnswerFeatures.Version);
            json.WriteString("weak", verifier.Weak);
            json.WriteString("strong", verifier.Strong);
            json.WriteString("sees", verifier.PromptOnly ? "prompt" : "prompt_and_answer");
            json.WriteString("learner", verifier.Model.Learner.ToString().ToLowerInvariant());
            WriteProvenance(json, provenance);
            WriteThresholds(json, verifier);
            WriteCalibration(json, verifier.Model.Calibration);
            WriteScaling(json, verifier.Model.Gain.Scaling);
            WriteHead(json, "right", verifier.Model.Gain.Right);
            WriteHead(json, "rescue", verifier.Model.Gain.Rescue);
            WriteHead(json, "harm", verifier.Model.Gain.Harm);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteProvenance(Utf8JsonWriter json, VerifierProvenance provenance)
    {
        json.WriteStartObject("provenance");
        json.WriteString("trained_at", provenance.TrainedAt.UtcDateTime);
        json.WriteStartArray("files");
        foreach (var file in provenance.Files)
        {
            json.WriteStartObject();
            json.WriteString("name", file.Name);
            json.WriteString("sha256", file.Sha256);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("tag", provenance.Tag);
        json.WriteString("label", provenance.Label);
        json.WriteNumber("rows", provenance.Rows);
        json.WriteNumber("folds", provenance.Folds);
        json.WriteNumber("seed", provenance.Seed);
        json.WriteStartObject("metrics");
        foreach (var (name, value) in provenance.Metrics) json.WriteNumber(name, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteThresholds(Utf8JsonWriter json, TrainedVerifier verifier)
    {
        json.WriteStartObject("thresholds");
        foreach (var target in VerifierReport.Targets)
        {
            json.WritePropertyName(FormattableString.Invariant($"{target * 100:0}"));
            if (verifier.ThresholdFor(target) is { } threshold) json.WriteNumberValue(threshold);
            else json.WriteNullValue();
        }
        json.WriteEndObject();
    }

    private static void WriteCalibration(Utf8JsonWriter json, Calibration calibration)
    {
        json.WriteStartObject("calibration");
        json.WriteString("kind", calibration.Kind.ToString().ToLowerInvariant());
        WriteArray(json, "log_odds", calibration.LogOdds, json.WriteNumberValue);
        WriteArray(json, "probabilities", calibration.Probabilities, json.WriteNumberValue);
        json.WriteEndObject();
    }

    private static void WriteScaling(Utf8JsonWriter json, FeatureScaling scaling)
    {
        json.WriteStartObject("scaling");
        WriteArray(json, "names", AnswerFeatures.Names.AsSpan(), json.WriteStringValue);
        WriteArray(json, "means", scaling.Means, json.WriteNumberValue);
        WriteArray(json, "scales", scaling.Scales, json.WriteNumberValue);
        WriteHalves(json, "rarity", scaling.Rarity);
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, string name, Head head)
    {
        json.WriteStartObject(name);
        if (head.Logistic is { } logistic)
        {
            json.WriteStartObject("logistic");
            json.WriteNumber("bias", logistic.Bias);
            WriteArray(json, "dense", logistic.Dense, json.WriteNumberValue);
            WriteHalves(json, "words", logistic.Words);
            json.WriteEndObject();
        }
        if (head.Trees is { } trees)
        {
            json.WriteStartObject("trees");
            json.WriteNumber("base", trees.Base);
            json.WriteStartArray("trees");
            foreach (var tree in trees.Trees) WriteTree(json, tree);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    // A node is [feature, threshold, left child], a leaf is its value alone.
    private static void WriteTree(Utf8JsonWriter json, RegressionTree tree)
    {
        json.WriteStartArray();
        for (var node = 0; node < tree.Features.Length; node++)
        {
            if (tree.Features[node] < 0)
            {
                json.WriteNumberValue(tree.Values[node]);
                continue;
            }
            json.WriteStartArray();
            json.WriteNumberValue(tree.Features[node]);
            json.WriteNumberValue(tree.Thresholds[node]);
            json.WriteNumberValue(tree.Left[node]);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, ReadOnlySpan<T> values, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var value in values) write(value);
        json.WriteEndArray();
    }

    private static void WriteHalves(Utf8JsonWriter json, string name, float[] values)
    {
        var bytes = new byte[values.Length * 2];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(i * 2), (Half)values[i]);
        json.WriteBase64String(name, bytes);
    }
}
