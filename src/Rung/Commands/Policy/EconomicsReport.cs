using System.Text.Json.Serialization;
using Rung.Core.Checks;
using Rung.Core.Guarantees;
using Rung.Core.Learning;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Spans;
using Rung.Recorded;
using Rung.Storage;
using Rung.Storage.Reports;

namespace Rung.Commands.Policy;

/// <summary>What a tag's cascade costs before it ships, and where each number comes from. The names here, in snake_case, are the JSON.</summary>
internal sealed record EconomicsReport
{
    /// <summary>Tokens of the instructions that a model gets when it scores an answer, beside prompt and answer: an assumption.</summary>
    private const int RubricTokens = 200;

    /// <summary>The tag.</summary>
    public required string Tag { get; init; }
    /// <summary>The model that answers first.</summary>
    public required string Weak { get; init; }
    /// <summary>The model that a climb reaches.</summary>
    public required string Strong { get; init; }
    /// <summary>What every call pays for the first answer, US dollars; null where the price is unknown.</summary>
    public double? WeakUsd { get; init; }
    /// <summary>What every call pays for the verifier.</summary>
    public double? VerifierUsd { get; init; }
    /// <summary>What every call pays for more answers of the first model.</summary>
    public double? SamplesUsd { get; init; }
    /// <summary>What an answer of the strong model costs, over the calls that climb.</summary>
    public double? ClimbUsd => Costs?.ClimbNanoUsd / 1e9;
    /// <summary>What an answer of the strong model costs, over all calls.</summary>
    public double? StrongUsd { get; init; }
    /// <summary>Where the costs come from.</summary>
    public required string CostSource { get; init; }
    /// <summary>Share of the calls that climb; null when nobody knows.</summary>
    public double? ClimbRate { get; init; }
    /// <summary>Where it comes from.</summary>
    public required string ClimbSource { get; init; }
    /// <summary>Expected cost of a call, US dollars.</summary>
    public double? ExpectedUsd => ClimbRate is { } rate && Costs is { } costs ? costs.Expected(rate) / 1e9 : null;
    /// <summary>The share of climbing calls from which on it costs more than always strong; null when it always does, or when costs are unknown.</summary>
    public double? BreakEvenClimbRate => Costs?.BreakEven;
    /// <summary><c>cascade</c>, <c>do_not_cascade</c>, or <c>unknown</c>.</summary>
    public string Recommend => Costs is not { } costs ? "unknown" : costs.BreakEven is null ? "do_not_cascade" : ClimbRate is not { } rate ? "unknown" : costs.Pays(rate) ? "cascade" : "do_not_cascade";
    /// <summary>How much longer a call that climbs takes, median, in milliseconds: it waits for the first answer; null when nobody measured.</summary>
    public double? AddedMsP50 { get; init; }
    /// <summary>The same, 95th percentile.</summary>
    public double? AddedMsP95 { get; init; }
    /// <summary>Where the times come from.</summary>
    public required string LatencySource { get; init; }

    /// <summary>The costs; null when one is unknown.</summary>
    [JsonIgnore]
    public CascadeEconomics? Costs { get; init; }

    /// <summary>What to assume and where to look.</summary>
    /// <param name="InputTokens">Assumed tokens of a prompt.</param>
    /// <param name="OutputTokens">Assumed tokens of an answer.</param>
    /// <param name="ClimbRate">Assumed share of climbing calls; null: measured.</param>
    /// <param name="Outcomes">A recording; null for none.</param>
    /// <param name="Data">The data directory, whose ledger may know the tag.</param>
    public sealed record Sources(int InputTokens, int OutputTokens, double? ClimbRate, RecordedOutcomes? Outcomes, string Data);

    /// <summary>Works it out.</summary>
    /// <exception cref="PolicyUnusableException">The tag is no cascade.</exception>
    /// <exception cref="OutsideNeededException">A check must have something found out that no recording holds.</exception>
    public static async Task<EconomicsReport> OfAsync(PolicySnapshot policy, string tag, Sources from, TimeProvider clock, CancellationToken cancellationToken)
    {
        var cascade = TagCascade.Of(policy, tag, weak: null, strong: null);
        var now = clock.GetUtcNow();
        var recorded = from.Outcomes is null ? null : RecordedCascade.Of(from.Outcomes, cascade.Route, cascade.Rule, cascade.Weak, cascade.Strong, new OfflineCascade(from.Outcomes, policy, now), source: null);
        var ledger = await LedgerAsync(from.Data, cascade, clock, cancellationToken);
        var (costs, costSource) = Price(policy, cascade, from, recorded, now);
        var (rate, rateSource) = Climbs(cascade, from, recorded, ledger);
        var (p50, p95, timeSource) = Times(cascade, recorded, ledger);
        return new EconomicsReport
        {
            Tag = tag, Weak = cascade.Weak.Name, Strong = cascade.Strong.Name, Costs = costs, CostSource = costSource,
            WeakUsd = costs?.WeakNanoUsd / 1e9, VerifierUsd = costs?.VerifierNanoUsd / 1e9, SamplesUsd = costs?.SamplesNanoUsd / 1e9, StrongUsd = costs?.StrongNanoUsd / 1e9,
            ClimbRate = rate, ClimbSource = rateSource, AddedMsP50 = p50, AddedMsP95 = p95, LatencySource = timeSource,
        };
    }

