using System.Collections.Immutable;
using Rung.Core.Policies.Changes;

namespace Rung.Commands.Policy;

/// <summary>Differences between policies as sentences.</summary>
internal static class ChangeLines
{
    /// <summary>One sentence a change, marked + (new), - (gone) or ~ (another value).</summary>
    public static void Write(TextWriter output, ImmutableArray<PolicyChange> changes)
    {
        foreach (var change in changes)
            Lines.Write(output, change.Kind switch { ChangeKind.Added => "  + ", ChangeKind.Removed => "  - ", _ => "  ~ " }, change.Sentence);
    }
}
