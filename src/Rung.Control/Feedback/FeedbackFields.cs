using System.Text.Json;

namespace Rung.Control.Feedback;

/// <summary>The fields of one JSON object, each asked for by name: what nobody asked for is unknown. A null counts as left out.</summary>
internal sealed class FeedbackFields(JsonElement element, string place)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>A field as it is; null when it is left out.</summary>
    public JsonElement? Any(string name)
    {
        _asked.Add(name);
        return element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>A text; null when it is left out or empty.</summary>
    /// <exception cref="FeedbackException">It is no text, too long, or broken.</exception>
    public string? Text(string name, int most)
    {
        if (Any(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) throw Fault(name, "It is no text.", "Send a string.");
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Fault(name, "It has half of a surrogate pair.", "Send valid Unicode."); // As cutting a text in the middle of an emoji leaves it.
        }
        if (text.Length > most) throw Fault(name, $"It has {text.Length:#,0} characters.", $"At most {most:#,0} are taken.");
        return text.Length == 0 ? null : text;
    }

    /// <summary>A finite number; null when it is left out.</summary>
    /// <exception cref="FeedbackException">It is none.</exception>
    public double? Number(string name)
    {
        if (Any(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw Fault(name, "It is no number.", "Send a finite number.");
    }

    /// <exception cref="FeedbackException">There is a field that nobody asked for: most likely a slip in its name.</exception>
    public void RefuseOthers()
    {
        foreach (var property in element.EnumerateObject())
        {
            if (_asked.Contains(property.Name)) continue;
            // What a client named is said again only where it could be a name.
            var shown = property.Name.Length is > 0 and <= 64 && property.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.') ? property.Name : "";
            throw new FeedbackException(Inner(shown), "There is a field that feedback does not have.", $"Known are {string.Join(", ", _asked.Order(StringComparer.Ordinal))}.");
        }
    }

    /// <summary>The place of a field.</summary>
    public string Inner(string name) => name.Length == 0 ? place : place.Length == 0 ? name : $"{place}.{name}";

    public FeedbackException Fault(string name, string problem, string fix) => new(Inner(name), problem, fix);
}
