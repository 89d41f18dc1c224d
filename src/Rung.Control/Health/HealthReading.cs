using System.Collections.Immutable;
using Rung.Control.Measurement;
using Rung.Control.Overview;
using Rung.Control.Steering;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Spans;
using Rung.Core.Statistics;
using Rung.Storage;
using Rung.Storage.Content;
using Rung.Storage.Control;
using Rung.Storage.Rollups;

namespace Rung.Control.Health;

/// <summary>Whether everything works: the models, the queues, the files, the prices, the control loop.</summary>
public sealed record HealthReading
{
    /// <summary>The period of the models' figures.</summary>
    public required Period Period { get; init; }
    /// <summary>What the serving process says of itself.</summary>
    public required ServingHealth Serving { get; init; }
    /// <summary>Why the ledger cannot be read, and what to do about it: then nothing of what it says is here. Null when it can.</summary>
    public string? LedgerProblem { get; init; }
    /// <summary>What of it needs attention.</summary>
    public required IReadOnlyList<AttentionItem> Trouble { get; init; }
    /// <summary>The models of the policy in force in its order, then others that had attempts in the period.</summary>
    public required ImmutableArray<ModelHealthRow> Models { get; init; }
    /// <summary>Bytes of the ledger on the disk.</summary>
    public required long LedgerBytes { get; init; }
    /// <summary>Bytes of the store of content; null: there is none.</summary>
    public long? ContentBytes { get; init; }
    /// <summary>Calls that wait to be rolled up.</summary>
    public required long Pending { get; init; }
    /// <summary>Calls from before this instant are not rolled up yet; null: all are.</summary>
    public DateTimeOffset? MissingBefore { get; init; }
    /// <summary>What is wrong with prices of the policy in force as of today, what matters first.</summary>
    public required ImmutableArray<PriceFinding> Prices { get; init; }
    /// <summary>Who holds or held the right to act of the control loop; null: nobody does.</summary>
    public Lease? Lease { get; init; }
    /// <summary>Whether the lease holds now.</summary>
    public required bool IsWatched { get; init; }
    /// <summary>The freeze of the control loop that holds now; null: none.</summary>
    public ControlFreeze? Freeze { get; init; }
    /// <summary>Calls of the period by how they ended.</summary>
    public required SpendSums Calls { get; init; }

    /// <summary>Reads it. What the process says of itself is there even when the ledger cannot be read.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="content">The store of content; null: there is none.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="serving">What the serving process says of itself.</param>
    /// <param name="period">The period of the models' figures.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="cancellationToken">Looked at between readings.</param>
    public static async Task<HealthReading> ReadAsync(
        Ledger ledger, ContentStore? content, PolicySnapshot policy, ServingHealth serving, Period period, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(serving);
        ArgumentNullException.ThrowIfNull(period);
        try
        {
            return await ReadWholeAsync(ledger, content, policy, serving, period, now, cancellationToken);
        }
        catch (LedgerException e)
        {
            var unread = new AttentionItem(AttentionLevel.Look, $"the ledger cannot be read: {e.Message}", "/health");
            return Of(ledger, content, policy, serving, period, now, []) with { LedgerProblem = e.Message, Trouble = [unread, .. ServingTrouble.Of(serving)] };
        }
    }

    private static async Task<HealthReading> ReadWholeAsync(
        Ledger ledger, ContentStore? content, PolicySnapshot policy, ServingHealth serving, Period period, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ledger.RequireInPlace(); // Another file in its place would be read, but is not what this process writes to.
        var rollup = await ledger.ReadRollupAsync(
            new RollupQuery { From = period.From, To = period.To, Series = period.Grain, Spend = null, Tags = false, Models = true }, cancellationToken);
        var spend = await SpendReading.ReadAsync(ledger, policy, period, SpendGrouping.Nothing, cancellationToken);
        var lease = await ledger.FindLeaseAsync(ControlLoop.LeaseName, cancellationToken);
        var freeze = await ledger.ReadFreezeAsync(cancellationToken);
        return Of(ledger, content, policy, serving, period, now, rollup.Models) with
        {
            Pending = rollup.Pending, MissingBefore = rollup.MissingBefore, Lease = lease, IsWatched = lease is not null && lease.Until > now,
            Freeze = freeze is { } switched && switched.HoldsAt(now) ? switched : null, Calls = spend.Totals,
        };
    }

