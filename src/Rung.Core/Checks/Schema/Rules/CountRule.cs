using System.Text;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary>What is counted: the characters (code points) of a string, the items of an array, the properties of an object.</summary>
internal enum Counted : byte { Characters = 0, Items = 1, Properties = 2 }

/// <summary><c>minLength</c>, <c>maxLength</c>, <c>minItems</c>, <c>maxItems</c>, <c>minProperties</c>, <c>maxProperties</c>.</summary>
internal sealed class CountRule(string path, Counted counted, bool isMinimum, int bound) : SchemaRule(path)
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != Subject) return true;

        var count = Count(value);
        if (isMinimum ? count >= bound : count <= bound) return true;
        return run.Fail(Path, $"must have at {(isMinimum ? "least" : "most")} {bound} {counted.ToString().ToLowerInvariant()} but has {count}");
    }

    private JsonKind Subject => counted switch
    {
        Counted.Characters => JsonKind.String,
        Counted.Items => JsonKind.Array,
        _ => JsonKind.Object,
    };

    private int Count(JsonValue value) => counted switch
    {
        Counted.Characters => CodePoints(value.Text),
        Counted.Items => value.Items.Length,
        _ => value.Members.Count,
    };

    private static int CodePoints(string text)
    {
        var count = 0;
        foreach (Rune _ in text.EnumerateRunes()) count++;
        return count;
    }
}
