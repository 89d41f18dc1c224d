using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rung.Commands;

/// <summary>How commands speak: data on standard output, talk on standard error, JSON in snake_case.</summary>
internal static class Output
{
    /// <summary>The JSON of every <c>--json</c>: snake_case names, enums as snake_case words, readable text.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Writes a value as JSON.</summary>
    public static void WriteJson<T>(TextWriter output, T value) => output.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>Writes an error: what is wrong, where, and what to do.</summary>
    public static int Fail(TextWriter error, string message, string? fix = null)
    {
        error.WriteLine($"rung: {message}");
        if (fix is not null) error.WriteLine($"      {fix}");
        return ExitCode.Usage;
    }

    /// <summary>Nano-USD as US dollars for people: as many decimals as the amount needs, at least two.</summary>
    public static string Usd(long nanoUsd)
    {
        var usd = nanoUsd / 1_000_000_000m;
        return Math.Abs(usd) switch
        {
            0 => "$0.00",
            < 0.01m => $"${usd:0.000000}",
            < 10m => $"${usd:0.0000}",
            _ => $"${usd:#,0.00}",
        };
    }

    /// <summary>Nano-USD as a JSON number of US dollars, exact to the nano-dollar.</summary>
    public static decimal UsdNumber(long nanoUsd) => nanoUsd / 1_000_000_000m;
}
