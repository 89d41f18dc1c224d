using System.Collections.Frozen;

namespace Rung.Core.Checks.Schema.Formats;

/// <summary>Whether a text has a format. Never throws, does work linear in the text, looks at nothing else.</summary>
internal delegate bool SchemaFormat(ReadOnlySpan<char> text);

/// <summary>The formats of draft 7 and draft 2020-12 by name. Where the drafts cite different editions of a standard, the newer one counts for both.</summary>
internal static class SchemaFormats
{
    private static readonly FrozenDictionary<string, SchemaFormat> Known = new Dictionary<string, SchemaFormat>(StringComparer.Ordinal)
    {
        ["date-time"] = InternetTime.IsDateTime,
        ["date"] = InternetTime.IsDate,
        ["time"] = InternetTime.IsTime,
        ["duration"] = IsoDuration.IsDuration,
        ["email"] = MailAddress.IsAscii,
        ["idn-email"] = MailAddress.IsInternational,
        ["hostname"] = HostName.IsAscii,
        ["idn-hostname"] = HostName.IsInternational,
        ["ipv4"] = IpAddress.IsV4,
        ["ipv6"] = IpAddress.IsV6,
        ["uri"] = UriSyntax.IsUri,
        ["uri-reference"] = UriSyntax.IsUriReference,
        ["iri"] = UriSyntax.IsIri,
        ["iri-reference"] = UriSyntax.IsIriReference,
        ["uri-template"] = UriTemplate.IsTemplate,
        ["uuid"] = Uuid.IsUuid,
        ["json-pointer"] = PointerSyntax.IsPointer,
        ["relative-json-pointer"] = PointerSyntax.IsRelativePointer,
        ["regex"] = EcmaSyntax.IsPattern,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Finds the rule of a format.</summary>
    /// <param name="format">The name as a schema has it; names are case-sensitive.</param>
    /// <param name="rule">The rule; for an unknown format one that everything passes.</param>
    /// <returns>Whether the format is known.</returns>
    internal static bool TryFind(string format, out SchemaFormat rule)
    {
        if (Known.TryGetValue(format, out var known))
        {
            rule = known;
            return true;
        }
        rule = static _ => true;
        return false;
    }
}
