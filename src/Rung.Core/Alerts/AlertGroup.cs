using System.Collections.Immutable;

namespace Rung.Core.Alerts;

/// <summary>Changes of one step that belong together: those of one tag and one kind.</summary>
/// <param name="Tag">The tag; null when they are about none.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Transitions">The changes, the most severe first.</param>
public sealed record AlertGroup(string? Tag, AlertKind Kind, ImmutableArray<AlertTransition> Transitions)
{
    /// <summary>What it is about: <c>classify-intent: quality below its floor</c>.</summary>
    public string Title => Tag is null ? AlertWords.Title(Kind) : $"{Tag}: {AlertWords.Title(Kind)}";

    /// <summary>Puts changes into groups, those with the most severe first, then by tag and kind.</summary>
    public static ImmutableArray<AlertGroup> Of(IEnumerable<AlertTransition> transitions) =>
    [
        .. transitions.GroupBy(transition => (transition.Alert.Tag, transition.Alert.Kind))
            .Select(group => new AlertGroup(group.Key.Tag, group.Key.Kind, [.. group.OrderByDescending(transition => transition.Alert.Severity).ThenBy(transition => transition.Alert.Key, StringComparer.Ordinal)]))
            .OrderBy(group => group.Transitions.All(transition => !transition.Alert.IsOpen)) // What is over comes last.
            .ThenByDescending(group => group.Transitions[0].Alert.Severity).ThenBy(group => group.Tag, StringComparer.Ordinal).ThenBy(group => group.Kind),
    ];
}
