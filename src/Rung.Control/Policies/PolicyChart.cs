using Rung.Control.Evals.Standing;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Control.Policies;

/// <summary>One model of a rung.</summary>
/// <param name="Model">The model.</param>
/// <param name="Price">Its price by tokens in force now; null when unknown, or when it costs by the hour.</param>
public sealed record ChartModel(Model Model, PricePeriod? Price);

/// <summary>A route where it stands.</summary>
/// <param name="Route">What the policy says of it.</param>
/// <param name="Evidence">What proved its tier, and its age; null for roles, for the default, and when the ledger does not have the revision.</param>
/// <param name="Lints">Opinions about it.</param>
/// <param name="Rollout">The open rollout that its calls take part in; null when there is none.</param>
public sealed record ChartPlace(ChartRoute Route, TagEvidence? Evidence, IReadOnlyList<LintFinding> Lints, Rollout? Rollout);

/// <summary>A rung with its models and with everything that starts there.</summary>
/// <param name="Tier">The rung.</param>
/// <param name="Models">Its models.</param>
/// <param name="Places">The routes that start there: roles, tags, the default.</param>
public sealed record ChartRung(ChartTier Tier, IReadOnlyList<ChartModel> Models, IReadOnlyList<ChartPlace> Places);

/// <summary>The policy in force as a page shows it: the ladder, who stands where, what is held against it.</summary>
/// <param name="Revision">The revision; null when the ledger does not have it.</param>
/// <param name="Rungs">The rungs, the strongest first, as a ladder stands.</param>
/// <param name="OffLadder">Models that stand on no rung: only pins reach them.</param>
/// <param name="Pins">The hard constraints.</param>
/// <param name="Lints">Every opinion, the gravest first, then in order of place.</param>
public sealed record PolicyChart(
    RevisionEntry? Revision, IReadOnlyList<ChartRung> Rungs, IReadOnlyList<ChartModel> OffLadder, IReadOnlyList<ChartPin> Pins, IReadOnlyList<LintFinding> Lints)
{
    /// <summary>Lays it out.</summary>
    /// <param name="policy">The policy in force.</param>
    /// <param name="stored">It as it was stored and compiled; null when the ledger does not have it: then there are no lints and no files of evidence.</param>
    /// <param name="open">The open rollouts.</param>
    /// <param name="usd">How an amount in nano-USD is written.</param>
    /// <param name="now">Now, UTC.</param>
    public static PolicyChart Of(PolicySnapshot policy, CompiledRevision? stored, IReadOnlyList<Rollout> open, Func<long, string> usd, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(open);
        var chart = OrgChart.Of(policy, usd);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        List<LintFinding> lints = [.. (stored?.Compilation.Lints ?? []).Select(LintFinding.Of).OrderByDescending(finding => finding.Lint.Severity).ThenBy(finding => finding.Lint.Line)];
        var evidence = (stored is null ? [] : TagEvidence.Of(new JudgedPolicy(policy, stored.Revision.Files, stored.Compilation.Lints), today)).ToDictionary(tag => tag.Tag, StringComparer.Ordinal);
        var places = chart.Routes.Select(route => new ChartPlace(route, route.Kind == RouteKind.Tag ? evidence.GetValueOrDefault(route.Name) : null, [.. lints.Where(finding => finding.IsAbout(PathOf(route)))], RolloutOf(route))).ToList();
        var rungs = policy.Ladder.Reverse().Select((tier, place) => new ChartRung(
            chart.Ladder[chart.Ladder.Count - 1 - place], [.. policy.Models.Where(model => tier.Pool.Contains(model.Index)).Select(Priced)], [.. places.Where(standing => standing.Route.Tier == tier.Name)])).ToList();
        return new PolicyChart(
            stored?.Revision, rungs, [.. policy.Models.Where(model => !policy.Ladder.Any(tier => tier.Pool.Contains(model.Index))).Select(Priced)], chart.Pins, lints);

        ChartModel Priced(Model model) => new(model, model.Price?.At(now));

        // What covers every call covers roles and the default too.
        Rollout? RolloutOf(ChartRoute route) => open.FirstOrDefault(rollout => rollout.Plan.Covers(route.Kind == RouteKind.Tag ? route.Name : null));
    }

    // As the compiler writes paths: a name with a dot, a bracket or a quote in it is quoted.
    private static string PathOf(ChartRoute route)
    {
        if (route.Kind == RouteKind.Default) return "default";
        var list = route.Kind == RouteKind.Role ? "roles" : "tags";
        return route.Name.AsSpan().IndexOfAny('.', '[', '"') >= 0 ? $"{list}[\"{route.Name}\"]" : $"{list}.{route.Name}";
    }
}