    private static (CascadeEconomics? Costs, string Source) Price(PolicySnapshot policy, TagCascade cascade, Sources from, RecordedCascade? recorded, DateTimeOffset now)
    {
        double? weak, climb, strong;
        string source;
        if (recorded is { CostsKnown: true })
        {
            weak = recorded.Rows.Average(row => (double)row.WeakCostNanoUsd);
            strong = recorded.Rows.Average(row => (double)row.StrongCostNanoUsd);
            climb = from.ClimbRate is not null ? strong : recorded.Rows.Where(row => IsClimb(cascade, row)).Select(row => (double)row.StrongCostNanoUsd).DefaultIfEmpty(strong.Value).Average();
            source = $"mean of {recorded.Rows.Count:N0} recorded calls: {recorded.CostSource}";
        }
        else
        {
            weak = CostOf(cascade.Weak, from.InputTokens, from.OutputTokens, now);
            strong = climb = CostOf(cascade.Strong, from.InputTokens, from.OutputTokens, now);
            source = $"the policy's prices at an assumed {from.InputTokens:N0} tokens in and {from.OutputTokens:N0} out a call";
        }
        if (weak is not { } cheap || strong is not { } dear) return (null, $"unknown: no price per token of {(weak is null ? cascade.Weak.Name : cascade.Strong.Name)}");

        double? verifier = 0;
        if (cascade.Rule.Verifier is { } name && policy.OutsideVerifiers.TryGetValue(name, out var outside))
        {
            verifier = outside switch
            {
                HttpVerifier http => http.NanoUsdPerCall,
                ModelVerifier model => CostOf(policy.Models.First(one => one.Name == model.Model), from.InputTokens + from.OutputTokens + RubricTokens, model.MaxTokens, now),
                _ => null,
            };
            source += outside is ModelVerifier judge ? $"; verifier {name}: prompt, answer and about {RubricTokens} tokens of rubric in, {judge.MaxTokens} out" : $"; verifier {name}: the policy's usd_per_call";
        }
        return verifier is not { } scored ? (null, "unknown: no price per token of the verifier's model")
            : (new CascadeEconomics(cheap, scored, cascade.Rule.MoreAnswers * cheap, climb ?? dear, dear), source);
    }

    private static double? CostOf(Model model, int input, int output, DateTimeOffset now) =>
        model.Hourly is null && model.Price?.At(now) is { } period ? Cost.OfTokens(new TokenUsage { Input = input, Output = output, Source = UsageSource.Estimated }, period, now) : null;

    private static (double? Rate, string Source) Climbs(TagCascade cascade, Sources from, RecordedCascade? recorded, LedgerFigures? ledger)
    {
        if (from.ClimbRate is { } given) return (given, "--climb-rate");
        if (recorded is { Rows.Count: > 0 })
        {
            var climbing = recorded.Rows.Count(row => IsClimb(cascade, row));
            return ((double)climbing / recorded.Rows.Count, $"the policy's checks on {recorded.Rows.Count:N0} recorded answers, of which {climbing:N0} climb");
        }
        return ledger is { Calls: > 0 } ? (ledger.EscalationRate, $"the ledger: {ledger.Calls:N0} calls of this tag") : (null, "unknown: give --climb-rate or --outcomes, or serve the tag for a while");
    }

    private static bool IsClimb(TagCascade cascade, CascadeOutcome row) => row.KeepScore < (cascade.Rule.Threshold ?? 0);

    private static (double? P50, double? P95, string Source) Times(TagCascade cascade, RecordedCascade? recorded, LedgerFigures? ledger)
    {
        var seconds = recorded?.Recorded.Select(row => row.Of(cascade.Weak.UpstreamId)?.LatencySeconds).OfType<double>().Order().ToArray() ?? [];
        if (seconds.Length > 0) return (1000 * Quantile(seconds, 0.5), 1000 * Quantile(seconds, 0.95), $"recorded times of {seconds.Length:N0} first answers");
        if (ledger is { WeakP50Micros: { } p50, WeakP95Micros: { } p95 }) return (p50 / 1000.0, p95 / 1000.0, $"the ledger: attempts of {cascade.Weak.Name}, whatever the tag");
        return (null, null, "unknown: no recorded times, and none in the ledger");
    }

    /// <summary>Nearest rank.</summary>
    private static double Quantile(double[] sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];

    private static async Task<LedgerFigures?> LedgerAsync(string data, TagCascade cascade, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            await using var ledger = Ledger.OpenReadOnly(data, clock);
            var byTag = await ledger.ReportAsync(new ReportQuery { By = ReportGrouping.Tag }, cancellationToken);
            var byModel = await ledger.ReportAsync(new ReportQuery { By = ReportGrouping.Model }, cancellationToken);
            var tag = byTag.Rows.FirstOrDefault(row => row.Key == cascade.Route.Name);
            var weak = byModel.Rows.FirstOrDefault(row => row.Key == cascade.Weak.Name);
            return new LedgerFigures(tag?.Calls ?? 0, tag?.EscalationRate ?? 0, weak?.LatencyP50Micros, weak?.LatencyP95Micros);
        }
        catch (LedgerException)
        {
            return null; // Nothing was served yet: the report says that the figure is unknown.
        }
    }

    private sealed record LedgerFigures(long Calls, double EscalationRate, long? WeakP50Micros, long? WeakP95Micros);
}
