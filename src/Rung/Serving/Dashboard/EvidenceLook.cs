using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Rung.Control.Evals.Standing;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Dashboard.Evidence;
using Rung.Evals;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Serving.Dashboard;

/// <summary>
/// The policy in force as its linter sees it, for the pages on evidence. It is compiled again from the stored revision, once a revision and day; recent traffic is looked at in the
/// background, so that no page waits for it.
/// </summary>
internal sealed partial class EvidenceLook(Func<PolicySnapshot> policy, Ledger ledger, ContentStore? content, PriceBook prices, TimeProvider clock, ILogger<EvidenceLook> logger) : IEvidenceLook, IDisposable
{
    /// <summary>How long what was seen of the traffic counts.</summary>
    private static readonly TimeSpan s_observed = TimeSpan.FromMinutes(15);

    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim turn = new(1, 1);
    private (long Revision, DateOnly Day, PolicyFile File)? compiled;
    private (long Revision, DateOnly Day, DateTimeOffset At, PolicyCompilation Compilation)? observed;
    private Task? looking;

    /// <inheritdoc/>
    public RunShelf? Runs { get; } = content is null ? null : new RunShelf(content, clock);

    /// <inheritdoc/>
    public async Task<EvidenceView> JudgedAsync(CancellationToken cancellationToken)
    {
        var snapshot = policy();
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (compiled is not { } known || known.Revision != snapshot.Revision || known.Day != today)
            {
                if (await ledger.GetRevisionAsync(snapshot.Revision, cancellationToken) is not { } stored)
                    return new EvidenceView(new JudgedPolicy(snapshot, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty, []), IsObserved: false, $"Revision {snapshot.Revision} is not in the ledger, so its evidence cannot be read.");
                known = (snapshot.Revision, today, PolicyFile.Compile(
                    $"revision {stored.Number}", stored.Text, name => stored.Files.TryGetValue(name, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null, prices, today));
                (compiled, observed) = (known, null);
            }
            var isFresh = observed is { } seen && seen.Revision == known.Revision && seen.Day == today;
            if ((!isFresh || now - observed!.Value.At > s_observed) && looking is null or { IsCompleted: true }) looking = Task.Run(() => ObserveAsync(known.Revision, today, known.File, snapshot, now), CancellationToken.None);
            var compilation = isFresh ? observed!.Value.Compilation : known.File.Compilation;
            return new EvidenceView(
                new JudgedPolicy(snapshot, known.File.Files, compilation.Lints), isFresh,
                compilation.Snapshot is null ? $"Revision {snapshot.Revision} does not compile with this version of Rung: {compilation.Faults[0].Message}" : null);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        Runs?.Dispose();
        stopping.Dispose();
        turn.Dispose();
    }

    private async Task ObserveAsync(long revision, DateOnly today, PolicyFile file, PolicySnapshot snapshot, DateTimeOffset now)
    {
        try
        {
            var seen = await TrafficObserver.LookAsync(ledger, content, snapshot, file.Files, now, stopping.Token);
            var source = new PolicySource(file.Path, file.Text, name => file.Files.TryGetValue(name, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null);
            var compilation = PolicyCompiler.Compile(source, prices, today, seen);
            await turn.WaitAsync(stopping.Token);
            observed = (revision, today, now, compilation);
            turn.Release();
        }
        catch (LedgerException e)
        {
            Log.LookFailed(logger, e); // The linter's opinions stand without it; the next page tries again.
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The gateway stops.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5511, LogLevel.Warning, "Recent traffic could not be looked at for the linter's opinions on evidence")]
        public static partial void LookFailed(ILogger logger, Exception exception);
    }
}
