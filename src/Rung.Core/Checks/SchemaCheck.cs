using System.Text;
using Rung.Core.Checks.Schema;

namespace Rung.Core.Checks;

/// <summary>The answer is JSON that follows a compiled schema.</summary>
internal sealed class SchemaCheck(string name, CompiledSchema schema) : Check
{
    private const int ErrorsShown = 3;

    public override string Name { get; } = $"schema {name}";

    public override CheckResult Evaluate(Answer answer)
    {
        var errors = schema.Validate(answer.Content.Span, "The answer", SchemaError.LongestPlace, out var fault);
        if (fault is not null) return CheckResult.Fail(fault);
        return errors.IsEmpty ? CheckResult.Pass : CheckResult.Fail(Sentence(errors.AsSpan()));
    }

    public override AnswerWatch Watch() => new SchemaWatch(schema);

    /// <summary>The first errors, as many as stay within the excerpts that a detail may hold, and how many more there are.</summary>
    private static string Sentence(ReadOnlySpan<SchemaError> errors)
    {
        var sentence = new StringBuilder();
        var shown = 0;
        for (var taken = 0; shown < errors.Length && shown < ErrorsShown; shown++)
        {
            taken += errors[shown].AnswerLength;
            if (shown > 0 && taken > Excerpt.MaxPerDetail) break;
            if (shown > 0) sentence.Append(' ');
            sentence.Append(errors[shown]);
        }
        if (shown < errors.Length) sentence.Append($" And {errors.Length - shown} more.");
        return sentence.ToString();
    }
}
