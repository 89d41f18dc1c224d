using System.Globalization;

namespace Rung.Control.Audit;

/// <summary>Writes one tag of a proposal.</summary>
internal sealed class TagWriter(ProposalText text, ProposedTag tag, ProposalPlan plan, AuditAssumptions assumptions)
{
    // A check that one answer in a hundred fails today would climb more than it catches.
    private const double NearlyAll = 0.99;

    private readonly SiteReview _review = tag.Review;
    private readonly SiteStatistics _site = tag.Review.Site.Statistics;

    public void Write()
    {
        text.Line(2, $"{ProposalText.Name(tag.Name)}:");
        Figure();
        text.Line(4, $"tier: {ProposalText.Name(tag.Rung.Tier)}");
        text.Line(4, $"owner: {(_review.Site.Team is { } team && OneLine.Of(team, 200).Length > 0 ? ProposalText.Quote(team, 200) : "unassigned")}");
        text.Line(4, $"why: {ProposalText.Quote(Why(), 1200)}");
        var checks = tag.IsMoved ? Checks() : [];
        if (tag.IsMoved && MostTokens() is { } cap) text.Line(4, $"max_tokens: {cap.ToString(CultureInfo.InvariantCulture)}");
        if (checks.Count > 0) text.Line(4, "checks:");
        foreach (var check in checks) text.Line(6, $"- {check}");
        if (tag.ClimbTo is { } up) text.Line(4, $"escalate: {{ to: {ProposalText.Name(up.Tier)}, on: [{string.Join(", ", Causes(checks.Count > 0))}] }}");
        if (IsBelowReference) text.Line(4, $"evidence: {{ missing: {(tag.IsMoved ? "proposed" : "in_use")}, prove: \"{Command(checks.Count > 0)}\" }}");
    }

    private bool IsBelowReference => tag.Rung.Order is { } order && order < plan.Reference.Order;

    private void Figure()
    {
        var site = _review.Site;
        var role = site.Role is { } name && OneLine.Of(name) is { Length: > 0 } part ? $", role {part}" : "";
        var unknown = _site.UnknownPriceCalls == 0 ? "" : $", {Figures.Number(_site.UnknownPriceCalls)} of them without a known price";
        text.Comment(4, $"{Figures.Number(_site.Calls)} calls{unknown}, {Figures.Usd(tag.CostNanoUsd)}{role}; now on {OneLine.Of(_review.Model ?? "an unknown model")}."
            + (site.IsTagged ? "" : FormattableString.Invariant($" Suggested tag: its calls carry none (grouped by {OneLine.Of(site.GroupedBy)}, confidence {site.Confidence:0.00}).")));
        if (tag.IsMoved)
        {
            var interval = _review.SavingInterval is { } range ? $" ({Figures.Usd(range.Low)} to {Figures.Usd(range.High)})" : "";
            text.Comment(4, $"PROPOSED, WITHOUT EVIDENCE YET: would save {Figures.Usd(_review.SavingNanoUsd ?? 0)}{interval}. To prove first: {_review.Prove}");
        }
        if (_review.Compliance is { } compliance) text.Comment(4, compliance);
    }

    private string Why()
    {
        var necessity = _review.Class == NecessityClass.Unknown ? "What it needs is not known" : $"It looks like {NameEvidence.InWords(_review.Class)}";
        var stays = tag.IsMoved ? "" : _review.Compliance is not null ? "; stays until a person has looked at its data" : "; stays where it is";
        return $"{necessity}{stays}. {string.Join(' ', _review.Reasons.Take(3))}";
    }

    /// <summary>Checks that nearly every answer of today passes; the log says no more of what is right.</summary>
    private List<string> Checks()
    {
        var checks = new List<string>();
        if (AnswerEvidence.Known(_site) < assumptions.MinimumCalls) return checks;
        if (AnswerEvidence.Shape(_site, OutputShape.Json).Value >= NearlyAll) checks.Add("json");
        if (AnswerEvidence.Shape(_site, OutputShape.ToolCalls).Value >= NearlyAll) checks.Add("tool_calls: required");
        else if (_site.WithTools.Events > 0) checks.Add("tool_calls: true");
        // Eight characters a token are more than any language of the models needs.
        if (AnswerEvidence.Shape(_site, OutputShape.Label).Value >= NearlyAll)
            checks.Add(string.Create(CultureInfo.InvariantCulture, $"length: {{ min: 1, max: {Math.Max(80, (long)Math.Min(1_000_000, _site.Output.P95 * 8))} }}"));
        return checks;
    }

    /// <summary>A cap, where one is safe: four times what 95 % of the answers need, of a model that does not think within its cap.</summary>
    private long? MostTokens()
    {
        if (tag.Rung.Price.Capabilities is not { Length: > 0 } can || can.Contains("reasoning", StringComparer.Ordinal)) return null;
        if (_site.Output.Count < 1000 || _site.Truncated is not { Events: 0, Known: >= 1000 } || _site.Models.Any(use => use.ReasoningTokens > 0)) return null;
        return Math.Clamp((((long)_site.Output.P95 * 4) + 63) / 64 * 64, 64, 100_000_000);
    }

    private IEnumerable<string> Causes(bool hasChecks)
    {
        if (!tag.IsMoved) return ["unavailable"]; // What stays is not changed: only when its model cannot answer does another.
        var causes = new List<string>();
        if (hasChecks) causes.Add("check_failed");
        // Where caps cut answers today, a climb would be cut, too.
        if (_site.Truncated.Value is null or <= 0.01) causes.Add("truncated");
        return [.. causes, "refused", "filtered", "unavailable"];
    }

    private string Command(bool hasChecks) => hasChecks
        ? $"rung calibrate --policy rung.yaml --tag {tag.Name} --outcomes {tag.Name}.jsonl"
        : $"rung drive --offline --policy rung.yaml --tag {tag.Name} --outcomes {tag.Name}.jsonl";
}
