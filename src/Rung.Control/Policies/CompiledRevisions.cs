using System.Collections.Immutable;
using Rung.Core.Policies;
using Rung.Storage;
using Rung.Storage.Revisions;

namespace Rung.Control.Policies;

/// <summary>A revision whole, with what compiling gave.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Compilation">What compiling gave.</param>
public sealed record CompiledRevision(PolicyRevision Revision, PolicyCompilation Compilation)
{
    /// <summary>The compiled policy under its number; null when it no longer compiles.</summary>
    public PolicySnapshot? Snapshot { get; } = Compilation.Snapshot?.WithRevision(Revision.Number);
}

/// <summary>
/// Compiles stored revisions from their own text and files, and keeps the last ones for the rest of the day: a revision never changes, but prices and the age of evidence are those of a
/// day. Safe to use from several threads.
/// </summary>
/// <param name="compile">Compiles a text with the files that it includes, at today's prices.</param>
/// <param name="clock">The clock.</param>
/// <param name="keep">How many are kept.</param>
public sealed class CompiledRevisions(Func<string, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>, PolicyCompilation> compile, TimeProvider clock, int keep = 64)
{
    private readonly Lock changing = new();
    private readonly Dictionary<long, CompiledRevision> known = [];
    private readonly Queue<long> order = [];
    private DateOnly day;

    /// <summary>One of them; null when there is none of that number.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public async Task<CompiledRevision?> FindAsync(Ledger ledger, long number, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        lock (changing)
        {
            if (today != day)
            {
                known.Clear();
                order.Clear();
                day = today;
            }
            if (known.TryGetValue(number, out var found)) return found;
        }
        if (await ledger.GetRevisionAsync(number, cancellationToken) is not { } revision) return null;
        var compiled = new CompiledRevision(revision, compile(revision.Text, revision.Files));
        lock (changing)
        {
            if (!known.TryAdd(number, compiled)) return known[number];
            order.Enqueue(number);
            if (order.Count > keep) known.Remove(order.Dequeue());
        }
        return compiled;
    }
}
