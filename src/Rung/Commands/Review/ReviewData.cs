using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Commands.Review;

/// <summary>The two files of a data directory that reviews live in.</summary>
internal sealed class ReviewData : IAsyncDisposable
{
    private ReviewData(ContentStore store, Ledger? ledger)
    {
        Store = store;
        Ledger = ledger;
    }

    /// <summary>Content: captures, items, verdicts.</summary>
    public ContentStore Store { get; }

    /// <summary>The ledger; null when it was not asked for.</summary>
    public Ledger? Ledger { get; }

    /// <summary>Opens them.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="withLedger">Whether verdicts are to be read from the ledger or written to it.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="LedgerException">There is no content there, or it cannot be used.</exception>
    public static async Task<ReviewData> OpenAsync(string data, bool withLedger, TimeProvider clock)
    {
        if (!ContentStore.Exists(data))
            throw new LedgerException(Path.Combine(data, ContentStore.FileName), "there is nothing to review: no content was ever kept here.", "Capture calls of a tag in the policy (docs/capture.md), or name another data directory with --data.");
        ContentKey? key;
        try
        {
            key = ContentKey.Read(Environment.GetEnvironmentVariable(ContentKey.Variable));
        }
        catch (FormatException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
        var store = ContentStore.Open(data, key, clock);
        try
        {
            return new ReviewData(store, withLedger ? Ledger.Open(data, clock) : null);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Ledger is not null) await Ledger.DisposeAsync();
        await Store.DisposeAsync();
    }
}
