using Rung.Control.Imports;
using Rung.Core.Prices;
using Rung.Storage;

namespace Rung.Control.Audit.Running;

/// <summary>What an audit is to look at, and how.</summary>
public sealed record AuditRequest
{
    /// <summary>The logs; null when the calls come from the ledger.</summary>
    public LogImportOptions? Logs { get; init; }
    /// <summary>The ledger whose imported calls are audited, without <see cref="Logs"/>.</summary>
    public Ledger? Ledger { get; init; }
    /// <summary>What the report calls that ledger: its data directory.</summary>
    public string? LedgerName { get; init; }
    /// <summary>Calls that began from then on and before then.</summary>
    public (DateTimeOffset? Since, DateTimeOffset? Until) Window { get; init; }
    /// <summary>The prices.</summary>
    public required PriceBook Prices { get; init; }
    /// <summary>The user's own book in them; null when there is none.</summary>
    public string? OwnPrices { get; init; }
    /// <summary>The day whose prices hold for every call; null: each call's own.</summary>
    public DateOnly? PriceDate { get; init; }
    /// <summary>Whether the log's own figure counts where no price is known.</summary>
    public bool TakesLoggedCosts { get; init; }
    /// <summary>What was billed, in nano-USD.</summary>
    public long? InvoiceNanoUsd { get; init; }
    /// <summary>Names that the user gave to sites.</summary>
    public required SiteNames Names { get; init; }
    /// <summary>Rungs that the user named.</summary>
    public required IReadOnlyList<TierOverride> Tiers { get; init; }
    /// <summary>Whether the beginning of a prompt may be kept.</summary>
    public bool KeepsOpenings { get; init; }

    /// <summary>The instant whose prices hold; null: each call's own.</summary>
    public DateTimeOffset? FixedDate => PriceDate is { } day ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) : null;
}
