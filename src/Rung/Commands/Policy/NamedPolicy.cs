using Rung.Core.Policies;
using Rung.Serving;
using Rung.Storage.Revisions;

namespace Rung.Commands.Policy;

/// <summary>A policy that a command line names: a file, or a revision.</summary>
/// <param name="Name">What to call it: the path as given, or <c>revision 3</c>.</param>
/// <param name="File">Its text, its files, and what compiling gave.</param>
/// <param name="Revision">The revision that it is; null for a file.</param>
internal sealed record NamedPolicy(string Name, PolicyFile File, RevisionEntry? Revision)
{
    /// <summary>The compiled policy.</summary>
    /// <exception cref="PolicyUnusableException">It has faults; the exception lists them.</exception>
    public PolicySnapshot Snapshot => File.Compilation.Snapshot?.WithRevision(Revision?.Number ?? 0) ?? throw new PolicyUnusableException(
        $"{Name} has {Lines.Count(File.Compilation.Faults.Length, "fault")}.",
        Revision is null ? $"Correct it; this shows the same with lints: rung policy lint {Name}" : "It was stored by another version of Rung, or is damaged.",
        [.. File.Compilation.Faults.Select(Findings.Line)]);
}
