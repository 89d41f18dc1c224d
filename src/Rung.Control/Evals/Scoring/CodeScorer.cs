using System.Text.RegularExpressions;
using Rung.Core.Checks;
using Rung.Core.Comparisons;

namespace Rung.Control.Evals.Scoring;

/// <summary>
/// A command of the policy accepts the answer. Where the command takes a program (its file is no <c>.txt</c> or <c>.md</c>), it gets what stands in the
/// answer's code fences, one after the other; else, or where there is none, the whole answer. The reference is run too, once a row.
/// </summary>
internal sealed partial class CodeScorer(AllowedCommand command, RunCommand run) : IScorer
{
    private readonly bool takesProgram = Path.GetExtension(command.FileName) is not ("" or ".txt" or ".md");
    private readonly OncePerRow<double?> references = new();

    public string Name => $"command {command.Name}";

    public bool NeedsReference => false;

    public bool AsksJudge => false;

    public void Recall(string rowId, RowScore earlier)
    {
        if (earlier.ReferenceScore is { } score) references.Keep(rowId, score);
    }

    public async Task<RowScore> ScoreAsync(ScoringCase scoring, CancellationToken cancellationToken)
    {
        if (Grading.Read(scoring, context: null, out var ungraded) is not { } answer) return ungraded!;
        if (answer.Refused) return Grading.Of(0, FailureKind.Refused, "The model refused.");
        if (await run(command, Program(answer), cancellationToken) is not { } said) return Grading.None(FailureKind.NoVerdict, $"The command {command.Name} could not be run.");
        var score = Grading.Of(said.Accepted ? 1 : 0, Grading.Kind(answer, FailureKind.CommandFailed), said.Said ?? $"The command {command.Name} does not accept the answer.");
        if (Grading.Reference(scoring, context: null) is not { } reference) return score;
        var (accepted, _) = await references.AskAsync(scoring.Row.Id, async () => await run(command, Program(reference), cancellationToken) is { } verdict ? verdict.Accepted ? 1 : 0 : null, cancellationToken);
        return accepted is null ? Grading.None(FailureKind.NoVerdict, $"The command {command.Name} could not be run on the reference.") : score with { ReferenceScore = accepted };
    }

    private string Program(Answer answer)
    {
        var text = MessageReading.Text(answer);
        if (!takesProgram) return text;
        var blocks = Fence().Matches(text).Select(block => block.Groups[1].Value).ToList();
        return blocks.Count == 0 ? text : string.Join('\n', blocks);
    }

    [GeneratedRegex(@"^[ \t]*```[^\n`]*\n(.*?)^[ \t]*```[ \t]*\r?$", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fence();
}
