using Rung.Core.Checks;
using Rung.Core.Comparisons;

namespace Rung.Control.Evals.Scoring;

/// <summary>The answer is JSON that follows a schema. The reference is held against it too: a frontier model may fail it.</summary>
internal sealed class SchemaScorer(Check schema) : IScorer
{
    public string Name => $"JSON by {schema.Name}";

    public bool NeedsReference => false;

    public bool AsksJudge => false;

    public Task<RowScore> ScoreAsync(ScoringCase scoring, CancellationToken cancellationToken)
    {
        if (Grading.Read(scoring, context: null, out var ungraded) is not { } answer) return Task.FromResult(ungraded!);
        var result = schema.Evaluate(answer);
        var kind = answer.Content.Span.Trim(" \t\r\n"u8).IsEmpty ? FailureKind.Empty : CheckFactory.Json().Evaluate(answer).Passed ? FailureKind.AgainstSchema : FailureKind.NotJson;
        var score = Grading.Of(result.Passed ? 1 : 0, Grading.Kind(answer, kind), result.Detail);
        return Task.FromResult(Grading.Reference(scoring, context: null) is { } reference ? score with { ReferenceScore = schema.Evaluate(reference).Passed ? 1 : 0 } : score);
    }
}
