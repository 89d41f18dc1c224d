using System.Collections.Immutable;
using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Core.Rollouts;

namespace Rung.Control.Laboratory;

/// <summary>
/// The real engine, guards and control laws in virtual time, over simulated traffic with a script. The same seed gives the same result, on any number of threads.
/// Everything is in memory; nothing is asked, stored or sent.
/// </summary>
public sealed class Simulator
{
    /// <summary>Virtual days of a rollout, and of the control loop, when none are named.</summary>
    public const int RolloutDays = 7, ControlDays = 30;

    private const int MostSessions = 1 << 19;
    private const int MostCalls = 1 << 16; // Ids of calls repeat after this many: far more than are waited for at once.
    private const int PilotCalls = 20_000;

    private readonly SessionNames sessions = new("s", MostSessions);
    private readonly SessionNames calls = new("c", MostCalls);
    private readonly LabTerms terms;
    private readonly LabPolicy policy;
    private readonly LabPolicy candidate;
    private readonly RolloutPlan plan;
    private readonly Route route;

    /// <summary>Sets it up.</summary>
    /// <param name="terms">How much traffic, how often.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="candidate">The one that is rolled out.</param>
    /// <param name="tag">The tag of all calls; null: the first by name with a floor and a ceiling, else with a floor, else the first.</param>
    /// <param name="plan">The rollout; its tags and salt are the laboratory's. Without guards it gets the default ones; guards of cost without a cap get one.</param>
    /// <exception cref="ArgumentException">The terms make no sense, or the tag has no route of its own.</exception>
    public Simulator(LabTerms terms, LabPolicy policy, LabPolicy candidate, string? tag, RolloutPlan plan)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(plan);
        if (terms.Fault() is { } fault) throw new ArgumentException(fault, nameof(terms));
        (this.terms, this.policy, this.candidate) = (terms, policy, candidate);
        Tag = tag ?? FirstTag(policy.Snapshot);
        route = policy.Snapshot.Tags.GetValueOrDefault(Tag) ?? throw new ArgumentException($"{policy.Name} has no tag {Tag}.", nameof(tag));
        this.plan = plan with { Tags = [Tag], Guards = GuardsOf(plan.Guards) };
    }

    /// <summary>The tag of all calls.</summary>
    public string Tag { get; }

    /// <summary>The plan of the rollouts, with the caps of its guards of cost.</summary>
    public RolloutPlan Plan => plan;

    /// <summary>The scores of recorded models, for <see cref="LabEvent.Recorded"/>.</summary>
    public RecordedScores? Recorded { get; init; }

    /// <summary>Plays every run of a scenario.</summary>
    /// <param name="scenario">What happens.</param>
    /// <param name="runDone">Called after each run, from any thread.</param>
    /// <param name="cancellationToken">Stops it between two virtual days.</param>
    /// <exception cref="InvalidOperationException">The scenario needs what is not there: recorded scores, or a floor.</exception>
    public LabReport Run(LabScenario scenario, Action runDone, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(runDone);
        if (scenario.Event == LabEvent.Recorded && Recorded is null) throw new InvalidOperationException("The scenario 'recorded' needs recorded scores of two models.");
        return scenario.IsRollout ? Rollouts(scenario, runDone, cancellationToken) : Controls(scenario, runDone, cancellationToken);
    }

    private LabReport Rollouts(LabScenario scenario, Action runDone, CancellationToken cancellationToken)
    {
        var days = terms.Days ?? RolloutDays;
        var setting = Setting(scenario, [.. plan.Guards.Select(guard => LabGuards.SignalOf(guard.Metric)).OfType<QualitySignal>()]);
        var outcomes = new RolloutOutcome[terms.Runs];
        AtOnce(runDone, run => outcomes[run] = new RolloutRun(setting, scenario, (policy, candidate), plan, run, days * 1440).Play(cancellationToken), cancellationToken);
        return new()
        {
            Scenario = scenario, Runs = terms.Runs, Days = days, VirtualTime = TimeSpan.FromMinutes(outcomes.Sum(outcome => (long)outcome.PlayedMinutes)),
            Rollout = RolloutSummary.Of(outcomes, plan),
        };
    }

    private LabReport Controls(LabScenario scenario, Action runDone, CancellationToken cancellationToken)
    {
        if (route.Floor is not { } floor) throw new InvalidOperationException($"Tag {Tag} has no floor, so there is nothing to steer by.");
        var days = terms.Days ?? ControlDays;
        var setting = Setting(scenario, [LabSetting.SignalOf(floor), .. plan.Guards.Select(guard => LabGuards.SignalOf(guard.Metric)).OfType<QualitySignal>()]);
        var outcomes = new ControlOutcome[terms.Runs];
        AtOnce(runDone, run => outcomes[run] = new ControlRun(setting, scenario, policy, plan, run, days * 1440).Play(cancellationToken), cancellationToken);
        return new()
        {
            Scenario = scenario, Runs = terms.Runs, Days = days, VirtualTime = TimeSpan.FromDays((double)days * terms.Runs), Control = ControlSummary.Of(outcomes, scenario),
        };
    }

    private void AtOnce(Action runDone, Action<int> play, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = terms.Threads, CancellationToken = cancellationToken };
        Parallel.For(0, terms.Runs, options, run =>
        {
            play(run);
            runDone();
        });
    }

    private LabSetting Setting(LabScenario scenario, HashSet<QualitySignal> signals) => new()
    {
        Terms = terms, Tag = Tag, Sessions = sessions, Calls = calls,
        Quality = route.Floor is { } floor ? Math.Min(0.995, floor.AtLeast + (scenario.Event == LabEvent.Noise ? scenario.Size : LabOutcomes.AboveFloor)) : LabOutcomes.PlainQuality,
        TokenScale = TokenScale(signals),
        Signals = signals,
        Recorded = scenario.Event == LabEvent.Recorded ? Recorded : null,
    };

    /// <summary>With a ceiling for a call, prompts are as long as make the traffic cost four fifths of it.</summary>
    private double TokenScale(HashSet<QualitySignal> signals)
    {
        if (route.Ceiling?.NanoUsdPerCall is not { } ceiling) return 1;
        var costs = Pilot(tokenScale: 1, signals);
        return costs.Count == 0 || costs.Average() <= 0 ? 1 : LabControl.PartOfCeiling * ceiling / costs.Average();
    }

    /// <summary>Where no guards are named: one for each metric that simulated traffic has data of. Guards of cost get the caps that a real rollout would have.</summary>
    private ImmutableArray<Guard> GuardsOf(ImmutableArray<Guard> named)
    {
        var needsCosts = named.IsEmpty || named.Any(guard => GuardDefaults.IsCost(guard.Metric) && guard.CapNanoUsd is null);
        HashSet<QualitySignal> signals = [];
        var costs = needsCosts ? Pilot(TokenScale(signals), signals) : [];
        double? mean = costs.Count > 0 ? costs.Average() : null; // Unknown prices are never zero: without one, nothing is said of cost.
        if (named.IsEmpty) return GuardDefaults.For(LabGuards.IsSimulated, mean, mean * terms.CallsPerSession);
        var guards = ImmutableArray.CreateBuilder<Guard>();
        foreach (var guard in named)
        {
            if (!GuardDefaults.IsCost(guard.Metric) || guard.CapNanoUsd is not null) guards.Add(guard);
            else if (mean is { } known) guards.Add(guard with { CapNanoUsd = GuardDefaults.Cap(guard.Metric == GuardMetric.CostPerCall ? known : known * terms.CallsPerSession) });
            else throw new ArgumentException($"The price of tag {Tag} is unknown, so {GuardWords.Of(guard.Metric)} cannot be guarded.", nameof(named));
        }
        return guards.ToImmutable();
    }

    /// <summary>Costs of some calls while nothing happens, nano-USD, without those of unknown cost.</summary>
    private List<long> Pilot(double tokenScale, HashSet<QualitySignal> signals)
    {
        var setting = new LabSetting
        {
            Terms = terms with { CallsPerDay = PilotCalls }, Tag = Tag, Quality = LabOutcomes.PlainQuality, TokenScale = tokenScale, Signals = signals, Sessions = sessions, Calls = calls,
        };
        var world = new LabWorld(setting, LabChance.Of(terms.Seed, -1));
        var arm = new LabArm(policy.Snapshot, name: null, route.Tier.Index, LabOutcomes.PlainQuality, LabSetting.Began);
        var costs = new List<long>(PilotCalls);
        for (var minute = 0; minute < 1440; minute++)
        {
            world.Step(minute, arm, candidate: null, share: 0);
            foreach (ref readonly var call in world.Calls)
            {
                if (call is { Failed: false, CostNanoUsd: { } cost }) costs.Add(cost);
            }
        }
        return costs;
    }

    private static string FirstTag(PolicySnapshot policy) => policy.Tags.Values
        .OrderByDescending(route => (route.Floor is null ? 0 : 2) + (route.Ceiling is null ? 0 : 1)).ThenBy(route => route.Name, StringComparer.Ordinal).FirstOrDefault()?.Name
        ?? throw new ArgumentException("The policy has no tag with a route of its own.", nameof(policy));
}
