using Rung.Core.Measurement;

namespace Rung.Storage.Rollups;

/// <summary>What the roll-ups say of a window, over one consistent view of the ledger. What was appended and not rolled up yet is in it.</summary>
public sealed record RollupReading
{
    /// <summary>Amounts, exact.</summary>
    public required IReadOnlyList<SpendRow> Spend { get; init; }
    /// <summary>Measures of tags. Copies of calls for rollouts in their shadow are not among them.</summary>
    public required IReadOnlyList<TagRow> Tags { get; init; }
    /// <summary>Models.</summary>
    public required IReadOnlyList<ModelRow> Models { get; init; }
    /// <summary>Calls of any time that were appended, and are in no row yet because too many wait; 0: every row is whole but for <see cref="MissingBefore"/>.</summary>
    public required long Pending { get; init; }
    /// <summary>Calls whose id was made before this instant are in no row yet: an older ledger is being rolled up, the newest calls first; null: all are.</summary>
    public DateTimeOffset? MissingBefore { get; init; }
}

/// <summary>Amounts of some calls and attempts.</summary>
/// <param name="At">Begin of the minute, hour or day, UTC; null for the whole window.</param>
/// <param name="Tag">The tag; null for calls without one, and where tags are not told apart. The others likewise.</param>
/// <param name="Role">The role.</param>
/// <param name="Route">The route; empty for calls that were rejected before any.</param>
/// <param name="Tier">The rung; null for calls that nobody answered.</param>
/// <param name="Model">The model; null for calls that nobody answered.</param>
/// <param name="Sums">The amounts.</param>
public sealed record SpendRow(DateTimeOffset? At, string? Tag, string? Role, string? Route, string? Tier, string? Model, SpendSums Sums);

/// <summary>
/// The measure of a tag. Calls, rates and times are booked when the call began; costs of units, qualities and the number of sessions when the unit began: its session, or the call when it
/// has none. A session is therefore in the window in which it began, with everything it has cost and was judged so far.
/// </summary>
/// <param name="At">Begin of the minute, hour or day, UTC; null for the whole window.</param>
/// <param name="Tag">The tag; null for calls without one.</param>
/// <param name="Sums">Its sums.</param>
public sealed record TagRow(DateTimeOffset? At, string? Tag, MeasureSums Sums);
