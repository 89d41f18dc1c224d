using Rung.Core.Policies.Compiling;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Lints;

/// <summary>Opinions on tags, roles and the default route.</summary>
internal static class RouteLints
{
    public static void Judge(PolicyDocument document, PolicySnapshot snapshot, LintList lints)
    {
        foreach (var role in document.Roles) new RouteJudge(snapshot, snapshot.Roles[role.Name], role, role, PolicyPath.Of("roles", role.Name), lints).Run();
        foreach (var tag in document.Tags)
            new RouteJudge(snapshot, snapshot.Tags[tag.Name], tag, RouteMerge.Of(tag, document).Entry, PolicyPath.Of("tags", tag.Name), lints).Run();
        new RouteJudge(snapshot, snapshot.Default, document.Default, document.Default, "default", lints).Run();
    }

    /// <summary>One route under judgement.</summary>
    /// <param name="snapshot">The policy.</param>
    /// <param name="route">The compiled route.</param>
    /// <param name="own">What is written at the route itself: a fault of the role is told at the role only.</param>
    /// <param name="merged">With what it takes from its role.</param>
    /// <param name="path">Its path.</param>
    /// <param name="lints">Where the lints go.</param>
    private sealed class RouteJudge(PolicySnapshot snapshot, Route route, RouteEntry own, RouteEntry merged, string path, LintList lints)
    {
        private bool IsBelowReference => route.Tier.Index < snapshot.ReferenceTier.Index;

        private bool IsTop => route.Tier.Index == snapshot.Ladder.Length - 1;

        private string Who => route.Kind == RouteKind.Default ? "The default route" : $"{(route.Kind == RouteKind.Role ? "Role" : "Tag")} {own.Name}";

        public void Run()
        {
            JudgeContainment();
            JudgeAccountability();
            JudgeBounds();
            JudgeEscalation();
            StreamLints.Judge(route, own, Who, path, lints);
            if (route.Kind == RouteKind.Default && IsBelowReference)
                lints.Add(LintCatalogue.DefaultBelowReference, path, "tier", $"Every call without a known tag goes to {route.Tier.Name}, below {snapshot.ReferenceTier.Name}.");
        }

        private void JudgeContainment()
        {
            if (!IsBelowReference) return;
            if (route.UserVisible && route.Checks.IsEmpty)
                lints.Add(LintCatalogue.UserVisibleUnchecked, path, "user_visible", $"{Who} is user-visible on {route.Tier.Name} without a check.");
            if (route.Kind != RouteKind.Tag) return;
            if (!route.UserVisible && route.Checks.IsEmpty && route.Escalation is null)
                lints.Add(LintCatalogue.NoContainment, path, null, $"If {own.Name} gets it wrong on {route.Tier.Name}, nothing catches it.");
            if (route.EvidenceGap is { } gap)
                lints.Add(LintCatalogue.StatedGap, path, "evidence", $"{Who} runs on {route.Tier.Name}, below {snapshot.ReferenceTier.Name}: {gap.InWords}.", $"To prove it: {gap.Prove}");
            else if (route.Evidence is null)
                lints.Add(LintCatalogue.NoEvidence, path, "tier", $"{Who} runs on {route.Tier.Name}, below {snapshot.ReferenceTier.Name}, and nothing is named that proved it.");
        }

        private void JudgeAccountability()
        {
            if (route.Owner is null && route.Kind != RouteKind.Default) lints.Add(LintCatalogue.NoOwner, path, null, $"{Who} has no owner.");
            if (route.Why is null) lints.Add(LintCatalogue.NoReason, path, null, $"{Who} has no reason (why).");
        }

        private void JudgeBounds()
        {
            if (route.Ceiling is not null && route.Floor is null && (own.Ceiling is not null || own.Floor is not null))
                lints.Add(LintCatalogue.CeilingWithoutFloor, path, "ceiling", $"{Who} has a cost ceiling and no quality floor: its cost alert is not armed.");
            if (route.Floor is not null && route.Ceiling is null && (own.Ceiling is not null || own.Floor is not null))
                lints.Add(LintCatalogue.FloorWithoutCeiling, path, "floor", $"{Who} has a quality floor and no cost ceiling: its quality alert is not armed (a demotion below the floor still happens).");
        }

        private void JudgeEscalation()
        {
            var escalatePath = PolicyPath.Of(path, "escalate");
            if (route.Escalation is not { } escalation)
            {
                if (!route.Checks.IsEmpty && !IsTop)
                    lints.Add(LintCatalogue.ChecksWithoutEscalation, path, "checks", $"{Who} has checks, but a failed answer goes nowhere.");
                return;
            }
            if (IsTop)
            {
                lints.Add(LintCatalogue.EscalationNowhere, path, "escalate", $"{Who} escalates from {route.Tier.Name}, the top of the ladder.");
                return;
            }
            if (escalation.To.Index <= route.Tier.Index)
            {
                var direction = escalation.To.Index == route.Tier.Index ? "to itself" : "down";
                lints.Add(LintCatalogue.EscalationDown, own.Escalate is null ? path : escalatePath, own.Escalate is null ? null : "to",
                    $"{Who} escalates {direction}: {route.Tier.Name} → {escalation.To.Name}.");
                return;
            }
            if (own.Escalate is null && own.Checks is null && route.Kind == RouteKind.Tag) return;
            var rungs = snapshot.Ladder.Length - escalation.To.Index;
            if (escalation.Times > rungs)
                lints.Add(LintCatalogue.EscalationTimes, escalatePath, "times", $"{Who} may climb {escalation.Times} times, but from {escalation.To.Name} upwards there {(rungs == 1 ? "is 1 rung" : $"are {rungs} rungs")}.");
            if (route.Checks.IsEmpty && merged.Escalate?.On is { } causes && causes.Contains("check_failed"))
                lints.Add(LintCatalogue.EscalationWithoutChecks, escalatePath, "on", $"{Who} escalates on check_failed, but has no checks.");
        }
    }
}
