using System.Text;

namespace Rung.Commands.Policy;

/// <summary>Text for a terminal of 100 columns. What comes from a policy or a ledger may hold anything: control characters are shown as dots.</summary>
internal static class Lines
{
    public const int Width = 100;

    /// <summary>Writes one text, broken at blanks; the first line begins with a lead, the others are indented as far.</summary>
    public static void Write(TextWriter output, string lead, string text)
    {
        var line = new StringBuilder(lead);
        var indent = new string(' ', lead.Length);
        var isEmpty = true;
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Clean)) // Null: any white space.
        {
            if (!isEmpty && line.Length + 1 + word.Length > Width)
            {
                output.WriteLine(line);
                line.Clear().Append(indent);
                isEmpty = true;
            }
            if (!isEmpty) line.Append(' ');
            line.Append(word);
            isEmpty = false;
        }
        output.WriteLine(line.ToString().TrimEnd());
    }

    /// <summary>Without control characters: a name must not move the cursor or break a line.</summary>
    public static string Clean(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(character => char.IsControl(character) ? '·' : character)) : text;

    /// <summary>A number and its word: <c>1 fault</c>, <c>2 faults</c>.</summary>
    public static string Count(int number, string word) => $"{number:N0} {word}{(number == 1 ? "" : "s")}";

    /// <summary>A time for people, UTC, to the second.</summary>
    public static string Time(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";

    /// <summary>The first 12 digits of a content hash: what people compare.</summary>
    public static string Short(string hash) => hash[..Math.Min(12, hash.Length)];
}
