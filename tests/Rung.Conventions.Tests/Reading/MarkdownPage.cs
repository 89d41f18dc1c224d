using System.Text;
using System.Text.RegularExpressions;

namespace Rung.Conventions.Tests.Reading;

/// <summary>A link of a page.</summary>
internal sealed record MarkdownLink(int Line, string Target);

/// <summary>A fenced block: what stands behind the fence, and its text.</summary>
internal sealed record MarkdownBlock(int Line, string Info, string Text);

/// <summary>A Markdown page, read as far as the conventions need: headings, links, fenced blocks, tables.</summary>
internal sealed partial class MarkdownPage
{
    private readonly List<(int Level, string Text, int Line)> headings = [];
    private readonly List<string> prose = []; // One a line; empty inside blocks.

    private MarkdownPage(string path) => Path = path;

    /// <summary>Relative to the root, with forward slashes.</summary>
    public string Path { get; }

    public string Text { get; private init; } = "";

    public List<MarkdownLink> Links { get; } = [];

    public List<MarkdownBlock> Blocks { get; } = [];

    public HashSet<string> Anchors { get; } = [];

    public static MarkdownPage Read(string path)
    {
        var page = new MarkdownPage(path) { Text = Repository.Read(path) };
        page.Parse();
        return page;
    }

    /// <summary>First cells of all table rows below a heading, to the next heading of its level, without code marks and emphasis.</summary>
    public IReadOnlyList<string> FirstColumn(string heading) => [.. Rows(heading).Select(row => row[0])];

    /// <summary>All table rows below a heading, heads and rules left out.</summary>
    public IReadOnlyList<string[]> Rows(string heading)
    {
        var start = headings.FindIndex(candidate => candidate.Text == heading);
        if (start < 0) throw new InvalidOperationException($"{Path} has no heading '{heading}'.");
        var next = headings.FindIndex(start + 1, candidate => candidate.Level <= headings[start].Level);
        var (from, to) = (headings[start].Line, next < 0 ? prose.Count : headings[next].Line - 1);
        var rows = new List<string[]>();
        for (var i = from; i < to; i++)
        {
            if (!prose[i].StartsWith('|') || Rule().IsMatch(prose[i])) continue;
            if (i + 1 < to && Rule().IsMatch(prose[i + 1])) continue; // A head.
            rows.Add([.. prose[i].Trim('|').Split('|').Select(cell => cell.Replace("`", "").Replace("**", "").Trim())]);
        }
        return rows;
    }

    private void Parse()
    {
        MarkdownBlock? open = null;
        var content = new StringBuilder();
        var line = 0;
        foreach (var text in Text.Split('\n'))
        {
            line++;
            if (text.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                if (open is null) open = new(line, text.Trim().Trim('`'), "");
                else
                {
                    Blocks.Add(open with { Text = content.ToString() });
                    content.Clear();
                    open = null;
                }
                prose.Add("");
                continue;
            }
            if (open is not null) content.Append(text).Append('\n');
            prose.Add(open is null ? text : "");
            if (open is not null) continue;
            if (Heading().Match(text) is { Success: true } heading) AddHeading(heading.Groups[1].Length, heading.Groups[2].Value.Trim(), line);
            foreach (Match link in Link().Matches(Code().Replace(text, ""))) Links.Add(new(line, link.Groups[1].Value));
        }
    }

    private void AddHeading(int level, string text, int line)
    {
        headings.Add((level, text.Replace("`", ""), line));
        var slug = Slug(text);
        var anchor = slug;
        for (var again = 1; !Anchors.Add(anchor); again++) anchor = $"{slug}-{again}";
    }

    /// <summary>As GitHub makes it: lower case, spaces to hyphens, and nothing but letters, digits, hyphens and underscores.</summary>
    private static string Slug(string heading) => string.Concat(
        heading.ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_').Select(letter => letter == ' ' ? '-' : letter));

    [GeneratedRegex(@"^(#{1,6})\s+(.*?)\s*#*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(([^)\s]+)(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\|[\s:|-]+\|$")]
    private static partial Regex Rule();
}
