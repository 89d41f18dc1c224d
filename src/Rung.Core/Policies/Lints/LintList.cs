using System.Collections.Immutable;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Lints;

/// <summary>Collects lints with their places.</summary>
internal sealed class LintList(PolicyDocument document)
{
    private readonly List<PolicyLint> lints = [];

    /// <summary>Adds a lint on a key of a path; the place is the key's, else what contains it.</summary>
    public void Add(LintRule rule, string path, string? key, string message, string? fix = null)
    {
        var place = document.PlaceOf(path, key);
        lints.Add(new PolicyLint(rule.Code, rule.Severity, place.Line, place.Column, key is null ? path : PolicyPath.Of(path, key), message, fix ?? rule.Fix));
    }

    /// <summary>The lints in order of place.</summary>
    public ImmutableArray<PolicyLint> InOrder() =>
        [.. lints.OrderBy(lint => lint.Line).ThenBy(lint => lint.Column).ThenBy(lint => lint.Code, StringComparer.Ordinal).ThenBy(lint => lint.Path, StringComparer.Ordinal)];
}
