using System.Collections.Immutable;
using System.Globalization;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>JSON pointers (RFC 6901) in the fragment form of a <c>$ref</c>: <c>#/$defs/price</c>.</summary>
internal static class JsonPointer
{
    /// <summary>A name as a step of a pointer.</summary>
    public static string Escape(string name) => name.Replace("~", "~0").Replace("/", "~1");

    /// <summary>The steps of a fragment (percent-encoded, without the <c>#</c>), which is empty or begins with a slash; null when it is no pointer.</summary>
    public static ImmutableArray<string>? Steps(string fragment)
    {
        if (fragment.Length == 0) return [];
        if (fragment[0] != '/') return null;
        return [.. Uri.UnescapeDataString(fragment)[1..].Split('/').Select(step => step.Replace("~1", "/").Replace("~0", "~"))];
    }

    /// <summary>The value at the end of the steps, or null.</summary>
    public static JsonValue? Find(JsonValue root, ImmutableArray<string> steps)
    {
        JsonValue? found = root;
        foreach (var step in steps)
        {
            found = found.Kind switch
            {
                JsonKind.Object => found.Members.GetValueOrDefault(step),
                JsonKind.Array when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < found.Items.Length => found.Items[i],
                _ => null,
            };
            if (found is null) return null;
        }
        return found;
    }
}
