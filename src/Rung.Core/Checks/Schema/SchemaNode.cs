using System.Collections.Immutable;
using Rung.Core.Checks.Json;
using Rung.Core.Checks.Schema.Rules;

namespace Rung.Core.Checks.Schema;

/// <summary>One compiled schema: rules that must all hold. Unchanged once the compiler has sealed it; shared between threads.</summary>
internal sealed class SchemaNode(string path)
{
    /// <summary>Place in the document: <c>#/properties/intent</c>.</summary>
    public string Path { get; } = path;

    /// <summary>The rules, cheap ones in the order of the document. Set once, by the compiler.</summary>
    public ImmutableArray<SchemaRule> Rules { get; private set; } = [];

    /// <summary>Whether nothing is valid here: the schema <c>false</c>.</summary>
    public bool IsFalse => Rules is [FalseRule];

    /// <summary>Gives the node its rules, at the end of its compilation. A node exists before its rules because schemas refer to each other in circles.</summary>
    public void Seal(ImmutableArray<SchemaRule> rules) => Rules = rules;

    /// <summary>Whether the value follows this schema.</summary>
    public bool Holds(JsonValue value, SchemaRun run)
    {
        if (!run.TryEnter()) return false;

        var holds = true;
        foreach (var rule in Rules)
        {
            if (rule.Holds(value, run)) continue;
            holds = false;
            if (run.StopsAtFirstError) break;
        }
        run.Leave();
        return holds;
    }
}
