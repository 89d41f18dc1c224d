using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using Rung.Core.Learning.Evaluation;
using Rung.Core.Learning.Features;
using Rung.Core.Learning.Models;

namespace Rung.Core.Learning;

/// <summary>Reads a model file: everything that scoring relies on is held against its bounds here, so that scoring itself never fails.</summary>
internal static class ModelFileReader
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;
    private const int MaxTrees = 2_000;
    private const int MaxNodes = 127;
    private const int MaxSteps = 1_024;
    private const int MaxFiles = 64;

    public static TrainedVerifier? Read(string name, ReadOnlyMemory<byte> model, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            if (model.Length > MaxBytes) throw new UnusableException($"The file has {model.Length:#,0} bytes; a verifier model has at most {MaxBytes:#,0}.");
            using var document = JsonDocument.Parse(model, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            fault = null;
            return Read(name, document.RootElement);
        }
        catch (UnusableException e)
        {
            fault = e.Message;
        }
        // InvalidOperationException is how JsonElement says that a string is not valid Unicode.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            fault = $"The file is not readable JSON: {e.Message}";
        }
        return null;
    }

    private static TrainedVerifier Read(string name, JsonElement file)
    {
        if (file.ValueKind != JsonValueKind.Object || !file.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.String || format.GetString() != ModelFileWriter.Format)
        {
            throw new UnusableException($"The file is no verifier model: it has no \"format\": \"{ModelFileWriter.Format}\". Write one with rung train verifier --out.");
        }
        RequireVersion(file, "version", ModelFileWriter.Version);
        RequireVersion(file, "features", AnswerFeatures.Version);
        var sees = Word(file, "sees");
        if (sees is not ("prompt" or "prompt_and_answer")) throw new UnusableException("\"sees\" is neither prompt nor prompt_and_answer.");
        if (!Enum.TryParse<Learner>(Word(file, "learner"), ignoreCase: true, out var learner) || !Enum.IsDefined(learner)) throw new UnusableException("\"learner\" is none of logistic, trees, blend.");

        var gain = new GainModel(ReadScaling(Object(file, "scaling")), ReadHead(file, "right"), ReadHead(file, "rescue"), ReadHead(file, "harm"));
        var model = new VerifierModel(sees == "prompt", learner, gain, ReadCalibration(Object(file, "calibration")));
        return new TrainedVerifier(name, model, Word(file, "weak"), Word(file, "strong"), ReadThresholds(Object(file, "thresholds")))
        {
            Provenance = ReadProvenance(Object(file, "provenance")),
        };
    }

    private static void RequireVersion(JsonElement file, string name, int known)
    {
        var version = Whole(file, name, 0, int.MaxValue);
        if (version != known) throw new UnusableException($"\"{name}\" is {version}; this version of rung reads {known}. Train the verifier again with rung train verifier.");
    }

    private static VerifierProvenance ReadProvenance(JsonElement json)
    {
        if (!json.TryGetProperty("trained_at", out var at) || at.ValueKind != JsonValueKind.String || !at.TryGetDateTimeOffset(out var trained)) throw new UnusableException("\"trained_at\" is no instant.");
        var files = Array(json, "files", 0, MaxFiles).Select(file => file.ValueKind == JsonValueKind.Object
            ? new TrainingFile(Word(file, "name"), Word(file, "sha256")) : throw new UnusableException("\"files\" has something that is no object."));
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var metric in Object(json, "metrics").EnumerateObject().Take(256)) metrics[metric.Name] = Number(metric.Value, metric.Name);
        return new VerifierProvenance
        {
            TrainedAt = trained, Files = [.. files], Label = Word(json, "label"), Metrics = metrics.ToImmutable(),
            Tag = json.TryGetProperty("tag", out var tag) && tag.ValueKind == JsonValueKind.String ? tag.GetString() : null,
            Rows = Whole(json, "rows", 0, int.MaxValue), Folds = Whole(json, "folds", 0, 1000),
            Seed = json.TryGetProperty("seed", out var seed) && seed.ValueKind == JsonValueKind.Number && seed.TryGetUInt64(out var value) ? value : throw new UnusableException("\"seed\" is no whole number."),
        };
    }

    private static double[] ReadThresholds(JsonElement json) => [.. VerifierReport.Targets.Select(target =>
    {
        var name = FormattableString.Invariant($"{target * 100:0}");
        if (!json.TryGetProperty(name, out var value)) throw new UnusableException($"\"thresholds\" has no \"{name}\".");
        return value.ValueKind == JsonValueKind.Null ? double.PositiveInfinity : Number(value, name);
    })];

    private static Calibration ReadCalibration(JsonElement json)
    {
        if (!Enum.TryParse<CalibrationKind>(Word(json, "kind"), ignoreCase: true, out var kind) || !Enum.IsDefined(kind)) throw new UnusableException("The calibration's \"kind\" is neither platt nor isotonic.");
        var logOdds = Numbers(json, "log_odds", 1, MaxSteps);
        var probabilities = Numbers(json, "probabilities", 0, MaxSteps);
        if (kind == CalibrationKind.Platt)
        {
            return logOdds.Length == 2 ? new Calibration(kind, logOdds, []) : throw new UnusableException("A platt calibration has a slope and an intercept.");
        }
        if (probabilities.Length != logOdds.Length) throw new UnusableException("The calibration has not as many probabilities as places.");
        for (var i = 0; i < logOdds.Length; i++)
        {
            if (probabilities[i] is < 0 or > 1 || (i > 0 && (logOdds[i] <= logOdds[i - 1] || probabilities[i] < probabilities[i - 1])))
            {
                throw new UnusableException("The calibration does not rise from one place to the next, or leaves 0 to 1.");
            }
        }
        return new Calibration(kind, logOdds, probabilities);
    }

    private static FeatureScaling ReadScaling(JsonElement json)
    {
        var names = Array(json, "names", AnswerFeatures.Count, AnswerFeatures.Count);
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].ValueKind != JsonValueKind.String || names[i].GetString() != AnswerFeatures.Names[i]) throw new UnusableException($"Feature {i} of the model is not {AnswerFeatures.Names[i]}.");
        }
        return new FeatureScaling(Floats(json, "means", AnswerFeatures.Count), Floats(json, "scales", AnswerFeatures.Count), Halves(json, "rarity", WordHasher.Buckets));
    }

    private static Head ReadHead(JsonElement file, string name)
    {
        var json = Object(file, name);
        var logistic = json.TryGetProperty("logistic", out _) ? ReadLogistic(Object(json, "logistic")) : null;
        var trees = json.TryGetProperty("trees", out _) ? ReadTrees(Object(json, "trees")) : null;
        return logistic is null && trees is null ? throw new UnusableException($"\"{name}\" has neither a logistic regression nor trees.") : new Head(logistic, trees);
    }

    private static LogisticModel ReadLogistic(JsonElement json) =>
        new(Number(json, "bias", 1e6), Floats(json, "dense", AnswerFeatures.Count), Halves(json, "words", WordHasher.Buckets));

    private static BoostedTrees ReadTrees(JsonElement json) =>
        new(Number(json, "base", 1e6), [.. Array(json, "trees", 0, MaxTrees).Select(ReadTree)]);

    private static RegressionTree ReadTree(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() is < 1 or > MaxNodes) throw new UnusableException($"A tree is no list of 1 to {MaxNodes} nodes.");
        var count = json.GetArrayLength();
        var tree = new RegressionTree(new short[count], new float[count], new short[count], new float[count]);
        var node = 0;
        foreach (var one in json.EnumerateArray())
        {
            if (one.ValueKind == JsonValueKind.Number)
            {
                tree.Features[node] = -1;
                tree.Values[node++] = (float)Number(one, "leaf");
                continue;
            }
            if (one.ValueKind != JsonValueKind.Array || one.GetArrayLength() != 3) throw new UnusableException("A node of a tree is neither a number nor [feature, threshold, left child].");
            tree.Features[node] = (short)WholeOf(one[0], "feature", 0, AnswerFeatures.Count - 1);
            tree.Thresholds[node] = (float)Number(one[1], "threshold");
            // Children lie behind their parent: no walk through a tree can go round.
            tree.Left[node] = (short)WholeOf(one[2], "left child", node + 1, count - 2);
            node++;
        }
        return tree;
    }

    private static JsonElement Object(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : throw new UnusableException($"\"{name}\" is missing or no object.");

    private static string Word(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 512 } text
            ? text : throw new UnusableException($"\"{name}\" is missing or no text of 1 to 512 characters.");

    private static List<JsonElement> Array(JsonElement json, string name, int least, int most)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Array) throw new UnusableException($"\"{name}\" is missing or no list.");
        var count = value.GetArrayLength();
        if (count < least || count > most) throw new UnusableException($"\"{name}\" has {count} members; {(least == most ? $"{least}" : $"{least} to {most}")} were expected.");
        return [.. value.EnumerateArray()];
    }

    private static double[] Numbers(JsonElement json, string name, int least, int most) => [.. Array(json, name, least, most).Select(value => Number(value, name))];

    private static float[] Floats(JsonElement json, string name, int count) => [.. Array(json, name, count, count).Select(value => (float)Number(value, name))];

    private static float[] Halves(JsonElement json, string name, int count)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String || !value.TryGetBytesFromBase64(out var bytes) || bytes.Length != count * 2)
        {
            throw new UnusableException($"\"{name}\" is not the Base64 of {count} half-precision numbers.");
        }
        var halves = new float[count];
        for (var i = 0; i < count; i++)
        {
            halves[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes.AsSpan(i * 2));
            if (!float.IsFinite(halves[i])) throw new UnusableException($"\"{name}\" has a value that is not finite.");
        }
        return halves;
    }

    private static double Number(JsonElement json, string name, double most) =>
        json.TryGetProperty(name, out var value) && Math.Abs(Number(value, name)) <= most ? value.GetDouble() : throw new UnusableException($"\"{name}\" is missing or beyond ±{most:0}.");

    private static double Number(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && Math.Abs(number) <= 1e9 ? number : throw new UnusableException($"\"{name}\" has something that is no number up to a billion.");

    private static int Whole(JsonElement json, string name, int least, int most) =>
        json.TryGetProperty(name, out var value) ? WholeOf(value, name, least, most) : throw new UnusableException($"\"{name}\" is missing.");

    private static int WholeOf(JsonElement value, string name, int least, int most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most
            ? number : throw new UnusableException($"\"{name}\" is no whole number from {least} to {most}.");

    /// <summary>The file cannot be used. Never leaves this class.</summary>
    private sealed class UnusableException(string message) : Exception(message);
}
