using Rung.Core.Checks.Schema.Formats;

namespace Rung.Core.Tests.Checks.Schema.Formats;

/// <summary>Asks a format by its name, as a schema does.</summary>
internal static class FormatRules
{
    public static readonly string[] Names =
    [
        "date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri", "uri-reference", "iri",
        "iri-reference", "uri-template", "uuid", "json-pointer", "relative-json-pointer", "regex",
    ];

    public static SchemaFormat Find(string format)
    {
        Assert.True(SchemaFormats.TryFind(format, out var rule), format);
        return rule;
    }

    public static void Passes(string format, string text) => Assert.True(Find(format)(text), $"{format} must pass: {text}");

    public static void Fails(string format, string text) => Assert.False(Find(format)(text), $"{format} must fail: {text}");
}
