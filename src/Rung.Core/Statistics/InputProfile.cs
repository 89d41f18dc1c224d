using System.Text.Json;

namespace Rung.Core.Statistics;

/// <summary>How far recent inputs are from those of a profile.</summary>
public sealed record InputDrift
{
    /// <summary>The greatest of the four Jensen–Shannon divergences (length, language, tools, words), in bits: 0 the same, 1 nothing in common. Sampling noise included.</summary>
    public required double Distance { get; init; }
    /// <summary>Whether the inputs have drifted: more than chance explains, and by enough to matter.</summary>
    public required bool IsDrifted { get; init; }
    /// <summary>What changed, or why nothing is said, in one sentence.</summary>
    public required string Words { get; init; }
}

/// <summary>What the inputs of a tag look like: lengths, languages, numbers of tools and hashed words, as counts. It holds no content.</summary>
public sealed class InputProfile
{
    /// <summary>Fewer inputs on either side say nothing.</summary>
    public const int LeastInputs = 30;

    internal const int LengthBins = 25, ToolBins = 10, TermBins = 256;

    private readonly long[] _lengths, _languages, _tools, _terms;

    internal InputProfile(long count, long[] lengths, long[] languages, long[] tools, long[] terms) =>
        (Count, _lengths, _languages, _tools, _terms) = (count, lengths, languages, tools, terms);

    /// <summary>Inputs counted.</summary>
    public long Count { get; }

    /// <summary>Compares recent inputs with these.</summary>
    /// <param name="recent">The recent inputs.</param>
    /// <remarks>
    /// Lengths, languages and tools by the G-test (R. R. Sokal, F. J. Rohlf, Biometry, 1995, ch. 17), which is the Jensen–Shannon divergence times twice the sample size;
    /// words, which come many to a text and hang together, each by the shares of texts that hold them, with Bonferroni's correction. One false alarm in a hundred comparisons
    /// at most, if inputs are independent; and a change must also be large enough to matter.
    /// </remarks>
    public InputDrift Against(InputProfile recent)
    {
        ArgumentNullException.ThrowIfNull(recent);
        if (Count < LeastInputs || recent.Count < LeastInputs)
        {
            return new InputDrift
            {
                Distance = 0, IsDrifted = false, Words = $"too few inputs to compare: {Count:N0} then and {recent.Count:N0} now; {LeastInputs:N0} are needed on both sides",
            };
        }
        ProfileComparison[] found =
        [
            ProfileComparison.OfBins("length", _lengths, recent._lengths, bin => bin == 0 ? "empty" : $"{1L << (bin - 1):N0} to {(1L << bin) - 1:N0} characters"),
            ProfileComparison.OfBins("language", _languages, recent._languages, bin => InputLanguage.Names[bin]),
            ProfileComparison.OfBins("tools", _tools, recent._tools, bin => bin == 0 ? "no tools" : $"{1L << (bin - 1):N0} to {(1L << bin) - 1:N0} tools"),
            ProfileComparison.OfTerms(_terms, Count, recent._terms, recent.Count),
        ];
        var drifted = found.Where(one => one.IsDrifted).ToList();
        var said = drifted.Count > 0 ? $"inputs drifted: {string.Join("; ", drifted.Select(one => one.Words))}" : "inputs look like those of then";
        return new InputDrift { Distance = found.Max(one => one.Bits), IsDrifted = drifted.Count > 0, Words = $"{said} ({Count:N0} then, {recent.Count:N0} now)" };
    }

    /// <summary>The counts as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(new ProfileJson(1, Count, _lengths, _languages, _tools, _terms), ProfileJsonContext.Default.ProfileJson);

    /// <summary>Reads what <see cref="ToJson"/> wrote; null when it is none, or of a version that this one cannot read.</summary>
    public static InputProfile? Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var read = JsonSerializer.Deserialize(json, ProfileJsonContext.Default.ProfileJson);
            if (read is not { Version: 1, Count: >= 0 }) return null;
            return Fits(read.Lengths, LengthBins) && Fits(read.Languages, InputLanguage.Names.Length) && Fits(read.Tools, ToolBins) && Fits(read.Terms, TermBins)
                ? new InputProfile(read.Count, read.Lengths!, read.Languages!, read.Tools!, read.Terms!) : null;
        }
        catch (JsonException)
        {
            return null;
        }

        static bool Fits(long[]? counts, int bins) => counts is not null && counts.Length == bins && Array.TrueForAll(counts, count => count >= 0);
    }
}
