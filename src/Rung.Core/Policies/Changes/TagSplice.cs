using System.Text;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Changes;

/// <summary>Takes blocks of tags from one text over into another.</summary>
internal static class TagSplice
{
    /// <summary>Does it; null with the reason when it cannot be done safely.</summary>
    public static string? Apply(
        string currentText, string candidateText, PolicyDocument current, PolicyDocument candidate, IReadOnlySet<string> tags, out string? problem)
    {
        var (own, other) = (PolicyText.Tree(currentText)?["tags"] as YamlMap, PolicyText.Tree(candidateText)?["tags"] as YamlMap);
        var isFlow = own is not null && PolicyText.IsFlow(currentText, own);
        var otherIsFlow = other is not null && PolicyText.IsFlow(candidateText, other);
        var indent = own is { Entries.IsEmpty: false } ? own.Entries[0].KeyPlace.Column - 1 : 2;
        var end = TextEdit.LineEnd(currentText);
        var edits = new List<TextEdit>();
        var added = new List<string>();
        var expected = current.Tags;

        foreach (var tag in current.Tags.Where(tag => tags.Contains(tag.Name)))
        {
            var young = candidate.Tags.FirstOrDefault(entry => entry.Name == tag.Name);
            if (young is not null && PolicyNeeds.Same(tag, young)) continue;
            var place = own!.Entries.First(entry => entry.Key == tag.Name);
            if ((isFlow ? PolicyText.FlowOf(currentText, place) : PolicyText.BlockOf(currentText, place, withComments: true)) is not { } span) return Refuse(tag.Name, out problem);
            var block = young is null ? "" : Block(tag.Name);
            if (block is null) return Refuse(tag.Name, out problem);
            if (young is null && isFlow) span = WithComma(currentText, span);
            edits.Add(new TextEdit(span.Start, span.End - span.Start, block));
            expected = young is null ? expected.Remove(tag) : expected.Replace(tag, young);
        }
        foreach (var tag in candidate.Tags.Where(tag => tags.Contains(tag.Name) && current.Tags.All(entry => entry.Name != tag.Name)))
        {
            if (Block(tag.Name) is not { } block) return Refuse(tag.Name, out problem);
            added.Add(block);
            expected = expected.Add(tag);
        }
        if (added.Count > 0)
        {
            if (own is { Entries.IsEmpty: false })
            {
                var last = own.Entries[^1];
                if ((isFlow ? PolicyText.FlowOf(currentText, last) : PolicyText.BlockOf(currentText, last, withComments: false)) is not { } span) return Refuse(last.Key, out problem);
                var starts = isFlow || currentText[..span.End].EndsWith('\n') ? "" : end;
                edits.Add(new TextEdit(span.End, 0, isFlow ? string.Concat(added.Select(block => $", {block}")) : starts + string.Concat(added)));
            }
            else if (own is null)
            {
                edits.Add(new TextEdit(currentText.Length, 0, $"{(currentText.EndsWith('\n') ? "" : end)}tags:{end}{string.Concat(added)}"));
            }
            else
            {
                return Refuse("tags", out problem);
            }
        }
        return TextEdit.Apply(currentText, edits, current with { Tags = expected }, out problem);

        string? Block(string tag) => Taken(candidateText, other!.Entries.First(entry => entry.Key == tag), otherIsFlow, isFlow, indent, end);
    }

    // The block as the candidate has it, in the layout of where it goes.
    private static string? Taken(string text, YamlEntry entry, bool fromFlow, bool toFlow, int indent, string end)
    {
        if (toFlow) return fromFlow && PolicyText.FlowOf(text, entry) is { } same ? text[same.Start..same.End] : $"{entry.Key}: {Flow(entry.Value)}";
        if (fromFlow) return $"{new string(' ', indent)}{entry.Key}: {Flow(entry.Value)}{end}";
        if (PolicyText.BlockOf(text, entry, withComments: true) is not { } span) return null;

        var shift = indent - (entry.KeyPlace.Column - 1);
        var moved = new StringBuilder();
        foreach (var line in text[span.Start..span.End].TrimEnd().Split('\n'))
        {
            var plain = line.TrimEnd('\r');
            if (plain.Trim().Length == 0) plain = "";
            else if (shift > 0) plain = new string(' ', shift) + plain;
            else if (shift < 0) plain = plain[Math.Min(-shift, plain.Length - plain.TrimStart(' ').Length)..];
            moved.Append(plain).Append(end);
        }
        return moved.ToString();
    }

    private static string Flow(YamlValue value) => value switch
    {
        YamlMap map => map.Entries.IsEmpty ? "{}" : $"{{ {string.Join(", ", map.Entries.Select(entry => $"{Scalar(entry.Key, plain: true)}: {Flow(entry.Value)}"))} }}",
        YamlList list => $"[{string.Join(", ", list.Items.Select(Flow))}]",
        YamlScalar scalar => Scalar(scalar.Text, scalar.IsPlain),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.Kind, "No value of YAML."),
    };

    private static string Scalar(string text, bool plain)
    {
        if (plain && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.') && !text.StartsWith('-')) return text.Length == 0 ? "~" : text;
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            if (character is '"' or '\\') quoted.Append('\\').Append(character);
            else if (char.IsControl(character) || character is '\u2028' or '\u2029' or '\uFEFF') quoted.Append($"\\u{(int)character:X4}");
            else quoted.Append(character);
        }
        return quoted.Append('"').ToString();
    }

    // A pair that goes takes the comma behind it along, or the one before it.
    private static (int Start, int End) WithComma(string text, (int Start, int End) span)
    {
        var behind = span.End;
        while (behind < text.Length && char.IsWhiteSpace(text[behind])) behind++;
        if (behind < text.Length && text[behind] == ',')
        {
            behind++;
            while (behind < text.Length && text[behind] == ' ') behind++;
            return (span.Start, behind);
        }
        var before = span.Start;
        while (before > 0 && char.IsWhiteSpace(text[before - 1])) before--;
        return before > 0 && text[before - 1] == ',' ? (before - 1, span.End) : span;
    }

    private static string? Refuse(string tag, out string? problem)
    {
        problem = $"The block of tag {tag} is not written in a way that can be taken over.";
        return null;
    }
}
