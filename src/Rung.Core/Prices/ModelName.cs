namespace Rung.Core.Prices;

/// <summary>What resellers, clouds and snapshots hang on a model's id, and how to take it off again. Allocates nothing.</summary>
internal static class ModelName
{
    private static readonly string[] PathPrefixes =
    [
        "models/", "openai/", "azure/", "azure_ai/", "anthropic/", "google/", "gemini/", "vertex_ai/", "bedrock/", "mistral/", "mistralai/",
        "deepseek/", "deepseek-ai/", "x-ai/", "xai/", "groq/", "moonshot/", "moonshotai/", "z-ai/", "zai/", "zai-org/", "qwen/", "alibaba/",
        "minimax/", "cohere/", "meta-llama/", "publishers/google/", "publishers/anthropic/",
    ];

    // Amazon Bedrock: an inference profile's region, then the vendor.
    private static readonly string[] RegionPrefixes = ["us-gov.", "us.", "eu.", "apac.", "au.", "jp.", "ca.", "global."];
    private static readonly string[] VendorPrefixes = ["anthropic.", "openai.", "mistral.", "cohere.", "deepseek.", "qwen.", "google.", "minimax.", "moonshot.", "zai."];

    /// <summary>Without a final <c>-YYYYMMDD</c> or <c>-YYYY-MM-DD</c>; unchanged when there is none.</summary>
    public static ReadOnlySpan<char> WithoutDate(ReadOnlySpan<char> name)
    {
        if (name.Length > 9 && name[^9] == '-' && IsDate(name[^8..^4], name[^4..^2], name[^2..])) return name[..^9];
        if (name.Length > 11 && name[^11] == '-' && name[^6] == '-' && name[^3] == '-' && IsDate(name[^10..^6], name[^5..^3], name[^2..])) return name[..^11];
        return name;
    }

    /// <summary>Without vendor prefixes (<c>openai/</c>, <c>us.anthropic.</c>, <c>models/</c>…) and without <c>@date</c>, <c>-v1:0</c> or <c>:free</c> behind it.</summary>
    public static ReadOnlySpan<char> WithoutDecoration(ReadOnlySpan<char> name)
    {
        const int Layers = 4; // bedrock/us.anthropic.name has three; more than four is nobody's convention.
        for (var layer = 0; layer < Layers; layer++)
        {
            var bare = WithoutSuffix(WithoutPrefix(name));
            if (bare.Length == name.Length) break;
            name = bare;
        }
        return name;
    }

    private static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> name)
    {
        foreach (var prefix in PathPrefixes)
        {
            if (StartsWith(name, prefix)) return name[prefix.Length..];
        }
        var afterRegion = name;
        foreach (var region in RegionPrefixes)
        {
            if (!StartsWith(name, region)) continue;
            afterRegion = name[region.Length..];
            break;
        }
        foreach (var vendor in VendorPrefixes)
        {
            if (StartsWith(afterRegion, vendor)) return afterRegion[vendor.Length..];
        }
        return name;
    }

    private static ReadOnlySpan<char> WithoutSuffix(ReadOnlySpan<char> name)
    {
        if (name.EndsWith(":free", StringComparison.OrdinalIgnoreCase)) return name[..^5];

        var at = name.LastIndexOf('@');
        if (at > 0 && IsVersion(name[(at + 1)..])) return name[..at];

        // -v1:0, as Bedrock writes versions. A bare -v1 may be part of a name, so it stays.
        var v = name.LastIndexOf("-v", StringComparison.OrdinalIgnoreCase);
        return v > 0 && IsBedrockVersion(name[(v + 2)..]) ? name[..v] : name;
    }

    // "", when it starts with the prefix only, is nobody's name.
    private static bool StartsWith(ReadOnlySpan<char> name, string prefix) =>
        name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private static bool IsVersion(ReadOnlySpan<char> text) =>
        text.Equals("default", StringComparison.OrdinalIgnoreCase) || text.Equals("latest", StringComparison.OrdinalIgnoreCase)
        || (text.Length == 8 && IsDate(text[..4], text[4..6], text[6..]))
        || (text.Length == 10 && text[4] == '-' && text[7] == '-' && IsDate(text[..4], text[5..7], text[8..]));

    private static bool IsBedrockVersion(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        return colon > 0 && IsNumber(text[..colon]) && IsNumber(text[(colon + 1)..]);
    }

    private static bool IsDate(ReadOnlySpan<char> year, ReadOnlySpan<char> month, ReadOnlySpan<char> day) =>
        IsNumber(year) && (year.StartsWith("20") || year.StartsWith("19")) && InRange(month, 12) && InRange(day, 31);

    private static bool InRange(ReadOnlySpan<char> twoDigits, int most) =>
        IsNumber(twoDigits) && (twoDigits[0] - '0') * 10 + (twoDigits[1] - '0') is var value && value >= 1 && value <= most;

    // A plain loop: ContainsAnyExceptInRange boxes its bounds until it is compiled with optimisation.
    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character)) return false;
        }
        return !text.IsEmpty;
    }
}
