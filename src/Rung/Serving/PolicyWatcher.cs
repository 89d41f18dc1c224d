using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rung.Core.Policies.Changes;
using Rung.Core.Prices;
using Rung.Gateway;
using Rung.Storage;

namespace Rung.Serving;

/// <summary>
/// Watches the policy file and the files it includes, by content, once a second (editors and mounted volumes do not agree on file events), and follows the ledger.
/// A changed file is compiled, stored as a revision and swapped in whole; one with faults is refused loudly, and the last good one stays. A file that has not
/// been changed since the control loop made a revision by itself takes nothing back.
/// </summary>
internal sealed partial class PolicyWatcher(
    string? path, PolicyHolder policies, Ledger ledger, RolloutWatcher rollouts, PriceBook prices, TimeProvider clock, ILogger<PolicyWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private string? lastSeen; // What was last judged, good or bad; the loop's own.
    private string? lastAccepted; // The last content that came into force, or was found to be behind what is in force.
    private string? lastHash; // The policy in that content.

    /// <summary>Looks once at both. Touched from one place at a time.</summary>
    internal async Task StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (path is not null) await FileStepAsync(path, cancellationToken);
        }
        catch (LedgerException e)
        {
            // The revision could not be stored, so it does not come into force: what decides must be on record. The next step tries again.
            Refuse($"the revision could not be stored: {e.Message}", 1);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever the file holds, the gateway serves on with what is in force, and looks again.
            Refuse($"{path} could not be judged: {e.Message}", 1);
        }
        await rollouts.StepAsync(cancellationToken);
    }

    private async Task FileStepAsync(string file, CancellationToken cancellationToken)
    {
        PolicyFile read;
        try
        {
            read = PolicyFile.Read(file, prices, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            lastSeen = "unreadable"; // Not the text: the next reading is judged anew, and what cannot be read now may be so for another reason.
            Refuse($"{file} cannot be read: {e.Message}", 1);
            return;
        }
        var seen = Fingerprint(read);
        if (seen == lastSeen) return;
        var first = lastSeen is null;
        if (read.Compilation.Snapshot is not { } snapshot)
        {
            lastSeen = seen;
            var fault = read.Compilation.Faults[0];
            Refuse($"{fault.File}:{fault.Line}:{fault.Column}: {fault.Path}: {fault.Message} {fault.Fix}", read.Compilation.Faults.Length);
            return;
        }
        // Back to what it was before a fault: nobody decided anything.
        var isUnchanged = snapshot.Hash == policies.Snapshot.Hash || seen == lastAccepted;
        // A file that held the policy in force and no longer does was changed, even if to what it held before an automatic revision was written to it.
        if (!isUnchanged && lastHash != policies.Snapshot.Hash && await StartingPolicy.StandsAsync(ledger, snapshot.Hash, cancellationToken) is { } automatic)
        {
            isUnchanged = true;
            Log.AutomaticStands(logger, automatic.Number, file);
        }
        if (isUnchanged)
        {
            if (!first && policies.Status.Problem is not null)
            {
                policies.Swap(policies.Snapshot); // The problem is over.
                Log.InOrderAgain(logger, file, policies.Snapshot.Revision);
            }
        }
        else
        {
            var revision = await ledger.PublishRevisionAsync(snapshot.Hash, read.Text, read.Files, Environment.UserName, $"changed {file}", cancellationToken);
            var before = policies.Snapshot;
            policies.Swap(snapshot.WithRevision(revision.Number));
            Log.Swapped(logger, revision.Number, snapshot.Hash[..12], file);
            // A law that no longer holds is nobody's routine.
            foreach (var change in PolicyDiff.Compare(before, snapshot).Where(change => change.Path.StartsWith("pins", StringComparison.Ordinal) && change.Kind != ChangeKind.Added))
                Log.PinChanged(logger, revision.Number, change.Sentence);
            foreach (var model in policies.Status.ModelsWithoutKey) Log.KeyMissing(logger, model);
            foreach (var verifier in policies.Status.VerifiersWithoutKey) Log.VerifierKeyMissing(logger, verifier);
        }
        (lastSeen, lastAccepted, lastHash) = (seen, seen, snapshot.Hash);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await StepAsync(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    Log.StepBroke(logger, e); // What is in force stays, and the next step starts afresh.
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private void Refuse(string problem, int faults)
    {
        var text = faults == 1 ? problem : $"{problem} ({faults} faults in all: run 'rung policy lint {path}')";
        if (policies.Status.Problem == text) return;
        policies.Refuse(text);
        Log.Refused(logger, policies.Snapshot.Revision, text);
    }

    private static string Fingerprint(PolicyFile file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(file.Text));
        foreach (var (name, bytes) in file.Files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\0{name}\0{bytes.Length}\0"));
            hash.AppendData(bytes.Span);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Information, "Policy revision {Revision} ({Hash}) is in force, from {Path}")]
        public static partial void Swapped(ILogger logger, long revision, string hash, string path);

        [LoggerMessage(4002, LogLevel.Error, "The policy was refused; revision {Revision} stays in force. {Problem}")]
        public static partial void Refused(ILogger logger, long revision, string problem);

        [LoggerMessage(4005, LogLevel.Information, "Revision {Revision}, which rung made by itself, stays in force: {Path} has not been changed since")]
        public static partial void AutomaticStands(ILogger logger, long revision, string path);

        [LoggerMessage(4006, LogLevel.Error, "The watch over policy and rollouts broke; what is in force stays")]
        public static partial void StepBroke(ILogger logger, Exception exception);

        [LoggerMessage(4007, LogLevel.Information, "{Path} is in order again; revision {Revision} is in force")]
        public static partial void InOrderAgain(ILogger logger, string path, long revision);

        [LoggerMessage(4008, LogLevel.Warning, "Policy revision {Revision} changes what calls are pinned to: {Change}")]
        public static partial void PinChanged(ILogger logger, long revision, string change);

        [LoggerMessage(4003, LogLevel.Warning, "Model {Model} has no key: it will not be tried")]
        public static partial void KeyMissing(ILogger logger, string model);

        [LoggerMessage(4004, LogLevel.Warning, "Verifier {Verifier} has no key: it is unavailable")]
        public static partial void VerifierKeyMissing(ILogger logger, string verifier);
    }
}
