using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Storage;

namespace Rung.Serving;

/// <summary>Compiles stored revisions from their own text and files, once each. Used by one thread at a time.</summary>
internal sealed class StoredPolicies(Ledger ledger, PriceBook prices, TimeProvider clock)
{
    private readonly Dictionary<long, (PolicySnapshot? Snapshot, string? Fault)> compiled = [];

    /// <summary>A revision, ready to decide.</summary>
    /// <returns>The snapshot under its number; or null, and why it cannot be used.</returns>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public async Task<(PolicySnapshot? Snapshot, string? Fault)> FindAsync(long number, CancellationToken cancellationToken)
    {
        if (compiled.TryGetValue(number, out var known)) return known;
        if (await ledger.GetRevisionAsync(number, cancellationToken) is not { } revision) return (null, $"revision {number} is not in the ledger");
        var file = PolicyFile.Compile(
            $"revision {number}", revision.Text, name => revision.Files.TryGetValue(name, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null, prices,
            DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        return compiled[number] = file.Compilation.Snapshot is { } snapshot
            ? (snapshot.WithRevision(number), null)
            : (null, $"{file.Compilation.Faults[0].File}:{file.Compilation.Faults[0].Line}: {file.Compilation.Faults[0].Message}");
    }

    /// <summary>Lets go of all revisions but these.</summary>
    public void KeepOnly(IReadOnlySet<long> numbers)
    {
        foreach (var number in compiled.Keys)
        {
            if (!numbers.Contains(number)) compiled.Remove(number);
        }
    }
}
