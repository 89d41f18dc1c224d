using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>uniqueItems</c>: no two items are equal. By hash, since comparing each with each is quadratic in the answer.</summary>
internal sealed class UniqueItemsRule(string path) : SchemaRule(path)
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Items.Length < 2) return true;

        var seen = new Dictionary<JsonValue, int>(value.Items.Length);
        for (var i = 0; i < value.Items.Length; i++)
        {
            if (seen.TryAdd(value.Items[i], i)) continue;
            return run.Fail(Path, $"has equal items at {seen[value.Items[i]]} and {i}; every item must be different");
        }
        return true;
    }
}
