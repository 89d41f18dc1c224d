using System.Collections.Immutable;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks;

/// <summary>The answer is a JSON object that has every field, none of them null.</summary>
internal sealed class RequiredCheck(ImmutableArray<FieldPath> fields) : Check
{
    public override string Name { get; } = "required " + string.Join(", ", fields.Select(field => field.Text));

    public override CheckResult Evaluate(Answer answer)
    {
        if (!JsonParser.TryParse(answer.Content.Span, "The answer", out var root, out var fault)) return CheckResult.Fail(fault);
        if (root.Kind != JsonKind.Object) return CheckResult.Fail($"The answer is {JsonPhrase.Kind(root)}; a JSON object was expected.");

        var missing = new List<string>();
        foreach (var field in fields)
        {
            if (!field.TryFind(root, out var found)) missing.Add($"{field.Text} is missing");
            else if (found.Kind == JsonKind.Null) missing.Add($"{field.Text} is null");
        }
        return missing.Count == 0 ? CheckResult.Pass : CheckResult.Fail($"Required fields of the answer: {string.Join(", ", missing)}.");
    }
}
