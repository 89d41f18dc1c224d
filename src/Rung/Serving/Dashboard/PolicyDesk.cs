using System.Security.Cryptography;
using Rung.Commands.Policy;
using Rung.Control.Policies;
using Rung.Control.Rollouts;
using Rung.Core.Prices;
using Rung.Dashboard.Policy;
using Rung.Gateway;
using Rung.Storage;
using Rung.Storage.Revisions;

namespace Rung.Serving.Dashboard;

/// <summary>The gateway's own hands on policies, for the dashboard: its file, its prices, its ledger.</summary>
internal sealed class PolicyDesk : IPolicyDesk, IPolicyCompiling, IDisposable
{
    private readonly string? path;
    private readonly Ledger ledger;
    private readonly PolicyHolder policies;
    private readonly PriceBook prices;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim writing = new(1, 1); // Two who go back at once: the second sees what the first has written.

    /// <summary>Makes one.</summary>
    /// <param name="path">The policy file; null: none.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="policies">What is in force.</param>
    /// <param name="prices">The prices.</param>
    /// <param name="clock">The clock.</param>
    public PolicyDesk(string? path, Ledger ledger, PolicyHolder policies, PriceBook prices, TimeProvider clock)
    {
        (this.path, this.ledger, this.policies, this.prices, this.clock) = (path, ledger, policies, prices, clock);
        var access = PolicyFileAccess.Of(path, prices, clock);
        Compiled = new CompiledRevisions(access.Compile, clock);
        Rollouts = new RolloutDesk(ledger, access, clock, () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
    }

    public CompiledRevisions Compiled { get; }

    public RolloutDesk Rollouts { get; }

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    public void Dispose() => writing.Dispose();

    public PolicyStanding Standing()
    {
        var status = policies.Status;
        return new PolicyStanding(path, status.LoadedAt)
        {
            Problem = status.Problem, ProblemSince = status.ProblemSince, LedgerProblem = status.LedgerProblem, ModelsWithoutKey = status.ModelsWithoutKey,
            VerifiersWithoutKey = status.VerifiersWithoutKey, RolloutsRefused = [.. status.RolloutsRefused.Select(refusal => (refusal.Id, refusal.Why))],
        };
    }

    public async Task<RollbackLook> LookAsync(long revision, CancellationToken cancellationToken)
    {
        var back = await PlanAsync(revision, cancellationToken);
        var (name, before) = ("the policy file", back.Present?.File.Compilation.Snapshot);
        if (before is null) (name, before) = ($"revision {policies.Snapshot.Revision}", policies.Snapshot);
        return new RollbackLook(back.Target.Revision!, back.Seen)
        {
            Before = name, Changes = back.ChangesFrom(before), Writes = [.. back.Paths.Select(NameOf)], KeepsCopy = back.KeepsCopies, IsThereAlready = back.IsThereAlready,
        };
    }

    public async Task<RollbackDone> RollBackAsync(long revision, string seen, string by, string why, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            var back = await PlanAsync(revision, cancellationToken);
            if (back.Seen != seen)
                throw new PolicyRefusedException("The policy, or a file of it, has changed since you looked. Nothing was written.", "Look at the changes again, and confirm them.");
            if (back.IsThereAlready) throw new PolicyRefusedException($"The policy file is revision {revision} already, and that is the newest.", "There is nothing to do.");
            var copies = back.KeepCopies();
            var published = await back.WriteAsync((hash, stored) => ledger.PublishRevisionAsync(hash, stored.Text, stored.Files, by, $"rollback to {stored.Number}: {why}", cancellationToken));
            return new RollbackDone(published, [.. copies.Select(NameOf)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolicyRefusedException($"The policy file could not be written: {e.Message}", "Give the gateway's user the right to write it, or roll back on the command line: rung policy rollback");
        }
        finally
        {
            writing.Release();
        }
    }

    public NamedPolicy FromFile(string file)
    {
        try
        {
            return new NamedPolicy(file, PolicyFile.Read(file, prices, Today), Revision: null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolicyUnusableException($"{file} cannot be read: {e.Message}", "Give the gateway's user the right to read it.");
        }
    }

    public NamedPolicy FromRevision(PolicyRevision revision)
    {
        var name = $"revision {revision.Number}";
        return new NamedPolicy(name, PolicyFile.Compile(name, revision.Text, file => revision.Files.TryGetValue(file, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null, prices, Today), revision);
    }

    private async Task<PolicyRollback> PlanAsync(long revision, CancellationToken cancellationToken)
    {
        if (path is null)
            throw new PolicyRefusedException("This gateway watches no policy file, so there is none to write.", $"Roll back where the file is: rung policy rollback {revision} --policy FILE");
        if (await ledger.GetRevisionAsync(revision, cancellationToken) is not { } stored)
            throw new PolicyRefusedException($"There is no revision {revision}.", "The history lists them all.");
        try
        {
            var back = PolicyRollback.Plan(path, stored, await ledger.ListRevisionsAsync(cancellationToken), this);
            if (back.Snapshot is not null) return back;
            var fault = back.Target.File.Compilation.Faults[0];
            throw new PolicyRefusedException($"Revision {revision} no longer compiles: {fault.Path}: {fault.Message}", "Correct a copy of its text, and put that into the policy file.");
        }
        catch (PolicyUnusableException e)
        {
            throw new PolicyRefusedException(e.Message, e.Fix);
        }
    }

    // Pages name files, not folders of this machine.
    private string NameOf(string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path!))!;
        return file.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? file[(folder.Length + 1)..] : Path.GetFileName(file);
    }
}
