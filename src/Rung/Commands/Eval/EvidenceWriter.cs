using System.Globalization;
using System.Text;
using Rung.Commands.Policy;
using Rung.Control.Evals;
using Rung.Control.Evals.Runs;
using Rung.Core.Guarantees;
using Rung.Storage.Content;

namespace Rung.Commands.Eval;

/// <summary>Writes the result of a run beside the policy, and ties it into the policy where it speaks for what the policy does.</summary>
internal static class EvidenceWriter
{
    /// <summary>What was written.</summary>
    /// <param name="Evidence">Path of the file.</param>
    /// <param name="PolicyEdited">Whether the policy file was edited.</param>
    /// <param name="Lines">What to tell.</param>
    public sealed record Written(string Evidence, bool PolicyEdited, IReadOnlyList<string> Lines);

    /// <summary>Writes.</summary>
    /// <param name="report">The run.</param>
    /// <param name="set">Its set.</param>
    /// <param name="policy">The policy, a file or a revision.</param>
    /// <param name="tier">The tier that the tag is to be moved to; null to leave it where it is.</param>
    /// <param name="today">The day, where the run has no end.</param>
    /// <exception cref="EvalException">The run is not whole, the policy is a revision, or the tier's model is not eligible.</exception>
    public static Written Write(EvalRunReport report, EvalSet set, NamedPolicy policy, string? tier, DateOnly today)
    {
        if (policy.Revision is not null) throw new EvalException("A revision has no folder, and is never edited.", "Name the policy file: --policy rung.yaml");
        if (!report.IsWhole) throw new EvalException("The run is not at its end: it proves nothing yet.", "Go on with it, then write the evidence.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(policy.Name))!;
        var evidence = Of(report, set, policy, today);
        var relative = $"evals/{set.Name}/{evidence.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.json";
        var path = Path.Combine(folder, "evals", set.Name, $"{evidence.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Replace(path, EvalEvidenceFile.Write(evidence));
        var lines = new List<string> { $"evidence: {path}" };
        var edited = Tie(report, policy, tier, relative, lines);
        return new Written(path, edited, lines);
    }

    private static EvalEvidence Of(EvalRunReport report, EvalSet set, NamedPolicy policy, DateOnly today) => new()
    {
        Tag = report.Plan.Tag, Date = report.EndedAt is { } ended ? DateOnly.FromDateTime(ended.UtcDateTime) : today, Run = report.Run,
        SetName = set.Name, SetVersion = set.Version, SetHash = set.Hash, Part = report.Plan.Part?.ToString().ToLowerInvariant() ?? "all", Rows = report.Rows, Simulated = set.Simulated,
        Scorer = report.Plan.Terms.Scorer, ReferenceTier = report.Plan.ReferenceTier, ReferenceId = policy.Snapshot.BaselineModel.UpstreamId,
        Margin = report.Plan.Terms.Margin, Confidence = report.Plan.Terms.Confidence,
        Method = report.Candidates.Select(candidate => candidate.Test?.Method).FirstOrDefault(method => method is not null) ?? "none", Multiplicity = report.Multiplicity,
        Judge = report.Judge is { } judge ? new EvalEvidenceJudge(report.Plan.Terms.Judge!, judge.Kappa, judge.KappaLow, judge.Items) : null,
        Candidates = [.. report.Candidates.Select(Model)], Profile = set.Profile,
    };

    private static EvalEvidenceModel Model(CandidateReport candidate) => new()
    {
        Name = candidate.Model.Name, Id = candidate.Model.Id, Reported = [.. candidate.Reported], Rows = candidate.Rows, Groups = candidate.Groups,
        Quality = candidate.Test?.CandidateMean ?? 0, ReferenceQuality = candidate.Test?.ReferenceMean ?? 0, Difference = candidate.Test?.Difference ?? 0,
        Bound = candidate.Test?.LowerBound ?? -1, BoundAt = candidate.TestedAt, PValue = candidate.Test?.PValue ?? 1,
        NotAnswered = candidate.Failed + candidate.Forbidden + candidate.DoesNotFit, Ungraded = candidate.Ungraded,
        CostNanoUsd = candidate.CostNanoUsd, ReferenceCostNanoUsd = candidate.ReferenceCostNanoUsd, Saving = candidate.Saving?.Estimate,
        Decision = candidate.Decision, Sentence = candidate.Sentence,
    };

    /// <summary>Names the evidence in the tag where the model of its tier is eligible, or moves the tag to the tier that was asked for.</summary>
    private static bool Tie(EvalRunReport report, NamedPolicy policy, string? wanted, string evidence, List<string> lines)
    {
        var (snapshot, tag) = (policy.Snapshot, report.Plan.Tag);
        if (!snapshot.Tags.TryGetValue(tag, out var route))
        {
            lines.Add($"The policy has no tag {tag}: it was not edited.");
            return false;
        }
        var eligible = report.Candidates.Where(candidate => candidate.Decision == EvalDecision.Eligible).ToList();
        var tier = wanted is null ? route.Tier : snapshot.Ladder.FirstOrDefault(one => one.Name == wanted)
            ?? throw new EvalException($"The policy has no tier {wanted}.", $"It has: {string.Join(", ", snapshot.Ladder.Select(one => one.Name))}.");
        var serving = EvalRunPlanner.First(snapshot, tier);
        if (eligible.All(candidate => candidate.Model.Id != serving.UpstreamId))
        {
            if (wanted is not null) throw new EvalException($"{serving.Name}, which answers on {wanted}, is not eligible for {tag}: the tag stays on {route.Tier.Name}.", "Move it to a tier whose model is eligible, or change nothing.");
            lines.Add(eligible.Count == 0
                ? $"No candidate is eligible: tag {tag} stays on {route.Tier.Name}, and the policy was not edited."
                : $"Tag {tag} is served by {serving.Name} ({tier.Name}), which this does not speak for: the policy was not edited.");
            foreach (var candidate in eligible.Where(candidate => candidate.Model.Tier is not null && snapshot.Ladder.First(one => one.Name == candidate.Model.Tier).Index < snapshot.ReferenceTier.Index))
            {
                lines.Add($"To let {candidate.Model.Name} answer, put into tag {tag}: tier: {candidate.Model.Tier} and evidence: {evidence}. The same command with --set-tier {candidate.Model.Tier} does it.");
            }
            return false;
        }
        var text = wanted is null || tier.Index == route.Tier.Index
            ? CertifiedPolicy.Edit(policy.File.Text, tag, scoredAt: -1, threshold: null, evidence, out var problem)
            : CertifiedPolicy.Move(policy.File.Text, tag, tier.Name, evidence, out problem);
        if (text is null)
        {
            lines.Add($"The policy was not edited. {problem} Put into tag {tag}: tier: {tier.Name} and evidence: {evidence}");
            return false;
        }
        Replace(policy.Name, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text));
        lines.Add(tier.Index == route.Tier.Index ? $"{policy.Name}: evidence: {evidence} of tag {tag} was written." : $"{policy.Name}: tag {tag} was moved from {route.Tier.Name} to {tier.Name}, with evidence: {evidence}.");
        return true;
    }

    /// <summary>One rename, so that a gateway that watches the file never sees half of it. A file that is a link stays one.</summary>
    private static void Replace(string path, byte[] bytes)
    {
        var target = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        var staged = $"{target}.{Environment.ProcessId}.tmp";
        File.WriteAllBytes(staged, bytes);
        File.Move(staged, target, overwrite: true);
    }
}
