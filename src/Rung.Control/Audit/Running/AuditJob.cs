using System.Diagnostics.CodeAnalysis;
using Rung.Control.Imports;
using Rung.Core.Prices;
using Rung.Storage;

namespace Rung.Control.Audit.Running;

/// <summary>How far an uploaded audit is.</summary>
public enum AuditStage : byte
{
    /// <summary>Its files are being sent.</summary>
    Receiving,
    /// <summary>They are read and grouped.</summary>
    Reading,
    /// <summary>Its calls are written to the ledger.</summary>
    Keeping,
    /// <summary>It is done, and there is an outcome.</summary>
    Done,
    /// <summary>It could not be made; the job says why.</summary>
    Failed,
    /// <summary>Somebody stopped it.</summary>
    Stopped,
}

/// <summary>How far a job is at one moment.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Words">What goes on, in words, with figures.</param>
/// <param name="Share">How much of the stage is done, 0 to 1; null when that is not known.</param>
public sealed record AuditMoment(AuditStage Stage, string Words, double? Share)
{
    /// <summary>Whether nothing more will change.</summary>
    public bool IsOver => Stage >= AuditStage.Done;
}

/// <summary>
/// One audit of uploaded files. They lie in a folder of their own, for this user only, and are gone when it is over, however it ends. Of the content nothing is kept: what stays are
/// sums, names of jobs, and lines of faults.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source holds nothing to give back: its timer is disposed of when the audit is over, and readers may ask it later.")]
public sealed class AuditJob : IAuditProgress
{
    private readonly TimeProvider clock;
    private readonly AuditLimits limits;
    private readonly CancellationTokenSource stop = new();
    private readonly DirectoryInfo folder;
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal); // Full path to the name under which it came.
    private readonly List<string> paths = [];
    private readonly ITimer deadline;
    private long received;
    private bool isDeleted;
    private volatile AuditMoment moment = new(AuditStage.Receiving, "Files are being sent.", null);
    private volatile bool isStoppedByPerson;

    internal AuditJob(string id, string who, AuditLimits limits, TimeProvider clock)
    {
        (Id, Who, this.limits, this.clock) = (id, who, limits, clock);
        StartedAt = clock.GetUtcNow();
        folder = Directory.CreateTempSubdirectory(AuditDesk.FolderPrefix);
        deadline = TimeProvider.System.CreateTimer(_ => stop.Cancel(), state: null, limits.MostTime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Its id, which nobody can guess.</summary>
    public string Id { get; }
    /// <summary>Who began it.</summary>
    public string Who { get; }
    /// <summary>When, UTC.</summary>
    public DateTimeOffset StartedAt { get; }
    /// <summary>How far it is.</summary>
    public AuditMoment Moment => moment;
    /// <summary>What it found; null until it is done.</summary>
    public AuditOutcome? Outcome { get; private set; }
    /// <summary>What could not be read, with file and line, of a job that failed because of it.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];
    /// <summary>Names of its files as they were sent. They may hold any characters.</summary>
    public IReadOnlyList<string> Files => [.. paths.Select(path => names[path])];
    /// <summary>Ends when the job has been stopped.</summary>
    public CancellationToken Stopping => stop.Token;

    /// <summary>Takes a file.</summary>
    /// <param name="name">Its name as it was sent; it is shown and never used as a path.</param>
    /// <param name="content">Its bytes, packed by gzip or not.</param>
    /// <param name="cancellationToken">The sender has gone.</param>
    /// <exception cref="AuditUploadException">It is one file too many, or there is too much of it.</exception>
    public async Task AddFileAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(content);
        if (moment.Stage != AuditStage.Receiving) throw new InvalidOperationException("The audit has begun.");
        if (paths.Count == limits.MostFiles) throw new AuditUploadException($"An upload has at most {limits.MostFiles} files.");
        // A folder for each: two files of one name are two files, and their own names tell readers of logs something.
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder.FullName, $"{paths.Count + 1:000}")).FullName, Harmless(name));
        names[path] = Shown(name);
        paths.Add(path);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop.Token);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        var buffer = new byte[128 * 1024];
        while (await content.ReadAsync(buffer, both.Token) is > 0 and var count)
        {
            received += count;
            if (received > limits.MostBytes) throw new AuditUploadException($"An upload has at most {limits.MostBytes / 1_000_000:#,0} MB. Pack the files by gzip, send fewer, or use: rung audit");
            await file.WriteAsync(buffer.AsMemory(0, count), both.Token);
            moment = new AuditMoment(AuditStage.Receiving, $"{paths.Count:#,0} files so far, {received / 1e6:#,0.0} MB.", null);
        }
    }

    /// <summary>Stops it. What was written to the ledger stays there.</summary>
    public void Stop()
    {
        isStoppedByPerson = true;
        stop.Cancel();
    }

    /// <summary>So much has been read.</summary>
    public void Report(ImportProgress progress)
    {
        var share = progress.BytesTotal is > 0 and { } total ? Math.Min(1, (double)progress.BytesRead / total) : (double?)null;
        var stage = moment.Stage == AuditStage.Keeping ? AuditStage.Keeping : AuditStage.Reading;
        moment = new AuditMoment(stage, $"{progress.BytesRead / 1e6:#,0.0} MB and {progress.Calls:#,0} calls read{(stage == AuditStage.Keeping ? " again, to keep them" : "")}; now {progress.File}.", share);
    }

    /// <summary>What goes on after the reading.</summary>
    public void Say(string what) => moment = moment with { Words = $"{what}.", Share = null };

    /// <summary>Audits what was sent. Returns when it is over; nothing comes out of it but the outcome.</summary>
    internal async Task RunAsync(AuditWish wish, Func<AuditPrices> prices, Ledger ledger, Action<Exception> tellFault)
    {
        try
        {
            if (paths.Count == 0) throw new AuditUploadException("No file was sent.");
            moment = new AuditMoment(AuditStage.Reading, "Reading begins.", 0);
            var pipeline = new AuditPipeline(RequestOf(wish, prices()), clock);
            var result = await pipeline.RunAsync(this, stop.Token);
            if (result.Report.Frame.Import is { NothingReadable: true } import)
            {
                Faults = [.. FaultsOf(import)];
                moment = new AuditMoment(AuditStage.Failed, "Nothing of what was sent could be read.", null);
                return;
            }
            (long, long)? kept = null;
            if (wish.Keep)
            {
                moment = new AuditMoment(AuditStage.Keeping, "Calls are written to the ledger.", 0);
                kept = await pipeline.KeepAsync(result, ledger, this, stop.Token);
            }
            if (result.Report.Frame.Import is { } read) Faults = [.. FaultsOf(read)];
            Outcome = AuditOutcome.Of(result, $"Rung's dashboard, from {Money.Of(paths.Count, "uploaded file")}", clock.GetUtcNow(), kept);
            moment = new AuditMoment(AuditStage.Done, "Done.", 1);
        }
        catch (OperationCanceledException)
        {
            moment = Ended();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or FormatException or LadderException or PriceBookException or LedgerException or AuditUploadException)
        {
            moment = new AuditMoment(AuditStage.Failed, e is LedgerException of ? $"{of.Problem} {of.Fix}" : e.Message, null);
        }
        catch (Exception e)
        {
            moment = new AuditMoment(AuditStage.Failed, $"That is a fault of Rung ({e.GetType().Name}); the gateway's log has the details.", null);
            tellFault(e);
        }
        finally
        {
            Delete();
        }
    }

    /// <summary>Gives up an upload that did not come whole.</summary>
    internal void Abandon(string why)
    {
        moment = stop.IsCancellationRequested ? Ended() : new AuditMoment(AuditStage.Failed, why, null);
        Delete();
    }

    private AuditMoment Ended() => isStoppedByPerson
        ? new AuditMoment(AuditStage.Stopped, "It was stopped. The files that were sent are gone.", null)
        : new AuditMoment(AuditStage.Failed, $"It took longer than {limits.MostTime.TotalMinutes:0} minutes, and was stopped. The command line has no such limit: rung audit", null);

    private AuditRequest RequestOf(AuditWish wish, AuditPrices prices) => new()
    {
        Logs = new LogImportOptions { Paths = [.. paths], MostUnpackedBytes = limits.MostUnpackedBytes, NameOf = path => names.GetValueOrDefault(path, "a file") },
        Prices = prices.Book,
        OwnPrices = prices.Own,
        TakesLoggedCosts = wish.TakesLoggedCosts,
        InvoiceNanoUsd = wish.InvoiceNanoUsd,
        Names = SiteNames.Empty,
        Tiers = [],
    };

    private static IEnumerable<string> FaultsOf(LogImportResult import)
    {
        foreach (var file in import.Files)
        {
            if (file.Problem is { } problem) yield return $"{file.Path}: {problem}";
            foreach (var example in file.Examples) yield return $"{file.Path}, line {example.Line:#,0}: {example.Message}";
            if (file.Faults > file.Examples.Count) yield return $"{file.Path}: {Money.Of(file.Faults - file.Examples.Count, "more record")} could not be used.";
        }
    }

    private void Delete()
    {
        deadline.Dispose();
        if (isDeleted) return;
        isDeleted = true;
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next desk that opens here takes it away.
        }
    }

    private static string Harmless(string name)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var kept = new string([.. last.Take(100).Select(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' ? character : '_')]).TrimStart('.');
        return kept.Length > 0 ? kept : "log";
    }

    private static string Shown(string name)
    {
        var line = new string([.. name.Where(character => !char.IsControl(character)).Take(200)]).Trim();
        return line.Length > 0 ? line : "a file without a name";
    }
}

/// <summary>What was sent cannot be audited.</summary>
/// <param name="message">What is wrong with it, and what would help.</param>
public sealed class AuditUploadException(string message) : Exception(message);
