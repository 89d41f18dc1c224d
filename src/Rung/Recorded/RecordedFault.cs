using System.Globalization;

namespace Rung.Recorded;

/// <summary>A way in which a recorded model fails on demand.</summary>
internal enum RecordedFaultKind
{
    /// <summary>It answers.</summary>
    None = 0,
    /// <summary><c>500</c>: status 500 with an error body.</summary>
    ServerError = 1,
    /// <summary><c>429</c>: status 429 with <c>Retry-After: 1</c>.</summary>
    RateLimited = 2,
    /// <summary><c>hang</c>: it takes the request and never says a word.</summary>
    Hang = 3,
    /// <summary><c>cut</c>: the connection breaks in the middle of the answer.</summary>
    Cut = 4,
    /// <summary><c>garbage</c>: status 200 and a page of HTML where JSON belongs.</summary>
    Garbage = 5,
}

/// <summary>Which model fails, how, and how often: <c>MODEL=KIND[:SHARE]</c>, the model <c>*</c> meaning every one.</summary>
/// <param name="Model">The model, or <c>*</c>.</param>
/// <param name="Kind">How it fails.</param>
/// <param name="Share">Share of the prompts on which it fails, above 0 and up to 1. The same prompt always meets the same fate.</param>
internal sealed record RecordedFault(string Model, RecordedFaultKind Kind, double Share)
{
    /// <summary>The kinds, as options and headers spell them.</summary>
    public const string Kinds = "500, 429, hang, cut, garbage";

    /// <summary>Reads the kind as options and headers spell it.</summary>
    public static bool TryParseKind(string text, out RecordedFaultKind kind)
    {
        kind = text switch
        {
            "500" => RecordedFaultKind.ServerError,
            "429" => RecordedFaultKind.RateLimited,
            "hang" => RecordedFaultKind.Hang,
            "cut" => RecordedFaultKind.Cut,
            "garbage" => RecordedFaultKind.Garbage,
            _ => RecordedFaultKind.None,
        };
        return kind != RecordedFaultKind.None;
    }

    /// <summary>Reads <c>MODEL=KIND[:SHARE]</c>. Models may hold <c>=</c> and <c>:</c> themselves: the last <c>=</c> counts.</summary>
    /// <exception cref="FormatException">It is something else; the message says what was expected.</exception>
    public static RecordedFault Parse(string text)
    {
        var equals = text.LastIndexOf('=');
        if (equals <= 0) throw Expected(text);

        var kindAndShare = text[(equals + 1)..].Split(':');
        if (kindAndShare.Length > 2 || !TryParseKind(kindAndShare[0], out var kind)) throw Expected(text);

        var share = 1.0;
        var isNumber = kindAndShare.Length == 1 || double.TryParse(kindAndShare[1], NumberStyles.Float, CultureInfo.InvariantCulture, out share);
        return isNumber && share is > 0 and <= 1 ? new RecordedFault(text[..equals], kind, share) : throw Expected(text);
    }

    /// <summary>Whether this model fails on this prompt.</summary>
    public bool Strikes(string model, UInt128 prompt, long seed)
    {
        if (Model != "*" && !string.Equals(Model, model, StringComparison.Ordinal)) return false;
        return Share >= 1 || PromptKey.Chance(prompt, model, seed, $"fault {Kind}") < Share;
    }

    private static FormatException Expected(string text) =>
        new($"'{text}' is not MODEL=KIND[:SHARE], with one of {Kinds} for KIND and a share above 0 and up to 1.");
}
