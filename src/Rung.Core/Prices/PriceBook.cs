namespace Rung.Core.Prices;

/// <summary>Prices by provider and model, dated.</summary>
public sealed class PriceBook
{
    /// <summary>Every entry, by provider and model.</summary>
    public required IReadOnlyList<PriceSchedule> Entries { get; init; }
    /// <summary>The date on which the book was compiled, for the reports.</summary>
    public required DateOnly Compiled { get; init; }

    /// <summary>The book that ships with Rung.</summary>
    public static PriceBook Embedded => throw new NotSupportedException("Being built.");

    /// <summary>An empty book: every price is unknown unless the policy states it.</summary>
    public static PriceBook Empty { get; } = new() { Entries = [], Compiled = default };

    /// <summary>
    /// Finds a model: exact id within the provider, then alias, then without a date suffix, then without a vendor prefix. Never a prefix match.
    /// </summary>
    /// <returns>Null when the book does not know the model: its price is unknown, not zero.</returns>
    public PriceSchedule? Find(string provider, string model) => throw new NotSupportedException("Being built.");
}
