using System.Collections.Frozen;
using System.Collections.Immutable;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Rules;

/// <summary><c>enum</c> and <c>const</c>: equal to one of the values.</summary>
internal sealed class EnumRule(string path, ImmutableArray<JsonValue> values) : SchemaRule(path)
{
    // Looking up hashes the whole value, so values of a kind that is not among the allowed ones are not looked up.
    private readonly FrozenSet<JsonKind> kinds = values.Select(value => value.Kind).ToFrozenSet();
    private readonly FrozenSet<JsonValue> allowed = values.ToFrozenSet();
    private readonly string demand =
        (values.Length == 1 ? "be " : "be one of ") + JsonPhrase.List([.. values.Select(JsonPhrase.Literal)]);

    public override bool Holds(JsonValue value, SchemaRun run) =>
        (kinds.Contains(value.Kind) && allowed.Contains(value)) || run.Fail(Path, demand, value);
}
