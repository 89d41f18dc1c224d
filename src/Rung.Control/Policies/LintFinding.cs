using Rung.Core.Policies;
using Rung.Core.Policies.Lints;

namespace Rung.Control.Policies;

/// <summary>An opinion on a policy with the reason of its rule.</summary>
/// <param name="Lint">The lint: code, place, what, fix.</param>
/// <param name="Title">What the rule is called.</param>
/// <param name="Reason">Why it is a rule.</param>
public sealed record LintFinding(PolicyLint Lint, string Title, string Reason)
{
    /// <summary>With its rule.</summary>
    public static LintFinding Of(PolicyLint lint)
    {
        ArgumentNullException.ThrowIfNull(lint);
        var rule = LintCatalogue.All.FirstOrDefault(rule => rule.Code == lint.Code);
        return new LintFinding(lint, rule?.Title ?? lint.Code, rule?.Reason ?? "");
    }

    /// <summary>Whether it is about a part of the document: <c>tags.label</c>, <c>tags.label.escalate</c>.</summary>
    /// <param name="path">Path of the part.</param>
    public bool IsAbout(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Lint.Path.StartsWith(path, StringComparison.Ordinal) && (Lint.Path.Length == path.Length || Lint.Path[path.Length] is '.' or '[');
    }
}
