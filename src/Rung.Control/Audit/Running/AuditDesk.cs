using System.Security.Cryptography;
using Rung.Core.Prices;
using Rung.Storage;

namespace Rung.Control.Audit.Running;

/// <summary>
/// Audits for pages: uploaded files, one upload at a time, and the calls that the ledger has received or imported. The last few outcomes stay in memory until the process ends.
/// </summary>
public sealed class AuditDesk : IAsyncDisposable
{
    /// <summary>How folders of uploads begin, in the folder for temporary files.</summary>
    internal const string FolderPrefix = "rung-audit-";

    private const int MostJobs = 8;
    private static readonly TimeSpan s_freshFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_leftover = TimeSpan.FromDays(1);

    private readonly Ledger ledger;
    private readonly string ledgerName;
    private readonly Func<AuditPrices> prices;
    private readonly Action<Exception> tellFault;
    private readonly TimeProvider clock;
    private readonly Lock turns = new();
    private readonly CancellationTokenSource closing = new();
    private readonly List<AuditJob> jobs = []; // The newest last.
    private Task running = Task.CompletedTask; // Of the newest job.
    private Task ofLedger = Task.CompletedTask;
    private LedgerAudit known = new(null, null, IsRunning: false);
    private bool isStale = true;

    /// <summary>Opens the desk, and takes away what a process that was killed had left behind.</summary>
    /// <param name="ledger">The ledger; open for writing, if calls are to be kept.</param>
    /// <param name="ledgerName">What reports call it.</param>
    /// <param name="prices">Reads the prices; asked for every audit.</param>
    /// <param name="limits">What may be uploaded.</param>
    /// <param name="tellFault">Is told of a fault of the program itself, for the log.</param>
    /// <param name="clock">The clock.</param>
    public AuditDesk(Ledger ledger, string ledgerName, Func<AuditPrices> prices, AuditLimits limits, Action<Exception> tellFault, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(ledgerName);
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(tellFault);
        ArgumentNullException.ThrowIfNull(clock);
        (this.ledger, this.ledgerName, this.prices, Limits, this.tellFault, this.clock) = (ledger, ledgerName, prices, limits, tellFault, clock);
        DropLeftovers();
    }

    /// <summary>What may be uploaded.</summary>
    public AuditLimits Limits { get; }

    /// <summary>The audit that is under way; null: none is.</summary>
    public AuditJob? Running
    {
        get { lock (turns) return jobs is [.., { Moment.IsOver: false } last] ? last : null; }
    }

    /// <summary>The last audits, the newest first.</summary>
    public IReadOnlyList<AuditJob> Recent
    {
        get { lock (turns) return [.. jobs.AsEnumerable().Reverse()]; }
    }

    /// <summary>One of the last audits; null when there is none of that id.</summary>
    public AuditJob? Find(string id)
    {
        lock (turns) return jobs.Find(job => job.Id == id);
    }

    /// <summary>Begins an upload. It must be started or abandoned.</summary>
    /// <param name="who">Who uploads.</param>
    /// <returns>Null when another audit is under way.</returns>
    public AuditJob? Open(string who)
    {
        ArgumentNullException.ThrowIfNull(who);
        lock (turns)
        {
            if (Running is not null) return null;
            var job = new AuditJob(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), who, Limits, clock);
            jobs.Add(job);
            if (jobs.Count > MostJobs) jobs.RemoveAt(0);
            return job;
        }
    }

    /// <summary>Audits what was uploaded, in the background.</summary>
    /// <returns>Ends when it is over.</returns>
    public Task Start(AuditJob job, AuditWish wish)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(wish);
        // A thread of its own: reading takes minutes, and must not take one from the calls.
        var work = Task.Factory.StartNew(() => job.RunAsync(wish, prices, ledger, tellFault), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        lock (turns)
        {
            running = work;
            if (wish.Keep) isStale = true;
        }
        return work;
    }

    /// <summary>Gives up an upload that did not come whole.</summary>
    /// <param name="job">The upload.</param>
    /// <param name="why">Why, for whoever looks at it.</param>
    public static void Abandon(AuditJob job, string why)
    {
        ArgumentNullException.ThrowIfNull(job);
        job.Abandon(why);
    }

    /// <summary>
    /// The audit of what the ledger has received or imported: the last one, which is made anew in the background when it is older than ten minutes. The first takes a few
    /// seconds per million calls.
    /// </summary>
    /// <param name="patience">How long to wait for one that is under way.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    public async Task<LedgerAudit> OfLedgerAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        Task work;
        lock (turns)
        {
            var isOld = isStale || known.Outcome is { } last && clock.GetUtcNow() - last.At > s_freshFor;
            if (ofLedger.IsCompleted && isOld && Running is null)
            {
                isStale = false;
                ofLedger = Task.Factory.StartNew(AuditLedgerAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
            }
            work = ofLedger;
        }
        await Task.WhenAny(work, Task.Delay(patience, cancellationToken));
        lock (turns) return known with { IsRunning = !ofLedger.IsCompleted };
    }

    /// <summary>Stops what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] under;
        lock (turns)
        {
            Running?.Stop();
            under = [running, ofLedger];
        }
        await closing.CancelAsync();
        await Task.WhenAll(under).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        closing.Dispose();
    }

    private async Task AuditLedgerAsync()
    {
        var outcome = known.Outcome;
        string? problem = null;
        try
        {
            var own = prices();
            var request = new AuditRequest { Ledger = ledger, LedgerName = ledgerName, Prices = own.Book, OwnPrices = own.Own, Names = SiteNames.Empty, Tiers = [] };
            outcome = AuditOutcome.Of(await new AuditPipeline(request, clock).RunAsync(Silence.Kept, closing.Token), $"Rung's dashboard, from the ledger in {ledgerName}", clock.GetUtcNow(), kept: null);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e) when (e is LedgerException or PriceBookException or IOException or LadderException)
        {
            problem = e is LedgerException of ? $"{of.Problem} {of.Fix}" : e.Message;
        }
        catch (Exception e)
        {
            problem = $"That is a fault of Rung ({e.GetType().Name}); the gateway's log has the details.";
            tellFault(e);
        }
        lock (turns) known = new LedgerAudit(outcome, problem, IsRunning: false);
    }

    private static void DropLeftovers()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime; // Files have the machine's time, whatever clock the desk goes by.
        try
        {
            foreach (var old in new DirectoryInfo(Path.GetTempPath()).EnumerateDirectories(FolderPrefix + "*"))
            {
                if (now - old.LastWriteTimeUtc > s_leftover) old.Delete(recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's, or gone meanwhile.
        }
    }

    private sealed class Silence : IAuditProgress
    {
        public static readonly Silence Kept = new();

        public void Report(Imports.ImportProgress progress) { }

        public void Say(string what) { }
    }
}

/// <summary>The audit of what is in the ledger, as far as it is known.</summary>
/// <param name="Outcome">The last one; null: there is none yet.</param>
/// <param name="Problem">Why the last try failed; null when it did not.</param>
/// <param name="IsRunning">Whether a newer one is being made.</param>
public sealed record LedgerAudit(AuditOutcome? Outcome, string? Problem, bool IsRunning);
