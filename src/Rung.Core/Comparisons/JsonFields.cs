using Rung.Core.Checks.Json;

namespace Rung.Core.Comparisons;

/// <summary>The fields of a JSON object, with those of the objects in it: what is compared one by one.</summary>
internal static class JsonFields
{
    /// <summary>Values by path. An empty object inside is a value.</summary>
    public static Dictionary<string, JsonValue> Of(JsonValue value)
    {
        var fields = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
        Add(fields, "", value);
        return fields;
    }

    private static void Add(Dictionary<string, JsonValue> fields, string path, JsonValue value)
    {
        foreach (var (name, member) in value.Members)
        {
            // As in a JSON pointer, so that a name with a slash is no path.
            var at = $"{path}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            if (member.Kind == JsonKind.Object && member.Members.Count > 0) Add(fields, at, member);
            else fields[at] = member;
        }
    }
}
