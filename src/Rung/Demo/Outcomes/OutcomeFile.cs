using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rung.Demo.Outcomes;

/// <summary>What one model did with the rows of one source.</summary>
/// <param name="Source">The source.</param>
/// <param name="Model">The model.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Right">Rows it had right.</param>
/// <param name="CostNanoUsd">What all of them cost, in nano-USD.</param>
internal sealed record OutcomeTally(string Source, string Model, int Rows, int Right, long CostNanoUsd);

/// <summary>Writes a made-up recording: prompts of two jobs, and the answers of four simulated models in full.</summary>
internal static class OutcomeFile
{
    /// <summary>How much of a model's luck all models share: a hard question is hard for all.</summary>
    private const double SharedLuck = 0.6;

    private static readonly JsonWriterOptions s_plainly = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the file. The same rows and seed give the same bytes before compression.</summary>
    /// <param name="path">Where; gzipped when it ends in .gz.</param>
    /// <param name="rows">Prompts, half of each job.</param>
    /// <param name="seed">Decides everything.</param>
    /// <returns>What each model did.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static IReadOnlyList<OutcomeTally> Write(string path, int rows, long seed)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        using Stream target = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Optimal) : file;
        var chance = new DemoChance(seed, "outcomes");
        var prompts = new HashSet<string>(StringComparer.Ordinal);
        var tallies = new Dictionary<(string Source, string Model), OutcomeTally>();
        for (var i = 0; i < rows; i++)
        {
            MadeUpQuestion question;
            do question = i % 2 == 0 ? MessageSorting.Next(ref chance) : OrderSums.Next(ref chance);
            while (!prompts.Add(question.Prompt)); // A recording answers a prompt that comes twice from its first row.
            WriteRow(target, question, i + 1, tallies, ref chance);
        }
        return [.. tallies.Values];
    }

    private static void WriteRow(Stream target, MadeUpQuestion question, int number, Dictionary<(string, string), OutcomeTally> tallies, ref DemoChance chance)
    {
        using (var json = new Utf8JsonWriter(target, s_plainly))
        {
            json.WriteStartObject();
            json.WriteString("id", $"simulated/{question.Source}/{number}");
            json.WriteString("source", question.Source);
            json.WriteBoolean("simulated", true);
            json.WriteString("prompt", question.Prompt);
            json.WriteString("gold", question.Gold);
            json.WriteStartObject("models");
            var shared = chance.Share();
            foreach (var model in MadeUpModel.All) WriteModel(json, question, model, shared, tallies, ref chance);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        target.WriteByte((byte)'\n');
    }

    private static void WriteModel(
        Utf8JsonWriter json, MadeUpQuestion question, MadeUpModel model, double shared, Dictionary<(string, string), OutcomeTally> tallies, ref DemoChance chance)
    {
        var luck = chance.Share() < SharedLuck ? shared : chance.Share();
        var isRight = luck < (question.Source == MessageSorting.Source ? model.IntentQuality : model.SumQuality);
        var answer = question.Say(model.IsWordy, isRight, ref chance);
        var (given, written) = ((question.Prompt.Length + 3) / 4, (answer.Length + 3) / 4);
        var cost = model.CostUsd(given, written);
        json.WriteStartObject(model.Name);
        json.WriteNumber("correct", isRight ? 1 : 0);
        json.WriteNumber("cost_usd", cost);
        json.WriteNumber("prompt_tokens", given);
        json.WriteNumber("completion_tokens", written);
        json.WriteNumber("latency_s", Math.Round(0.2 + ((double)written / model.TokensPerSecond) + (0.3 * chance.Share()), 3));
        json.WriteString("finish_reason", "stop");
        json.WriteString("response", answer);
        json.WriteEndObject();

        var key = (question.Source, model.Name);
        var known = tallies.GetValueOrDefault(key) ?? new OutcomeTally(question.Source, model.Name, 0, 0, 0);
        tallies[key] = known with { Rows = known.Rows + 1, Right = known.Right + (isRight ? 1 : 0), CostNanoUsd = known.CostNanoUsd + (long)(cost * 1_000_000_000m) };
    }
}
