using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks;

/// <summary>The answer, or one JSON field of it, is one of a set of values. Numbers and booleans are compared by their JSON text.</summary>
internal sealed class AllowedCheck : Check
{
    private readonly FieldPath? field;
    private readonly bool normalised;
    private readonly FrozenSet<string> allowed;
    private readonly int longestBytes;
    private readonly string expectation;

    public AllowedCheck(ImmutableArray<string> values, FieldPath? field, bool normalised)
    {
        this.field = field;
        this.normalised = normalised;
        allowed = values.Select(value => normalised ? NormalisedText.Of(value) : value).ToFrozenSet(StringComparer.Ordinal);
        longestBytes = values.Max(Encoding.UTF8.GetByteCount);
        expectation = $"expected one of: {JsonPhrase.List(values)}.";
        Name = field is null ? "allowed" : $"allowed {field.Text}";
    }

    public override string Name { get; }

    public override CheckResult Evaluate(Answer answer) => field is null ? EvaluateWhole(answer.Content.Span) : EvaluateField(answer, field);

    private CheckResult EvaluateWhole(ReadOnlySpan<byte> content)
    {
        var tooLong = !normalised && content.Length > longestBytes; // Spares decoding a long answer that cannot be a label.
        return !tooLong && Contains(Encoding.UTF8.GetString(content))
            ? CheckResult.Pass
            : CheckResult.Fail($"The answer is {Excerpt.Of(content)}; {expectation}");
    }

    private CheckResult EvaluateField(Answer answer, FieldPath path)
    {
        if (!JsonParser.TryParse(answer.Content.Span, "The answer", out var root, out var fault)) return CheckResult.Fail(fault);
        if (!path.TryFind(root, out var found)) return CheckResult.Fail($"The field {path.Text} is missing; {expectation}");

        var comparable = found.Kind is JsonKind.String or JsonKind.Number or JsonKind.True or JsonKind.False;
        return comparable && Contains(found.Text)
            ? CheckResult.Pass
            : CheckResult.Fail($"The field {path.Text} is {JsonPhrase.Of(found)}; {expectation}");
    }

    private bool Contains(string text) => allowed.Contains(normalised ? NormalisedText.Of(text) : text);
}
