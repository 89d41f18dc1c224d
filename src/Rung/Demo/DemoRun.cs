using Rung.Core.Prices;
using Rung.Core.Spans;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Reports;

namespace Rung.Demo;

/// <summary>
/// The demo: 1. simulated models and a real gateway with a real ledger start; 2. agents play sessions with every call on the frontier;
/// 3. the demo policy is swapped in live as the next revision; 4. the same sessions are played again; 5. the ledger tells what happened.
/// </summary>
internal sealed class DemoRun(DemoOptions options, IProgress<DemoMoment> progress, TimeProvider clock)
{
    private const string Author = "rung demo";
    private const int WarmUpSessions = DemoSessions.Workloads;
    private static readonly TimeSpan s_watch = TimeSpan.FromMilliseconds(400);

    private readonly long _began = clock.GetTimestamp();

    /// <summary>Runs it. Cancelling ends it early with a report of what there is.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before the gateway stood.</exception>
    /// <exception cref="IOException">The folder cannot be written or loopback cannot be listened on.</exception>
    /// <exception cref="LedgerException">The ledger cannot be written.</exception>
    public async Task<DemoReport> RunAsync(CancellationToken cancellationToken)
    {
        await WarmUpAsync(cancellationToken);
        return await PlayAsync(cancellationToken);
    }

    /// <summary>
    /// The demo in small, without waits and into a ledger of its own that is thrown away: the first calls of a process wait for its compiler, and
    /// phase 1 would look slower for it than it is.
    /// </summary>
    private async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        var small = options with { Sessions = WarmUpSessions, TimeScale = double.PositiveInfinity, Keep = false, Url = DemoOptions.AnyPort };
        await new DemoRun(small, new Progress<DemoMoment>(), clock).PlayAsync(cancellationToken);
    }

    private async Task<DemoReport> PlayAsync(CancellationToken cancellationToken)
    {
        using var home = new DemoHome(options.Folder, options.Keep);
        await using var ledger = Ledger.Open(home.Path, clock);
        var outcome = await PlayBothAsync(ledger, home, cancellationToken);
        var calls = new List<CallRecord>();
        await foreach (var call in ledger.ReadAsync(new CallQuery(), CancellationToken.None)) calls.Add(call);
        return (outcome with { Wall = clock.GetElapsedTime(_began) }).ToReport(calls, options);
    }

    /// <summary>When this returns the gateway is down and the ledger has every call.</summary>
    private async Task<DemoOutcome> PlayBothAsync(Ledger ledger, DemoHome home, CancellationToken cancellationToken)
    {
        await using var upstream = await SimulatedUpstream.StartAsync(options.Seed, options.EffectiveTimeScale, clock, new SimulatedForm(), cancellationToken);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var (before, after) = (DemoPolicy.AllFrontier(upstream.BaseUrl, today), DemoPolicy.Routed(upstream.BaseUrl, today));
        var first = await PublishAsync(ledger, before, "phase 1: everything on frontier", cancellationToken);
        await using var server = await GatewayServer.StartAsync(
            new GatewayServerOptions
            {
                Urls = [options.Url], Policy = before.Compilation.Snapshot!.WithRevision(first), Prices = PriceBook.Embedded, Clock = clock, Log = null,
                Simulated = DemoStand.Simulated,
            },
            ledger, cancellationToken);
        using var driver = new DemoDriver(server.Urls[0], options.Concurrency);

        var sessionsBefore = await WatchAsync(ledger, phase: 1, driver.RunAsync(FirstPhase(), cancellationToken));
        var outcome = new DemoOutcome
        {
            SessionsBefore = sessionsBefore, SessionsAfter = null, RevisionBefore = first, RevisionAfter = 0, Interrupted = cancellationToken.IsCancellationRequested,
            Wall = default, Kept = options.Keep ? new DemoKept(home.Path, DemoPolicy.Save(after, home.Path), null) : null,
        };
        if (outcome.Interrupted) return outcome;

        var second = await PublishAsync(ledger, after, "phase 2: each job on the rung that it needs", CancellationToken.None);
        server.Policies.Swap(after.Compilation.Snapshot!.WithRevision(second));
        var since = clock.GetUtcNow();
        var sessionsAfter = await WatchAsync(ledger, phase: 2, driver.RunAsync(number => number < sessionsBefore.Count ? Session(number) : null, cancellationToken));
        return outcome with
        {
            SessionsAfter = sessionsAfter, RevisionAfter = second, Interrupted = cancellationToken.IsCancellationRequested,
            Kept = outcome.Kept is { } kept ? kept with { PhaseTwoSince = since } : null,
        };
    }

    private DemoSession Session(int number) => DemoSessions.Of(options.Seed, number);

    /// <summary>As many sessions as start in time, at least one for each that can run at once.</summary>
    private Func<int, DemoSession?> FirstPhase()
    {
        var started = clock.GetTimestamp();
        return number =>
        {
            var more = options.Sessions is { } sessions
                ? number < sessions
                : number < options.Concurrency || clock.GetElapsedTime(started) < options.FirstPhase;
            return more ? Session(number) : null;
        };
    }

    private static async Task<long> PublishAsync(Ledger ledger, PolicyFile policy, string reason, CancellationToken cancellationToken)
    {
        var snapshot = policy.Compilation.Snapshot!;
        return (await ledger.PublishRevisionAsync(snapshot.Hash, policy.Text, policy.Files, Author, reason, cancellationToken)).Number;
    }

    /// <summary>Shows, while a phase runs, what the ledger has of it.</summary>
    private async Task<IReadOnlySet<string>> WatchAsync(Ledger ledger, int phase, Task<IReadOnlySet<string>> playing)
    {
        var since = clock.GetUtcNow();
        while (await Task.WhenAny(playing, Task.Delay(s_watch, clock)) != playing)
        {
            var report = await ledger.ReportAsync(new ReportQuery { By = ReportGrouping.Tag, Since = since }, CancellationToken.None);
            progress.Report(new DemoMoment(phase, clock.GetElapsedTime(_began), report));
        }
        return await playing;
    }
}
