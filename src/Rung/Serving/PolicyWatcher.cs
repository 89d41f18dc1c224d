using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rung.Core.Prices;
using Rung.Gateway;
using Rung.Storage;

namespace Rung.Serving;

/// <summary>
/// Watches the policy file and the files it includes, by content, once a second (editors and mounted volumes do not agree on file events).
/// A changed policy is compiled, stored as a revision and swapped in whole; one with faults is refused loudly, and the last good one stays.
/// </summary>
internal sealed partial class PolicyWatcher(
    string path, PolicyHolder policies, Ledger ledger, PriceBook prices, TimeProvider clock, ILogger<PolicyWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private string? lastSeen; // What was last judged, good or bad; the loop's own.

    /// <summary>Looks once. Touched from one place at a time.</summary>
    internal async Task StepAsync(CancellationToken cancellationToken)
    {
        PolicyFile file;
        try
        {
            file = PolicyFile.Read(path, prices, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (lastSeen == "unreadable") return;
            lastSeen = "unreadable";
            Refuse($"{path} cannot be read: {e.Message}", 1);
            return;
        }
        var seen = Fingerprint(file);
        if (seen == lastSeen) return;
        var first = lastSeen is null;
        lastSeen = seen;
        if (file.Compilation.Snapshot is not { } snapshot)
        {
            var fault = file.Compilation.Faults[0];
            Refuse($"{fault.File}:{fault.Line}:{fault.Column}: {fault.Path}: {fault.Message} {fault.Fix}", file.Compilation.Faults.Length);
            return;
        }
        if (snapshot.Hash == policies.Snapshot.Hash)
        {
            if (!first && policies.Status.Problem is not null) policies.Swap(policies.Snapshot); // Back to what is in force: the problem is over.
            return;
        }
        var revision = await ledger.PublishRevisionAsync(snapshot.Hash, file.Text, file.Files, Environment.UserName, $"changed {path}", cancellationToken);
        policies.Swap(snapshot.WithRevision(revision.Number));
        Log.Swapped(logger, revision.Number, snapshot.Hash[..12], path);
        foreach (var model in policies.Status.ModelsWithoutKey) Log.KeyMissing(logger, model);
        foreach (var verifier in policies.Status.VerifiersWithoutKey) Log.VerifierKeyMissing(logger, verifier);
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
                catch (LedgerException e)
                {
                    // The revision could not be stored, so it does not come into force: what decides must be on record.
                    lastSeen = null;
                    Refuse($"the revision could not be stored: {e.Message}", 1);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // Whatever the file holds, the gateway serves on with what is in force, and looks again.
                    lastSeen = null;
                    Refuse($"{path} could not be judged: {e.Message}", 1);
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

        [LoggerMessage(4003, LogLevel.Warning, "Model {Model} has no key: it will not be tried")]
        public static partial void KeyMissing(ILogger logger, string model);

        [LoggerMessage(4004, LogLevel.Warning, "Verifier {Verifier} has no key: it is unavailable")]
        public static partial void VerifierKeyMissing(ILogger logger, string verifier);
    }
}
