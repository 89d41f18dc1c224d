using System.Text;

namespace Rung.Core.Policies.Documents;

/// <summary>A YAML map under construction: keys in order, nothing written for what is null.</summary>
internal sealed class YamlBlock
{
    private readonly List<(string Key, object Value)> entries = [];

    public bool IsEmpty => entries.Count == 0;

    /// <summary>Adds a value that is already YAML (a number, a word, a list in brackets).</summary>
    public YamlBlock Raw(string key, string? yaml)
    {
        if (yaml is not null) entries.Add((key, yaml));
        return this;
    }

    public YamlBlock Text(string key, string? text) => Raw(key, text is null ? null : Quote(text));

    public YamlBlock Flag(string key, bool? flag) => Raw(key, flag switch { true => "true", false => "false", null => null });

    public YamlBlock Map(string key, YamlBlock? map)
    {
        if (map is not null) entries.Add((key, map));
        return this;
    }

    public YamlBlock Maps(string key, IReadOnlyList<YamlBlock>? maps)
    {
        if (maps is not null) entries.Add((key, maps));
        return this;
    }

    /// <summary>A list of texts, in brackets.</summary>
    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quote))}]";

    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, 0);
        return text.ToString();
    }

    private void Write(StringBuilder text, int indent, bool isFirstIndented = false)
    {
        foreach (var (key, value) in entries)
        {
            if (!isFirstIndented) text.Append(' ', indent);
            isFirstIndented = false;
            text.Append(HasPlainForm(key) ? key : Quote(key)).Append(':');
            WriteValue(text, value, indent + 2);
        }
    }

    private static void WriteValue(StringBuilder text, object value, int indent)
    {
        switch (value)
        {
            case YamlBlock { IsEmpty: true }:
                text.Append(" {}\n");
                break;
            case YamlBlock map:
                text.Append('\n');
                map.Write(text, indent);
                break;
            case IReadOnlyList<YamlBlock> { Count: 0 }:
                text.Append(" []\n");
                break;
            case IReadOnlyList<YamlBlock> maps:
                text.Append('\n');
                foreach (var map in maps)
                {
                    text.Append(' ', indent).Append("- ");
                    map.Write(text, indent + 2, isFirstIndented: true);
                }
                break;
            default:
                text.Append(' ').Append(value).Append('\n');
                break;
        }
    }

    private static string Quote(string text)
    {
        if (IsPlain(text)) return text;
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            if (character is '"' or '\\') quoted.Append('\\').Append(character);
            else if (char.IsControl(character) || character is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF') quoted.Append($"\\u{(int)character:X4}");
            else quoted.Append(character);
        }
        return quoted.Append('"').ToString();
    }

    private static bool HasPlainForm(string text) =>
        text.Length > 0 && char.IsAsciiLetterLower(text[0])
        && text.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_' or '.');

    // A value that older YAML readers take for a boolean is quoted; as a key it is always text.
    private static bool IsPlain(string text) => HasPlainForm(text) && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n");
}
