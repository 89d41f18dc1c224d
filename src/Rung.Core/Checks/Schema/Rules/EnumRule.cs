using System.Collections.Frozen;
using System.Collections.Immutable;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>enum</c> and <c>const</c>: equal to one of the values.</summary>
internal sealed class EnumRule(string path, ImmutableArray<JsonValue> values) : SchemaRule(path)
{
    private readonly FrozenSet<JsonValue> allowed = values.ToFrozenSet();
    private readonly string demand =
        (values.Length == 1 ? "be " : "be one of ") + JsonPhrase.List([.. values.Select(JsonPhrase.Literal)]);

    public override bool Holds(JsonValue value, SchemaRun run) => allowed.Contains(value) || run.Fail(Path, demand, value);
}
