using static Rung.Core.Policies.Reading.CommonShapes;

namespace Rung.Core.Policies.Reading;

/// <summary>Every key of a check. A check may hold others, so the shape refers to itself.</summary>
internal static class CheckShape
{
    /// <summary>Most checks of one list.</summary>
    public const int MostChecks = 32;

    /// <summary>One check, wherever it stands.</summary>
    public static readonly NamedReference Check = new("check", static () => One!);

    private static readonly ListShape Members = new(Check, 1, MostChecks);

    private static readonly TextShape True = new() { Words = ["true"] };

    private static readonly TextShape Field = new() { Longest = 256 };

    private static readonly ListShape AllowedValues = new(new TextShape { IsVerbatim = true }, 1, 1000);

    private static readonly TextShape RegexText = new() { Longest = 4000, IsVerbatim = true };

    private static readonly ObjectShape CheckMap = new("check",
    [
        new("json", True, "The answer is one JSON value."),
        new("schema", new ChoiceShape([Text, new ObjectShape("schema",
        [
            new("file", Text, "Path of the JSON Schema, relative to the policy.") { IsRequired = true },
            new("formats", Flag, "Whether format is asserted; else it is an annotation."),
        ])]), "The answer is JSON that follows the JSON Schema in this file (path relative to the policy)."),
        new("required", new ListShape(Field, 1, 256), "The answer is a JSON object that has these fields, none of them null."),
        new("allowed", new ChoiceShape([AllowedValues, new ObjectShape("allowed",
        [
            new("values", AllowedValues, "The allowed values.") { IsRequired = true },
            new("field", Field, "Path of a JSON field; else the whole answer."),
            new("normalised", Flag, "Compare without regard to case, quotes, a final full stop and white space."),
        ])]), "The answer, or one of its fields, is one of these values."),
        new("regex", new ChoiceShape([RegexText, new ObjectShape("regex",
        [
            new("pattern", RegexText, "The regular expression.") { IsRequired = true },
            new("match", Flag, "Whether the answer must match; false: it must not."),
            new("limit_ms", new IntegerShape(1, 1000), "Time limit in milliseconds."),
        ])]), "The answer matches a regular expression."),
        new("length", new ObjectShape("length",
        [
            new("min", new IntegerShape(0, 100_000_000), "Least characters."),
            new("max", new IntegerShape(0, 100_000_000), "Most characters."),
        ]) { NeedsAny = true }, "The answer's length in characters lies within bounds."),
        new("bounds", new ObjectShape("bounds",
        [
            new("field", Field, "Path of a JSON field; else the whole answer."),
            new("min", AnyNumber, "Least value."),
            new("max", AnyNumber, "Greatest value."),
        ]), "A number lies within bounds."),
        new("tool_calls", new ChoiceShape([new TextShape { Words = ["true", "required"] }, new ObjectShape("tool_calls",
        [
            new("required", Flag, "Whether there must be at least one call."),
            new("arguments", new TextShape { Words = ["object", "schema"] }, "What arguments must be: a JSON object, or what the request's own parameter schema says."),
        ]) { NeedsAny = true }]), "Tool calls name declared tools with JSON arguments; required: there is at least one."),
        new("arithmetic", new ChoiceShape([True, new ObjectShape("arithmetic",
        [
            new("tolerance", new NumberShape(0, 1000, Decimals: 9), "Greatest absolute difference that counts as equal."),
            new("required", Flag, "Whether there must be at least one equation."),
        ]) { NeedsAny = true }]), "Every equation in the answer is right when it is computed again."),
        new("cites", new ChoiceShape([True, new ObjectShape("cites",
        [
            new("quotes", Flag, "Whether quotations are looked up."),
            new("ids", RegexText, "Regular expression of an id; its first group, else the whole match, is looked up."),
            new("at_least", new IntegerShape(0, 100), "Least citations in all."),
        ]) { NeedsAny = true }]), "What the answer quotes or names occurs in what was given."),
        new("agrees", new ObjectShape("agrees",
        [
            new("samples", new IntegerShape(2, 16), "Answers in all, the first one included."),
            new("at_least", new IntegerShape(2, 16), "Answers that must be equal, the first one included."),
            new("by", new TextShape { Words = ["number", "text", "json", "tool_calls"] }, "What is compared.") { IsRequired = true },
            new("temperature", new NumberShape(0, 2, Decimals: 6), "Temperature of the further answers; else the request's own."),
        ]), "Enough of several answers of the same model say the same."),
        new("command", Name, "A program of commands accepts the answer."),
        new("verifier", new ObjectShape("verifier",
        [
            new("use", Name, "A verifier of verifiers.") { IsRequired = true },
            new("at_least", Share, "Least score.") { IsRequired = true },
            new("unavailable", new TextShape { Words = ["fail", "pass"] }, "What holds when the verifier cannot say."),
        ]), "A verifier's score reaches a threshold."),
        new("all", Members, "Every check of the list passes."),
        new("any", Members, "At least one check of the list passes."),
        new("not", Check, "The check fails."),
        new("score", new ObjectShape("score",
        [
            new("at_least", Share, "Least weighted mean.") { IsRequired = true },
            new("of", new ListShape(new ObjectShape("weighted",
            [
                new("weight", new NumberShape(0, 1000, Decimals: 6), "Weight in the mean; 1 when left out."),
                new("check", Check, "The check.") { IsRequired = true },
            ]), 1, MostChecks), "The checks.") { IsRequired = true },
        ]), "The weighted mean of the scores of several checks reaches a threshold."),
    ]) { IsOneKey = true };

    private static readonly ChoiceShape One = new([new TextShape { Words = ["json"] }, CheckMap]);

    /// <summary>The checks of a route.</summary>
    public static ListShape List { get; } = new(Check, 0, MostChecks);
}
