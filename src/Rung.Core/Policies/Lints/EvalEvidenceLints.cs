using Rung.Core.Guarantees;
using Rung.Core.Policies.Reading;
using Rung.Core.Statistics;

namespace Rung.Core.Policies.Lints;

/// <summary>Opinions on evidence of evals: whether it is about what the policy does now, and whether it still holds.</summary>
internal static class EvalEvidenceLints
{
    /// <summary>Judges the evidence of one route.</summary>
    /// <param name="snapshot">The policy.</param>
    /// <param name="route">The route, which names it.</param>
    /// <param name="file">Its path as written.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="path">Path of the route.</param>
    /// <param name="asOf">Today.</param>
    /// <param name="observed">What was lately seen.</param>
    /// <param name="lints">Where the lints go.</param>
    public static void Judge(
        PolicySnapshot snapshot, Route route, string file, ReadOnlyMemory<byte> bytes, string path, DateOnly asOf, PolicyObservations observed, LintList lints)
    {
        var named = Quotation.Of(file);
        if (EvalEvidenceFile.Read(bytes, out var fault) is not { } evidence)
        {
            Add(LintCatalogue.EvalVoid, $"{named} proves nothing for tag {route.Name}: {fault}");
            return;
        }
        var again = $"Run rung eval run --set {evidence.SetName} again with --write-evidence.";
        JudgeDecision();
        if (asOf.DayNumber - evidence.Date.DayNumber is var age && age > route.Eval.MaxAgeDays)
            Add(LintCatalogue.EvalOld, $"{named} is {age:N0} days old; evidence of tag {route.Name} holds for {route.Eval.MaxAgeDays:N0} (eval.max_age_days).", again);
        JudgeJudge();
        if (evidence.Profile is { } profile && InputProfile.Parse(profile) is { } then && observed.Inputs.TryGetValue(route.Name, out var now) && then.Against(now) is { IsDrifted: true } drift)
        {
            Add(LintCatalogue.EvalDrift, $"The inputs of tag {route.Name} are no longer those that {named} was made from: {drift.Words}.",
                $"Build the set again from recent calls (rung eval build --tag {route.Name}), and run it.");
        }

        void JudgeDecision()
        {
            if (evidence.Tag != route.Name)
            {
                Add(LintCatalogue.EvalVoid, $"{named} is about tag {evidence.Tag}, not {route.Name}.");
                return;
            }
            if (evidence.ReferenceId != snapshot.BaselineModel.UpstreamId)
                Add(LintCatalogue.EvalModelChanged, $"{named} compares with {evidence.ReferenceId}, but {snapshot.BaselineModel.UpstreamId} is the reference now.", again);
            if (evidence.Margin > route.Eval.Margin + 1e-9 || evidence.Confidence < route.Eval.Confidence - 1e-9)
            {
                Add(LintCatalogue.EvalVoid, FormattableString.Invariant(
                    $"{named} decided at a margin of {evidence.Margin:0.###} and a confidence of {evidence.Confidence:0.###}; the policy now asks for {route.Eval.Margin:0.###} and {route.Eval.Confidence:0.###}."), again);
            }
            foreach (var index in route.Tier.Pool) JudgeModel(snapshot.Models[index]);
        }

        void JudgeModel(Model model)
        {
            if (evidence.Of(model) is not { } found)
            {
                if (evidence.Candidates.FirstOrDefault(candidate => candidate.Name == model.Name) is { } before)
                    Add(LintCatalogue.EvalModelChanged, $"{named} is about {model.Name} as {before.Id}; the policy now has it as {model.UpstreamId}.", again);
                else Add(LintCatalogue.EvalVoid, $"{named} is not about {model.Name}, which answers for {route.Name} on {route.Tier.Name}.", $"Run rung eval run --set {evidence.SetName} --candidates {model.Name} with --write-evidence.");
                return;
            }
            if (found.Decision != EvalDecision.Eligible) Add(LintCatalogue.EvalVoid, $"{named} does not say that {model.Name} is eligible for {route.Name}: {found.Sentence}.", "Use a tier whose model is eligible.");
            if (observed.Reported.TryGetValue(model.Name, out var reports) && !found.Reported.IsEmpty && !found.Reported.Contains(reports, StringComparer.Ordinal))
                Add(LintCatalogue.EvalModelChanged, $"{named} was made with {model.Name} as {string.Join(", ", found.Reported)}; it now reports itself as {reports}.", again);
        }

        void JudgeJudge()
        {
            if (evidence.Judge is not { } judge) return;
            if (judge.KappaLow is not { } kappa) Add(LintCatalogue.EvalJudge, $"{named} rests on the judge {judge.Tag}, which was never measured against people.");
            else if (kappa < route.Eval.JudgeKappa)
                Add(LintCatalogue.EvalJudge, FormattableString.Invariant($"{named} rests on the judge {judge.Tag}, whose agreement with people has a lower bound of {kappa:0.00} (kappa); the policy asks for {route.Eval.JudgeKappa:0.00} (eval.judge_kappa)."));
        }

        void Add(LintRule rule, string message, string? fix = null) => lints.Add(rule, path, "evidence", message, fix);
    }
}
