using Rung.Core.Policies.Documents;

namespace Rung.Core.Policies.Changes;

/// <summary>One edit of a text.</summary>
/// <param name="At">Where, in characters.</param>
/// <param name="Length">How many characters go.</param>
/// <param name="With">What comes in their place.</param>
internal readonly record struct TextEdit(int At, int Length, string With)
{
    /// <summary>Makes edits that do not overlap, and reads the result again: it is given only if it says exactly what is expected.</summary>
    public static string? Apply(string text, IEnumerable<TextEdit> edits, PolicyDocument expected, out string? problem)
    {
        // Of two at the same place the one that takes something away goes last, so that what is put in stays before what follows.
        foreach (var edit in edits.OrderByDescending(edit => edit.At).ThenBy(edit => edit.Length)) text = text[..edit.At] + edit.With + text[(edit.At + edit.Length)..];
        if (PolicyText.Read(text) is { } now && PolicyWriter.Write(now) == PolicyWriter.Write(expected))
        {
            problem = null;
            return text;
        }
        problem = "The policy would no longer read as it should.";
        return null;
    }

    /// <summary>How the lines of a text end.</summary>
    public static string LineEnd(string text) => text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
}
