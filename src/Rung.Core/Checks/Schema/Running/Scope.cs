using Rung.Core.Checks.Schema.Compiling;

namespace Rung.Core.Checks.Schema.Running;

/// <summary>The resources that judging has come through, the innermost first: what a dynamic reference looks at.</summary>
internal sealed record Scope(SchemaResource Resource, Scope? Outer);
