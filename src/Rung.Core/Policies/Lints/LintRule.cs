namespace Rung.Core.Policies.Lints;

/// <summary>A product opinion on policies.</summary>
/// <param name="Code">Stable code, never reused.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Title">What it looks for, in a few words.</param>
/// <param name="Reason">Why it matters.</param>
/// <param name="Fix">What to do about it, in general.</param>
public sealed record LintRule(string Code, LintSeverity Severity, string Title, string Reason, string Fix);
