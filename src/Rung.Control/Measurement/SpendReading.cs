using System.Runtime.InteropServices;
using Rung.Core.Policies;
using Rung.Storage;
using Rung.Storage.Rollups;

namespace Rung.Control.Measurement;

/// <summary>What the rows of a spending are told apart by. Several are joined.</summary>
[Flags]
public enum SpendGrouping : byte
{
    /// <summary>Nothing: only the totals.</summary>
    Nothing = 0,
    /// <summary>The tag that the client gave.</summary>
    Tag = 1,
    /// <summary>The role.</summary>
    Role = 2,
    /// <summary>Who answers for the tag's route in the policy in force.</summary>
    Team = 4,
    /// <summary>The rung: of an attempt its own, of a call the one that answered.</summary>
    Tier = 8,
    /// <summary>The model, likewise.</summary>
    Model = 16,
    /// <summary>The day, UTC.</summary>
    Day = 32,
    /// <summary>The route of the policy that served it.</summary>
    Route = 64,
    /// <summary>The minute, hour or day of the period's series. Not beside <see cref="Day"/>.</summary>
    Series = 128,
}

/// <summary>Amounts of one part of the calls. What is not told apart is null.</summary>
/// <param name="At">Begin of the day, or of the part of the series, UTC.</param>
/// <param name="Tag">The tag; null for calls without one.</param>
/// <param name="Role">The role; null for calls without one.</param>
/// <param name="Route">The route; empty for calls that were rejected before any.</param>
/// <param name="Team">The owner; null where the policy names none.</param>
/// <param name="Tier">The rung; null for what belongs to no attempt's and nobody answered.</param>
/// <param name="Model">The model, likewise.</param>
/// <param name="Sums">The amounts.</param>
public sealed record SpendReadingRow(DateTimeOffset? At, string? Tag, string? Role, string? Route, string? Team, string? Tier, string? Model, SpendSums Sums);

/// <summary>What was spent in a period, exact to the nano-dollar: the amounts of every page, of <c>rung report</c> and of the calls one by one.</summary>
public sealed record SpendReading
{
    /// <summary>The period.</summary>
    public required Period Period { get; init; }
    /// <summary>What the rows are told apart by.</summary>
    public required SpendGrouping By { get; init; }
    /// <summary>The rows, those of a series in order of time, the costliest first.</summary>
    public required IReadOnlyList<SpendReadingRow> Rows { get; init; }
    /// <summary>All of them.</summary>
    public required SpendSums Totals { get; init; }
    /// <summary>Calls that are in no amount yet, because too many wait to be rolled up; 0 as a rule.</summary>
    public required long Pending { get; init; }
    /// <summary>Calls from before this instant are not in yet: an older ledger is being rolled up; null: all are.</summary>
    public DateTimeOffset? MissingBefore { get; init; }

    /// <summary>Reads what was spent. The period that it is compared with is another reading.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="policy">The policy in force, which says whose a tag is.</param>
    /// <param name="period">The period.</param>
    /// <param name="by">What to tell apart.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <param name="tag">Calls of this tag only; null: all.</param>
    /// <exception cref="ArgumentException">Days and the parts of the series cannot both be told apart.</exception>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    public static async Task<SpendReading> ReadAsync(Ledger ledger, PolicySnapshot policy, Period period, SpendGrouping by, CancellationToken cancellationToken, string? tag = null)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(period);
        if (by.HasFlag(SpendGrouping.Day | SpendGrouping.Series)) throw new ArgumentException("Days and the parts of the series are not told apart at once.", nameof(by));

        var reading = await ledger.ReadRollupAsync(new RollupQuery
        {
            From = period.From, To = period.To, Tag = tag, Spend = Stored(by), Tags = false,
            Series = by.HasFlag(SpendGrouping.Day) ? RollupGrain.Day : by.HasFlag(SpendGrouping.Series) ? period.Grain : null,
        }, cancellationToken);

        var totals = new SpendSums();
        var groups = new Dictionary<Key, SpendSums>();
        foreach (var row in reading.Spend)
        {
            totals.Merge(row.Sums);
            var key = new Key(
                row.At, by.HasFlag(SpendGrouping.Tag) ? row.Tag : null, by.HasFlag(SpendGrouping.Role) ? row.Role : null, row.Route,
                by.HasFlag(SpendGrouping.Team) ? TeamOf(policy, row.Tag, row.Role) : null, row.Tier, row.Model);
            (CollectionsMarshal.GetValueRefOrAddDefault(groups, key, out _) ??= new SpendSums()).Merge(row.Sums);
        }
        return new SpendReading
        {
            Period = period, By = by, Totals = totals, Pending = reading.Pending, MissingBefore = reading.MissingBefore,
            Rows = by == SpendGrouping.Nothing ? [] :
            [
                .. groups.OrderBy(group => group.Key.At).ThenByDescending(group => group.Value.CostNanoUsd).ThenByDescending(group => group.Value.Calls).ThenBy(group => group.Key.ToString(), StringComparer.Ordinal)
                    .Select(group => new SpendReadingRow(group.Key.At, group.Key.Tag, group.Key.Role, group.Key.Route, group.Key.Team, group.Key.Tier, group.Key.Model, group.Value)),
            ],
        };
    }

    /// <summary>Who answers for calls of a tag: the owner of the route that the policy in force has for it, or for its role, or for everything else; null where that names none.</summary>
    public static string? TeamOf(PolicySnapshot policy, string? tag, string? role)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (tag is not null && policy.Tags.TryGetValue(tag, out var ofTag)) return ofTag.Owner;
        return role is not null && policy.Roles.TryGetValue(role, out var ofRole) ? ofRole.Owner : policy.Default.Owner;
    }

    private static SpendBy Stored(SpendGrouping by)
    {
        var stored = SpendBy.Nothing;
        if ((by & (SpendGrouping.Tag | SpendGrouping.Team)) != SpendGrouping.Nothing) stored |= SpendBy.Tag;
        if ((by & (SpendGrouping.Role | SpendGrouping.Team)) != SpendGrouping.Nothing) stored |= SpendBy.Role;
        if (by.HasFlag(SpendGrouping.Route)) stored |= SpendBy.Route;
        if (by.HasFlag(SpendGrouping.Tier)) stored |= SpendBy.Tier;
        if (by.HasFlag(SpendGrouping.Model)) stored |= SpendBy.Model;
        return stored;
    }

    private readonly record struct Key(DateTimeOffset? At, string? Tag, string? Role, string? Route, string? Team, string? Tier, string? Model);
}
