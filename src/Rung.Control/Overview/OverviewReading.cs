using Rung.Control.Measurement;
using Rung.Core.Policies;
using Rung.Storage;
using Rung.Storage.Rollups;

namespace Rung.Control.Overview;

/// <summary>Everything that the first page shows: whether anything needs attention, what was saved, and the four figures of every tag, over a period and beside the one that it is compared with.</summary>
public sealed record OverviewReading
{
    /// <summary>Most marks that are drawn: the latest ones.</summary>
    public const int MostMarks = 120;

    /// <summary>The period.</summary>
    public required Period Period { get; init; }
    /// <summary>How long a point of the tags' series is.</summary>
    public required TimeSpan Step { get; init; }
    /// <summary>The tags, the dearest first. Copies for rollouts in their shadow are not among them.</summary>
    public required IReadOnlyList<TagOverview> Tags { get; init; }
    /// <summary>What was spent: the same totals as on the page of spending.</summary>
    public required SpendReading Spend { get; init; }
    /// <summary>What was spent in the compared period; null when nothing is compared.</summary>
    public SpendSums? SpentBefore { get; init; }
    /// <summary>What was saved; null where no call has both a baseline and known prices.</summary>
    public NetSaving? Saving { get; init; }
    /// <summary>The model at whose price the baseline of new calls is computed.</summary>
    public required string BaselineModel { get; init; }
    /// <summary>Its tier.</summary>
    public required string ReferenceTier { get; init; }
    /// <summary>What needs attention.</summary>
    public required Attention Attention { get; init; }
    /// <summary>What is drawn on axes of time, in order.</summary>
    public required IReadOnlyList<TimelineMark> Marks { get; init; }
    /// <summary>Calls that are in no number yet, because too many wait to be rolled up; 0 as a rule.</summary>
    public long Pending => Math.Max(Spend.Pending, _pending);

    private readonly long _pending;

    /// <summary>Reads it.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="period">The period.</param>
    /// <param name="serving">What the serving process has to say.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="cancellationToken">Looked at between readings.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static async Task<OverviewReading> ReadAsync(Ledger ledger, PolicySnapshot policy, Period period, IReadOnlyList<AttentionItem> serving, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(period);
        var measuring = PeriodMeasure.ReadAsync(ledger, period, cancellationToken, times: false);
        var spending = SpendReading.ReadAsync(ledger, policy, period, SpendGrouping.Nothing, cancellationToken);
        var spentBefore = period.Compared is { } compared ? SpendReading.ReadAsync(ledger, policy, compared, SpendGrouping.Nothing, cancellationToken) : null;
        var marking = TimelineMarks.ReadAsync(ledger, period.From, period.To, cancellationToken);
        var (measure, spend) = (await measuring, await spending);

        List<TagOverview> tags =
        [
            .. measure.Tags.Select(tag => TagOverview.Of(tag.Tag, tag.Reading, tag.Compared, tag.Series, policy))
                .OrderByDescending(tag => tag.Reading.CostNanoUsd).ThenByDescending(tag => tag.Reading.Calls).ThenBy(tag => tag.Tag, StringComparer.Ordinal),
        ];
        var data = new AttentionData(period.From, spend.Totals.Calls, tags, spend.Totals.UnknownPriceAttempts) { Until = period.To < now ? period.To : null };
        var attention = await AttentionReading.ReadAsync(ledger, data, serving, now, cancellationToken);
        var saving = NetSaving.Of(spend.Totals, tags.Select(tag => tag.Reading));
        var marks = await marking;
        return new OverviewReading(measure.Pending)
        {
            Period = period, Step = measure.Step, Tags = tags, Spend = spend, SpentBefore = spentBefore is null ? null : (await spentBefore).Totals, Saving = saving, BaselineModel = policy.BaselineModel.Name,
            ReferenceTier = policy.ReferenceTier.Name, Attention = attention with { Waiting = Math.Max(spend.Pending, measure.Pending), IsIncomplete = spend.MissingBefore is not null },
            Marks = marks.Count <= MostMarks ? marks : [.. marks.Skip(marks.Count - MostMarks)],
        };
    }

    private OverviewReading(long pending) => _pending = pending;
}
