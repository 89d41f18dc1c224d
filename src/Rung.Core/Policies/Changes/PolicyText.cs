using System.Text.RegularExpressions;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Changes;

/// <summary>Places in the text of a policy, for edits that keep comments and layout.</summary>
internal static partial class PolicyText
{
    /// <summary>Reads a policy without faults; null for any other.</summary>
    public static PolicyDocument? Read(string text)
    {
        var faults = new FaultList("policy");
        return PolicyReader.Read(text, faults) is { } document && faults.IsEmpty ? document : null;
    }

    /// <summary>The tree of a text; null when it is no map.</summary>
    public static YamlMap? Tree(string text) => YamlTree.Read(text, new FaultList("policy")) as YamlMap;

    /// <summary>Where a line begins, from 1.</summary>
    public static int LineStart(string text, int line)
    {
        var at = 0;
        for (var i = 1; i < line; i++)
        {
            var end = text.IndexOf('\n', at);
            if (end < 0) break;
            at = end + 1;
        }
        return at;
    }

    /// <summary>Where a place is, counted in characters.</summary>
    public static int OffsetOf(string text, Place place) => Math.Min(text.Length, LineStart(text, place.Line) + place.Column - 1);

    /// <summary>The value of a path, when it has a shape.</summary>
    public static Match? ScalarAt(string text, PolicyDocument document, string path, Regex shape)
    {
        if (!document.Places.TryGetValue(path, out var place)) return null;
        var at = LineStart(text, place.Line) + place.Column - 1;
        return at <= text.Length && shape.Match(text, at) is { Success: true } match && match.Index == at ? match : null;
    }

    /// <summary>A value that is written on one line, with or without quotes.</summary>
    [GeneratedRegex("""\G(?:"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'|[^\s"'\[\]{},#&*!|>%@`][^\[\]{},#\r\n]*?)(?=\s*(?:[,}]|[ \t]#|\r?\n|$))""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    public static partial Regex OneLine();

    /// <summary>
    /// The part of a text that a key of a map takes, from the beginning of its line (with the comment lines right above it, when they are wanted) to that of the next key's line.
    /// Null when the map is written in braces, or the key does not begin its line.
    /// </summary>
    public static (int Start, int End)? BlockOf(string text, YamlEntry entry, bool withComments)
    {
        var indent = entry.KeyPlace.Column - 1;
        var start = LineStart(text, entry.KeyPlace.Line);
        if (start + indent > text.Length || text.AsSpan(start, indent).ContainsAnyExcept(' ')) return null;
        // Content that is deeper belongs to the key, and so does a list whose dashes stand right below it; what follows of comments does only if it is deeper, too.
        var (end, next) = (0, start);
        while (next < text.Length)
        {
            var line = LineAt(text, next);
            var depth = line.Span.IndexOfAnyExcept(' ');
            var isBlank = depth < 0 || line.Span[depth..].Trim().IsEmpty;
            if (next != start && !isBlank && line.Span[depth] != '#' && (depth < indent || (depth == indent && !line.Span[depth..].StartsWith("- ")))) break;
            next += line.Length;
            if (!isBlank && (depth > indent || line.Span[depth] != '#')) end = next;
        }
        if (withComments)
        {
            while (start > 0)
            {
                var above = text.LastIndexOf('\n', Math.Max(0, start - 2)) + 1;
                var line = text.AsSpan(above, start - above);
                if (above == start || line.IndexOfAnyExcept(' ') != indent || line[indent] != '#') break;
                start = above;
            }
        }
        return (start, end);
    }

    /// <summary>The part of a text that a key takes in a map that is written in braces: from the key to the comma or brace behind its value, without that. Null when it does not end.</summary>
    public static (int Start, int End)? FlowOf(string text, YamlEntry entry)
    {
        var start = OffsetOf(text, entry.KeyPlace);
        var depth = 0;
        for (var i = start; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    for (i++; i < text.Length && text[i] != '"'; i++)
                    {
                        if (text[i] == '\\') i++;
                    }
                    break;
                case '\'' when i == start || text[i - 1] is ' ' or ',' or '[' or '{' or ':' or '\n':
                    for (i++; i < text.Length; i++)
                    {
                        if (text[i] != '\'') continue;
                        if (i + 1 < text.Length && text[i + 1] == '\'') i++;
                        else break;
                    }
                    break;
                case '#' when i > 0 && text[i - 1] is ' ' or '\t' or '\n':
                    while (i + 1 < text.Length && text[i + 1] != '\n') i++;
                    break;
                case '{' or '[':
                    depth++;
                    break;
                case '}' or ']' when depth > 0:
                    depth--;
                    break;
                case ',' or '}' or ']' when depth == 0:
                    return (start, start + text.AsSpan(start, i - start).TrimEnd().Length);
            }
        }
        return null;
    }

    /// <summary>Whether a map is written in braces.</summary>
    public static bool IsFlow(string text, YamlMap map) => OffsetOf(text, map.Place) is var at && at < text.Length && text[at] == '{';

    private static ReadOnlyMemory<char> LineAt(string text, int start)
    {
        var end = text.IndexOf('\n', start);
        return text.AsMemory(start, (end < 0 ? text.Length : end + 1) - start);
    }
}
