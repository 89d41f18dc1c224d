using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rung.Core.Requests;

namespace Rung.Gateway.Intake;

/// <summary>Who asks and for what job: from Rung's own headers first, then the body, then the conventions of other gateways.</summary>
internal static class CallFactsReader
{
    /// <summary>Prefix of virtual models: <c>model: "rung/classify-intent"</c>.</summary>
    public const string VirtualModelPrefix = "rung/";

    /// <summary>Reads the facts of one call.</summary>
    /// <param name="headers">Request headers.</param>
    /// <param name="scan">What the scan of the body found.</param>
    /// <param name="bodyBytes">Length of the body, for the token estimate.</param>
    /// <param name="session">The session or conversation; null when none.</param>
    public static CallFacts Read(IHeaderDictionary headers, in ScannedRequest scan, int bodyBytes, out string? session)
    {
        ref readonly var metadata = ref scan.FromMetadata;
        var baggage = headers.TryGetValue("baggage", out var carried) ? Baggage.Read(carried.ToString()) : default;
        var portkey = headers.TryGetValue("x-portkey-metadata", out var json) ? PortkeyMetadata.Read(json.ToString()) : default;
        var (tag, source) = Tag(headers, scan, baggage, portkey);

        session = Bounded(Header(headers, "x-rung-session") ?? metadata.Session ?? scan.SessionId
            ?? Header(headers, "x-session-id") ?? Header(headers, "helicone-session-id") ?? Header(headers, "x-claude-code-session-id"));
        return new CallFacts
        {
            Tag = tag,
            TagSource = source,
            Role = TagSpelling.Of(Header(headers, "x-rung-role") ?? metadata.RungRole ?? metadata.Role ?? Header(headers, "helicone-session-path") ?? portkey.Role ?? baggage.Role),
            Tenant = Bounded(Header(headers, "x-rung-tenant") ?? metadata.Tenant),
            User = Bounded(Header(headers, "x-rung-user") ?? metadata.User ?? scan.SafetyIdentifier ?? scan.User
                ?? Header(headers, "helicone-user-id") ?? Header(headers, "x-litellm-end-user-id") ?? portkey.User),
            DataClass = DataClasses(headers["x-rung-data-class"].ToString(), metadata.DataClass),
            Needs = scan.Needs,
            EstimatedInputTokens = bodyBytes / 4,
            RequestedMaxTokens = scan.RequestedMaxTokens,
        };
    }

    /// <summary>
    /// What is unclear about the declared data class: a pin could miss it, and the call reach a model that it must not. Null when all is clear.
    /// </summary>
    public static string? DataClassFault(IHeaderDictionary headers, in ScannedRequest scan)
    {
        if (scan.FromMetadata.DataClassIsUnclear) return "metadata.data_class must be a text or a list of texts.";
        if (DataClasses(headers["x-rung-data-class"].ToString(), scan.FromMetadata.DataClass) is not { } classes) return null;
        foreach (var range in classes.AsSpan().Split(','))
        {
            if (!TagSpelling.IsTag(classes.AsSpan(range).Trim()))
                return "A data class is a name of 1 to 64 of the characters a-z, 0-9, '.', '_' and '-'; several are separated by commas. The call was refused, since a pin could not be sure of it.";
        }
        return null;
    }

    private static (string? Tag, TagSource Source) Tag(IHeaderDictionary headers, in ScannedRequest scan, in Baggage baggage, in PortkeyMetadata portkey)
    {
        if (TagSpelling.Of(Header(headers, "x-rung-tag")) is { } own) return (own, TagSource.Header);
        if (TagSpelling.Of(scan.FromMetadata.RungTag ?? scan.FromMetadata.Tag) is { } inBody) return (inBody, TagSource.Metadata);
        if (scan.ModelName!.StartsWith(VirtualModelPrefix, StringComparison.Ordinal)
            && TagSpelling.Of(scan.ModelName[VirtualModelPrefix.Length..]) is { } inModel) return (inModel, TagSource.Model);

        var convention = Header(headers, "x-litellm-tags")?.Split(',', 2)[0] ?? scan.FirstTag ?? scan.FromMetadata.FirstTag
            ?? scan.FromMetadata.GenerationName ?? Header(headers, "langfuse_generation_name") ?? Header(headers, "helicone-property-tag")
            ?? portkey.Tag ?? Header(headers, "helicone-prompt-id");
        if (TagSpelling.Of(convention) is { } borrowed) return (borrowed, TagSource.Convention);
        if (TagSpelling.Of(baggage.Tag) is { } carried) return (carried, TagSource.Baggage);
        return (null, TagSource.None);
    }

    /// <summary>
    /// Every place is believed, and every value there, however long: a data class can bind a call to a pin, and none can free it. Header
    /// lines of one name come joined by commas.
    /// </summary>
    private static string? DataClasses(string header, string? body) => (header, body) switch
    {
        ("", null) => null,
        ("", _) => body.ToLowerInvariant(),
        (_, null) => header.ToLowerInvariant(),
        _ => $"{header},{body}".ToLowerInvariant(),
    };

    private static string? Header(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var value) && value.Count > 0 && value[0] is { Length: > 0 } text ? text : null;

    private static string? Bounded(string? text) => text is { Length: > 128 } ? text[..128] : text;

    /// <summary>W3C baggage: <c>rung.tag=classify,rung.role=planner</c>. Read only; never sent on.</summary>
    private readonly record struct Baggage(string? Tag, string? Role)
    {
        public static Baggage Read(string header)
        {
            string? tag = null, role = null;
            if (header.Length > 8192) return default;
            foreach (var range in header.AsSpan().Split(','))
            {
                var member = header.AsSpan(range).Trim();
                var properties = member.IndexOf(';');
                if (properties >= 0) member = member[..properties];
                var equals = member.IndexOf('=');
                if (equals <= 0) continue;
                var value = Uri.UnescapeDataString(member[(equals + 1)..].Trim().ToString());
                switch (member[..equals].Trim())
                {
                    case "rung.tag": tag ??= value; break;
                    case "rung.role" or "role" or "gen_ai.agent.name" or "agent.name": role ??= value; break;
                }
            }
            return new(tag, role);
        }
    }

    /// <summary>Portkey's metadata header: a JSON object of strings.</summary>
    private readonly record struct PortkeyMetadata(string? Tag, string? Role, string? User)
    {
        public static PortkeyMetadata Read(string header)
        {
            if (header.Length > 8192) return default;
            try
            {
                using var document = JsonDocument.Parse(header);
                return document.RootElement.ValueKind == JsonValueKind.Object
                    ? new(Text(document, "tag"), Text(document, "role"), Text(document, "_user"))
                    : default;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
            {
                return default; // Another gateway's header is a hint, never a reason to refuse a call.
            }
        }

        private static string? Text(JsonDocument document, string name) =>
            document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
