using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks;

/// <summary>
/// The way to a field of a JSON answer: names and positions, separated by full stops (<c>a.b.0.c</c>). A number is a position where the
/// value is an array and a name where it is an object. Names that hold a full stop cannot be written.
/// </summary>
internal sealed class FieldPath
{
    private readonly ImmutableArray<string> steps;

    private FieldPath(string text, ImmutableArray<string> steps) => (Text, this.steps) = (text, steps);

    /// <summary>The path as the policy wrote it.</summary>
    public string Text { get; }

    /// <summary>Reads a path; no step of it may be empty.</summary>
    public static FieldPath? Parse(string text, out string? fault)
    {
        ImmutableArray<string> names = [.. text.Split('.')];
        fault = names.Any(string.IsNullOrWhiteSpace) ? $"The field path '{text}' has an empty step; write names separated by full stops, such as a.b.0.c." : null;
        return fault is null ? new FieldPath(text, names) : null;
    }

    /// <summary>Follows the path.</summary>
    public bool TryFind(JsonValue root, [NotNullWhen(true)] out JsonValue? found)
    {
        found = root;
        foreach (var step in steps)
        {
            found = found.Kind switch
            {
                JsonKind.Object => found.Members.GetValueOrDefault(step),
                JsonKind.Array => ItemAt(found, step),
                _ => null,
            };
            if (found is null) return false;
        }
        return true;
    }

    private static JsonValue? ItemAt(JsonValue array, string step) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < array.Items.Length ? array.Items[index] : null;
}
