using System.Globalization;
using System.Text;
using Rung.Core.Policies.Changes;
using Rung.Core.Prices;
using Rung.Serving;

namespace Rung.Demo.Ledgers;

/// <summary>The texts of the made-up policy: as it is in the end, and as it was before somebody changed it.</summary>
internal static class WorldPolicies
{
    private const string Resource = "demo/world.yaml";
    private const string FirstRoute = "\nroles:";
    private const string CodingBegins = "\n  # The coding agent";
    private const string BesideBegins = "\n  # Beside the agents";
    private const string PreviewModel = "\n  sim-mid-preview:";
    private const string AfterPreview = "\n  sim-frontier:";
    private const string PreviewPrice = "\n    price: { input: 1.80, cached_input: 0.18, output: 9 }";
    private const string Pool = "[sim-mid, sim-mid-preview]";
    private const string LateFloor = "floor: { verdict: check, at_least: 0.82 }";
    private const string EarlyFloor = "floor: { verdict: check, at_least: 0.75 }";

    /// <summary>The first revision: models, and everything on the frontier.</summary>
    public static string AllFrontier(string final)
    {
        var early = WithoutPreview(final);
        return early[..(early.IndexOf(FirstRoute, StringComparison.Ordinal) + 1)] + "default: { tier: frontier, why: \"Every call goes to the best model there is, until somebody has looked.\" }\n";
    }

    /// <summary>The second: the research agent has routes, the others have none yet.</summary>
    public static string ResearchOnly(string final)
    {
        var early = Routed(final);
        return Cut(early, CodingBegins, BesideBegins);
    }

    /// <summary>The third: every agent has routes, and queries are still rewritten by the middle rung.</summary>
    public static string Routed(string final) => On(WithoutPreview(final).Replace(LateFloor, EarlyFloor, StringComparison.Ordinal), "rewrite-query", "mid");

    /// <summary>With another model in the pool of the middle rung, whose price nobody has written down.</summary>
    public static string WithPreview(string text, string final)
    {
        var from = final.IndexOf(PreviewModel, StringComparison.Ordinal);
        var model = final[from..final.IndexOf(AfterPreview, StringComparison.Ordinal)].Replace(PreviewPrice, "", StringComparison.Ordinal);
        return text.Replace("{ models: [sim-mid] }", $"{{ models: {Pool} }}", StringComparison.Ordinal).Insert(text.IndexOf(AfterPreview, StringComparison.Ordinal) + ", sim-mid-preview".Length, model);
    }

    /// <summary>With the price of that model.</summary>
    public static string WithPreviewPrice(string text) =>
        text.Replace("id: simulated-mid-preview", $"id: simulated-mid-preview{PreviewPrice}", StringComparison.Ordinal);

    /// <summary>With the higher floor of the fields of a ticket.</summary>
    public static string WithHigherFloor(string text) => text.Replace(EarlyFloor, LateFloor, StringComparison.Ordinal);

    /// <summary>With a tag on a tier.</summary>
    public static string On(string text, string tag, string tier) =>
        PolicyMove.SetTier(text, tag, tier, out var problem) ?? throw new InvalidOperationException(problem); // A bug: the file is part of the program.

    /// <summary>The text as it is in the end, but for what the control loop makes of it.</summary>
    /// <param name="everything">Budget of all traffic a month, in USD.</param>
    /// <param name="research">Budget of the research agent a month, in USD.</param>
    public static string Final(decimal everything, decimal research)
    {
        using var stream = typeof(WorldPolicies).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd()
            .Replace("usd: 999999,", $"usd: {Written(everything)},", StringComparison.Ordinal)
            .Replace("usd: 888888,", $"usd: {Written(research)},", StringComparison.Ordinal);
    }

    /// <summary>Compiles a text with the schemas that it names.</summary>
    public static PolicyFile Compile(string text, DateOnly asOf)
    {
        var file = PolicyFile.Compile(Resource, text, name => Schema(name), PriceBook.Embedded, asOf);
        if (file.Compilation.Faults.IsEmpty) return file;
        var fault = file.Compilation.Faults[0];
        throw new InvalidOperationException($"{Resource}:{fault.Line}: {fault.Path}: {fault.Message}"); // A bug: the file is part of the program.
    }

    private static string WithoutPreview(string final) =>
        Cut(final, PreviewModel, AfterPreview).Replace(Pool, "[sim-mid]", StringComparison.Ordinal);

    private static string Cut(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal);
        return text.Remove(start, text.IndexOf(to, StringComparison.Ordinal) - start);
    }

    private static string Written(decimal usd) => usd.ToString("0.##", CultureInfo.InvariantCulture);

    private static ReadOnlyMemory<byte>? Schema(string name)
    {
        using var stream = typeof(WorldPolicies).Assembly.GetManifestResourceStream($"policies/{name}");
        if (stream is null) return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
