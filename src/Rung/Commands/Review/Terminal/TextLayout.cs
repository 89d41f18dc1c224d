using System.Text;
using Spectre.Console.Rendering;

namespace Rung.Commands.Review.Terminal;

/// <summary>Breaks text into lines of a terminal, counted in cells: a Chinese character takes two, a combining mark none.</summary>
internal static class TextLayout
{
    /// <summary>Lines of at most so many cells. Breaks at blanks where there are some; the indentation of what was not broken stays.</summary>
    /// <param name="text">Safe text.</param>
    /// <param name="width">Cells, at least 2.</param>
    public static IReadOnlyList<string> Wrap(string text, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 2);
        var lines = new List<string>();
        foreach (var line in text.Split('\n')) WrapLine(line.TrimEnd(), width, lines);
        while (lines.Count > 1 && lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    /// <summary>Cells of a line.</summary>
    public static int Cells(string line) => IsPlain(line) ? line.Length : new Segment(line).CellCount();

    /// <summary>A line of exactly so many cells, cut or filled up with blanks.</summary>
    public static string Fill(string line, int width)
    {
        var cut = Cut(line, width);
        return cut + new string(' ', width - Cells(cut));
    }

    /// <summary>A line of at most so many cells; what was cut is marked.</summary>
    public static string Cut(string line, int width)
    {
        if (Cells(line) <= width) return line;
        var (length, _) = Fit(line, 0, width - 1);
        return line[..length] + "…";
    }

    private static void WrapLine(string line, int width, List<string> lines)
    {
        var start = 0;
        do
        {
            var (end, whole) = Fit(line, start, width);
            if (!whole)
            {
                var blank = line.LastIndexOf(' ', end, end - start); // The blank itself may lie just behind the edge.
                if (blank > start && !string.IsNullOrWhiteSpace(line[start..blank])) end = blank;
            }
            lines.Add(line[start..end].TrimEnd());
            start = end;
            while (!whole && start < line.Length && line[start] == ' ') start++;
        }
        while (start < line.Length);
    }

    // Where the text that fits ends, and whether that is all of it. At least one character always fits.
    private static (int End, bool Whole) Fit(string line, int start, int width)
    {
        var (at, cells) = (start, 0);
        while (at < line.Length)
        {
            Rune.DecodeFromUtf16(line.AsSpan(at), out var rune, out var length);
            var wide = rune.IsAscii ? 1 : Math.Max(0, new Segment(rune.ToString()).CellCount());
            if (cells + wide > width && at > start) return (at, false);
            cells += wide;
            at += length;
        }
        return (at, true);
    }

    private static bool IsPlain(string line)
    {
        foreach (var character in line)
        {
            if (character is < ' ' or > '~') return false;
        }
        return true;
    }
}
