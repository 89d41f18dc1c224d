using System.Buffers;
using System.Text.Json;

namespace Rung.Control.Imports.Otlp;

/// <summary>Finds the name of the job in what callers write freely: metadata and lists of tags.</summary>
internal static class JobReading
{
    private static readonly SearchValues<char> s_versionLetters = SearchValues.Create("0123456789.-_");
    private static readonly string[] JobKeys = ["rung.tag", "rung_tag", "tag", "task", "feature", "job", "use_case", "usecase", "task_name", "function"];

    /// <summary>The job and the role that a JSON object of metadata names; null where it names none.</summary>
    public static (string? Job, string? Role) OfMetadata(ReadOnlySpan<byte> json)
    {
        string? job = null, role = null;
        var rank = int.MaxValue;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return default;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isRole = reader.ValueTextEquals("role"u8);
                var found = int.MaxValue;
                for (var i = 0; i < JobKeys.Length && !isRole; i++)
                {
                    if (reader.ValueTextEquals(JobKeys[i])) found = i;
                }
                reader.Read();
                if (reader.TokenType != JsonTokenType.String) reader.Skip();
                else if (isRole) role = reader.GetString();
                else if (found < rank) (job, rank) = (reader.GetString(), found);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Cut off, or no JSON: what was read up to there holds.
        }
        return (job, role);
    }

    /// <summary>
    /// The job out of a list of tags: one that says so (<c>task:classify</c>), else the first that is neither an environment nor a version nor a property of
    /// something else (<c>env:prod</c>); null when there is none.
    /// </summary>
    public static string? OfTags(ReadOnlySpan<byte> json)
    {
        string? plain = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) return null;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.String)
                {
                    reader.Skip();
                    continue;
                }
                var tag = reader.GetString()!;
                var colon = tag.AsSpan().IndexOfAny(':', '=');
                if (colon > 0)
                {
                    if (JobKeys.AsSpan().Contains(tag[..colon].ToLowerInvariant())) return tag[(colon + 1)..];
                }
                else if (plain is null && !SaysWhereNotWhat(tag)) plain = tag;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON: no list.
        }
        return plain;
    }

    private static bool SaysWhereNotWhat(string tag)
    {
        if (tag.ToLowerInvariant() is "prod" or "production" or "dev" or "development" or "staging" or "stage" or "test" or "testing" or "local" or "canary" or "beta" or "debug" or "ci" or "default" or "user-agent") return true;
        var digits = tag.AsSpan().TrimStart('v');
        return digits.IsEmpty || !digits.ContainsAnyExcept(s_versionLetters);
    }
}
