namespace Rung.Control.Audit.Running;

/// <summary>What may be sent to be audited over HTTP.</summary>
public sealed record AuditLimits
{
    /// <summary>Most files of one upload, at least 1.</summary>
    public int MostFiles { get; init; } = 100;
    /// <summary>Most bytes of one upload, as sent, at least 1.</summary>
    public long MostBytes { get; init; } = 1_000_000_000;
    /// <summary>Most bytes of one file when unpacked, at least 1: a packed megabyte can hold a thousand.</summary>
    public long MostUnpackedBytes { get; init; } = 8_000_000_000;
    /// <summary>Longest time that an audit may take, the upload included.</summary>
    public TimeSpan MostTime { get; init; } = TimeSpan.FromMinutes(30);
}

/// <summary>The prices of an audit.</summary>
/// <param name="Book">The prices.</param>
/// <param name="Own">The user's own book in them; null when there is none.</param>
public sealed record AuditPrices(Core.Prices.PriceBook Book, string? Own);

/// <summary>How an uploaded audit is to be made.</summary>
public sealed record AuditWish
{
    /// <summary>Whether the calls are kept in the ledger: numbers and traits, never content.</summary>
    public bool Keep { get; init; }
    /// <summary>Whether the log's own figure counts where no price is known.</summary>
    public bool TakesLoggedCosts { get; init; }
    /// <summary>What was billed, in nano-USD; null when nobody said.</summary>
    public long? InvoiceNanoUsd { get; init; }
}
