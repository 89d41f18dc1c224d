using System.Globalization;
using System.Text;

namespace Rung.Recorded;

/// <summary>
/// A stand-in for an answer of which a recording kept only the grade: a text that says so itself. It has that answer's grade, tokens and price; it has no
/// content, so no check can judge it.
/// </summary>
internal static class StandIn
{
    private const string Beginning = "[stand-in: ";

    /// <summary>The stand-in of a graded answer: the same model and grade, the same text; another model or grade, another text.</summary>
    /// <param name="model">The model, as the recording names it.</param>
    /// <param name="score">The grade of its answer, 0 to 1.</param>
    public static RecordedAnswer Of(string model, double score) => new()
    {
        Text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Beginning}the recording kept only the grade of the answer by {model}: {score:R}]")), ToolCalls = [], IsStandIn = true,
    };

    /// <summary>What is left of a stand-in that a cap cut: nobody graded an answer that ended there.</summary>
    public static string Cut(int tokens) => $"{Beginning}cut at {tokens} tokens; how good what is left would be was never graded]";

    /// <summary>Whether a text is a stand-in, cut or not: no right answer can be read from it.</summary>
    public static bool Is(string text) => text.StartsWith(Beginning, StringComparison.Ordinal);
}
