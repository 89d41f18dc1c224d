using System.Text.Json;

namespace Rung.Gateway.Intake;

/// <summary>Reads the <c>metadata</c> object of a request: tag, role, session, user, by Rung's names and by those of other gateways.</summary>
internal static class MetadataScanner
{
    /// <summary>Keys that are Rung's own: they never travel on.</summary>
    private static ReadOnlySpan<byte> OwnPrefix => "rung_"u8;

    /// <summary>Reads the value that the reader stands on, and leaves it on its last token.</summary>
    /// <returns>True when a routing key stands there twice.</returns>
    public static bool Read(ref Utf8JsonReader json, ref MetadataFacts facts)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return false;
        }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            RequestScanner.RequireText(ref json);
            if (json.ValueSpan.StartsWith(OwnPrefix)) facts.MustBeTrimmed = true;
            if (json.ValueTextEquals("rung_tag"u8)) { if (!Take(ref json, ref facts.RungTag)) return true; }
            else if (json.ValueTextEquals("tag"u8)) { facts.MustBeTrimmed = true; if (!Take(ref json, ref facts.Tag)) return true; }
            else if (json.ValueTextEquals("rung_role"u8)) { if (!Take(ref json, ref facts.RungRole)) return true; }
            else if (json.ValueTextEquals("role"u8)) TakeFirst(ref json, ref facts.Role);
            else if (json.ValueTextEquals("rung_session"u8) || json.ValueTextEquals("session_id"u8)) TakeFirst(ref json, ref facts.Session);
            else if (json.ValueTextEquals("rung_user"u8) || json.ValueTextEquals("trace_user_id"u8)) TakeFirst(ref json, ref facts.User);
            else if (json.ValueTextEquals("rung_data_class"u8) || json.ValueTextEquals("data_class"u8)) facts.DataClassIsUnclear |= !TakeAll(ref json, ref facts.DataClass);
            else if (json.ValueTextEquals("rung_tenant"u8)) TakeFirst(ref json, ref facts.Tenant);
            else if (json.ValueTextEquals("generation_name"u8)) TakeFirst(ref json, ref facts.GenerationName);
            else if (json.ValueTextEquals("tags"u8))
            {
                json.Read();
                // OpenAI takes only strings in metadata: LiteLLM's array of tags must stay here.
                if (json.TokenType == JsonTokenType.StartArray) facts.MustBeTrimmed = true;
                facts.FirstTag = RequestScanner.FirstText(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
        return false;
    }

    private static bool Take(ref Utf8JsonReader json, ref string? target)
    {
        json.Read();
        var value = RequestScanner.Text(ref json);
        if (target is not null) return false;
        target = value;
        return true;
    }

    /// <summary>Adds a text, or every text of a list, to what is there: no value may hide another.</summary>
    /// <returns>False for anything but texts.</returns>
    private static bool TakeAll(ref Utf8JsonReader json, ref string? target)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            if (json.TokenType == JsonTokenType.Null) return true;
            if (RequestScanner.Text(ref json) is not { } one) return false;
            target = target is null ? one : $"{target},{one}";
            return true;
        }
        var clear = true;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (RequestScanner.Text(ref json) is { } each) target = target is null ? each : $"{target},{each}";
            else clear = false;
        }
        return clear;
    }

    private static void TakeFirst(ref Utf8JsonReader json, ref string? target)
    {
        json.Read();
        target ??= RequestScanner.Text(ref json);
    }
}
