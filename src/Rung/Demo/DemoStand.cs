using Rung.Core.Prices;
using Rung.Serving;
using Rung.Storage;

namespace Rung.Demo;

/// <summary>The dashboard of a demo that is over: it stays up for looking until somebody ends it.</summary>
internal static class DemoStand
{
    /// <summary>What every page says of itself.</summary>
    public const string Simulated = "The models, their answers and latencies are those of rung demo. The gateway, its checks, prices and ledger are real.";

    /// <summary>Serves until it is cancelled.</summary>
    /// <param name="kept">Data directory and policy.</param>
    /// <param name="url">Where.</param>
    /// <param name="started">Called when pages can be asked for.</param>
    /// <param name="cancellationToken">Ends it: no error.</param>
    /// <exception cref="IOException">The address is in use.</exception>
    /// <exception cref="LedgerException">The ledger cannot be used.</exception>
    public static async Task ServeAsync(DemoKept kept, string url, Action started, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        await using var ledger = Ledger.Open(kept.Data, clock);
        var file = PolicyFile.Read(kept.Policy, PriceBook.Embedded, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        var snapshot = file.Compilation.Snapshot ?? throw new InvalidOperationException("The policy of the demo does not compile."); // A bug: it ran a moment ago.
        var newest = await ledger.NewestRevisionAsync(cancellationToken);
        await using var server = await GatewayServer.StartAsync(
            new GatewayServerOptions
            {
                Urls = [url], Policy = snapshot.WithRevision(newest?.Number ?? 0), Prices = PriceBook.Embedded, Clock = clock, Log = null, Simulated = Simulated,
            },
            ledger, cancellationToken);
        started();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Somebody has seen enough.
        }
    }
}
