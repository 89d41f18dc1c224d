using System.Globalization;
using System.Text;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks;

/// <summary>A number, the whole answer or one JSON field, lies within bounds. Compared exactly, however many digits it has.</summary>
internal sealed class BoundsCheck(FieldPath? field, decimal? min, decimal? max) : Check
{
    private readonly JsonNumber low = JsonNumber.From(min ?? 0);
    private readonly JsonNumber high = JsonNumber.From(max ?? 0);

    public override string Name { get; } = field is null ? "bounds" : $"bounds {field.Text}";

    public override CheckResult Evaluate(Answer answer) => field is null ? EvaluateWhole(answer) : EvaluateField(answer, field);

    private CheckResult EvaluateWhole(Answer answer)
    {
        var text = Encoding.UTF8.GetString(answer.Content.Span).AsSpan().Trim();
        return JsonNumber.TryParse(text, out var number)
            ? Judge("The answer", number, text)
            : CheckResult.Fail($"The answer is {Excerpt.Of(text)}; a number alone was expected.");
    }

    private CheckResult EvaluateField(Answer answer, FieldPath path)
    {
        if (!JsonParser.TryParse(answer.Content.Span, "The answer", out var root, out var fault)) return CheckResult.Fail(fault);
        if (!path.TryFind(root, out var found)) return CheckResult.Fail($"The field {path.Text} is missing; a number was expected.");
        if (found.Kind == JsonKind.Number) return Judge($"The field {path.Text}", found.Number, found.Text);

        var advice = found.Kind == JsonKind.String && JsonNumber.TryParse(found.Text.AsSpan().Trim(), out _)
            ? "a number was expected: write it without quotes"
            : "a number was expected";
        return CheckResult.Fail($"The field {path.Text} is {JsonPhrase.Of(found)}; {advice}.");
    }

    private CheckResult Judge(string subject, JsonNumber number, ReadOnlySpan<char> text)
    {
        if (min is not null && number.CompareTo(low) < 0) return CheckResult.Fail($"{subject} is {Excerpt.Bare(text)}; at least {Show(min)} was expected.");
        if (max is not null && number.CompareTo(high) > 0) return CheckResult.Fail($"{subject} is {Excerpt.Bare(text)}; at most {Show(max)} was expected.");
        return CheckResult.Pass;
    }

    private static string Show(decimal? bound) => bound.GetValueOrDefault().ToString(CultureInfo.InvariantCulture);
}
