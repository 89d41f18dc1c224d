using System.CommandLine;
using Rung.Control.Audit.Running;

namespace Rung.Commands.Audit;

/// <summary>What the reader of an audit may do next: commands to copy, and what they are for.</summary>
internal static class AuditNext
{
    public static IReadOnlyList<(string Command, string For)> Of(AuditOptions options, ParseResult parsed, AuditResult result)
    {
        if (result.Report.Rows.Length == 0) return [];
        var audit = $"rung audit {string.Join(' ', Inputs(options, parsed))}";
        var steps = new List<(string, string)>();
        if (parsed.GetValue(options.Policy) is { } policy)
        {
            steps.Add(($"rung policy lint {AuditOptions.Quoted(policy)}", "whether the proposed policy is sound"));
            if (parsed.GetValue(options.Ledger) || parsed.GetValue(options.Into) is not null)
                steps.Add(($"rung replay --policy {AuditOptions.Quoted(policy)} --ledger", "decides every call again by it: what it would have cost"));
        }
        else if (result.Report.Rows.Any(row => row.IsMoved))
        {
            steps.Add(($"{audit} --policy rung.yaml", "a policy with every proposal in it, marked as not proved"));
        }
        if (parsed.GetValue(options.Html) is null) steps.Add(($"{audit} --html audit.html", "one page with charts, to pass on"));
        if (parsed.GetValue(options.WriteNames) is null && parsed.GetValue(options.Names) is null && result.Sites.Any(site => !site.IsTagged))
            steps.Add(($"{audit} --write-names names.yaml", "to rename and merge the jobs that carry no tag"));
        return steps;
    }

    private static IEnumerable<string> Inputs(AuditOptions options, ParseResult parsed)
    {
        foreach (var path in parsed.GetValue(options.Paths) ?? []) yield return AuditOptions.Quoted(path);
        if (parsed.GetValue(options.ClaudeCode)) yield return "--claude-code";
        if (parsed.GetValue(options.Codex)) yield return "--codex";
        if (parsed.GetValue(options.Ledger)) yield return "--ledger";
    }
}
