using System.Text;

namespace Rung.Control.Audit;

/// <summary>YAML under construction, with comments. Text of a log can neither leave its quotes nor its comment.</summary>
internal sealed class ProposalText
{
    private const int Width = 112;

    private readonly StringBuilder _text = new();

    /// <summary>A line that is YAML already.</summary>
    public ProposalText Line(int indent, string yaml)
    {
        _text.Append(' ', indent).Append(yaml).Append('\n');
        return this;
    }

    /// <summary>An empty line.</summary>
    public ProposalText Gap()
    {
        _text.Append('\n');
        return this;
    }

    /// <summary>A comment, wrapped at words.</summary>
    /// <param name="indent">Columns before it.</param>
    /// <param name="comment">One paragraph.</param>
    /// <param name="hanging">How far its further lines are indented.</param>
    public ProposalText Comment(int indent, string comment, int hanging = 0)
    {
        var line = new StringBuilder();
        foreach (var word in OneLine.Of(comment, 4000).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && indent + 2 + line.Length + 1 + word.Length > Width)
            {
                Flush();
                line.Append(' ', hanging).Append(word);
            }
            else
            {
                if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
                line.Append(word);
            }
        }
        if (line.Length > 0) Flush();
        return this;

        void Flush()
        {
            Line(indent, $"# {line}");
            line.Clear();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>Text as a value: in double quotes, one line, at most so long, and never what a policy would take for an environment variable.</summary>
    public static string Quote(string text, int most = 500)
    {
        var clean = OneLine.Of(text, most).Replace("${", "$ {", StringComparison.Ordinal);
        if (clean.Length > most) clean = OneLine.Of(clean, most);
        var quoted = new StringBuilder("\"");
        foreach (var character in clean.Length == 0 ? "unnamed" : clean)
        {
            if (character is '"' or '\\') quoted.Append('\\');
            quoted.Append(character);
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>A name as a key or in a list: quoted unless every YAML reader takes it for text.</summary>
    public static string Name(string name) =>
        char.IsAsciiLetterLower(name[0]) && name is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n") ? name : $"\"{name}\"";
}