    // What is known without the ledger.
    private static HealthReading Of(
        Ledger ledger, ContentStore? content, PolicySnapshot policy, ServingHealth serving, Period period, DateTimeOffset now, IReadOnlyList<ModelRow> models) => new()
    {
        Period = period, Serving = serving, Trouble = ServingTrouble.Of(serving), Models = ModelsOf(policy, serving, models), LedgerBytes = ledger.FileBytes, ContentBytes = content?.FileBytes,
        Pending = 0, Prices = [.. PriceBookCheck.Run(policy, DateOnly.FromDateTime(now.UtcDateTime)).OrderByDescending(finding => finding.Matters)], IsWatched = false, Calls = new SpendSums(),
    };

    private static ImmutableArray<ModelHealthRow> ModelsOf(PolicySnapshot policy, ServingHealth serving, IReadOnlyList<ModelRow> rows)
    {
        var seen = rows.ToLookup(row => row.Model, StringComparer.Ordinal);
        var served = serving.Models.ToDictionary(model => model.Name, StringComparer.Ordinal);
        var names = policy.Models.Select(model => model.Name).Concat(seen.Select(group => group.Key).Order(StringComparer.Ordinal)).Distinct(StringComparer.Ordinal);
        return [.. names.Select(name => Of(name, policy, served.GetValueOrDefault(name), seen[name]))];
    }

    private static ModelHealthRow Of(string name, PolicySnapshot policy, ServedModel? served, IEnumerable<ModelRow> rows)
    {
        var (latency, firstByte, endings) = (new QuantileSketch(), new QuantileSketch(), new Dictionary<AttemptOutcome, long>());
        var (attempts, errors, tiers) = (0L, 0L, new HashSet<string>(StringComparer.Ordinal));
        DateTimeOffset? last = null;
        foreach (var row in rows)
        {
            attempts += row.Attempts;
            errors += row.Errors;
            tiers.Add(row.Tier);
            latency.Merge(row.Latency);
            firstByte.Merge(row.FirstByte);
            foreach (var outcome in Enum.GetValues<AttemptOutcome>())
            {
                if (outcome != AttemptOutcome.Completed && row.Count(outcome) is > 0 and var count) endings[outcome] = endings.GetValueOrDefault(outcome) + count;
            }
            // An answer that a check failed is an answer: the model is alive.
            if (row.Count(AttemptOutcome.Completed) + row.Count(AttemptOutcome.CheckFailed) > 0 && (last is null || row.At > last)) last = row.At;
        }
        if (tiers.Count == 0) tiers.UnionWith(policy.Ladder.Where(tier => policy.Models.Any(model => model.Name == name && tier.Pool.Contains(model.Index))).Select(tier => tier.Name));
        return new ModelHealthRow
        {
            Name = name, Tiers = [.. tiers.OrderBy(tier => PlaceOf(policy, tier)).ThenBy(tier => tier, StringComparer.Ordinal)], Served = served, Attempts = attempts, Errors = errors,
            Endings = [.. endings.OrderByDescending(ending => ending.Value).Select(ending => (ending.Key, ending.Value))], Latency = TimesOf(latency), FirstByte = TimesOf(firstByte), LastSuccess = last,
        };
    }

    private static int PlaceOf(PolicySnapshot policy, string tier)
    {
        foreach (var known in policy.Ladder)
        {
            if (known.Name == tier) return known.Index;
        }
        return int.MaxValue;
    }

    private static ModelTimes? TimesOf(QuantileSketch sketch) => sketch.Count == 0 ? null : new ModelTimes(sketch.Count, sketch.Quantile(0.5), sketch.Quantile(0.95));
}
