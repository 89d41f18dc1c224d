using System.Collections.Immutable;

namespace Rung.Core.Policies.Compiling;

/// <summary>The words for what makes a call climb.</summary>
internal static class ClimbCauses
{
    /// <summary>The words, in the order of <see cref="ClimbCause"/>.</summary>
    public static ImmutableArray<string> Names { get; } = ["check_failed", "truncated", "refused", "filtered", "unavailable"];

    /// <summary>Causes named by a list of words.</summary>
    public static ClimbCause Of(IEnumerable<string> words) => words.Aggregate(ClimbCause.None, (causes, word) => causes | Of(word));

    /// <summary>The words of a set of causes.</summary>
    public static IEnumerable<string> Words(ClimbCause causes) => Names.Where(name => (causes & Of(name)) != ClimbCause.None);

    private static ClimbCause Of(string word) => (ClimbCause)(1 << Names.IndexOf(word));
}
