using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary>Which side of a bound a number must keep to.</summary>
internal enum BoundSide : byte { AtLeast = 0, AtMost = 1, Above = 2, Below = 3 }

/// <summary><c>minimum</c>, <c>maximum</c>, <c>exclusiveMinimum</c>, <c>exclusiveMaximum</c>: compared exactly.</summary>
internal sealed class BoundRule(string path, BoundSide side, JsonValue bound) : SchemaRule(path)
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Number) return true;

        var order = value.Number.CompareTo(bound.Number);
        return side switch
        {
            BoundSide.AtLeast => order >= 0 || run.Fail(Path, $"be at least {JsonPhrase.Literal(bound)}", value),
            BoundSide.AtMost => order <= 0 || run.Fail(Path, $"be at most {JsonPhrase.Literal(bound)}", value),
            BoundSide.Above => order > 0 || run.Fail(Path, $"be greater than {JsonPhrase.Literal(bound)}", value),
            _ => order < 0 || run.Fail(Path, $"be less than {JsonPhrase.Literal(bound)}", value),
        };
    }
}
