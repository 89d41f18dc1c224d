using System.Collections.Immutable;

namespace Rung.Core.Prices;

/// <summary>What a public price list gave.</summary>
/// <param name="Source">The list's short name, which becomes the source of every period: <c>litellm</c> or <c>models.dev</c>.</param>
/// <param name="Entries">Its models, each with one period that has neither beginning nor end.</param>
/// <param name="Skipped">Rows that were not taken, and why.</param>
/// <param name="Remarks">Rows that were taken without something of theirs, and what that is.</param>
public sealed record PriceImport(
    string Source, ImmutableArray<PriceSchedule> Entries, ImmutableArray<ImportRemark> Skipped, ImmutableArray<ImportRemark> Remarks);

/// <summary>A remark on one row of a price list.</summary>
/// <param name="Row">The row's key, as the list writes it.</param>
/// <param name="Reason">What is to be said about it.</param>
public sealed record ImportRemark(string Row, string Reason);
