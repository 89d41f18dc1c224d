using System.Globalization;
using Rung.Control.Policies;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Revisions;

namespace Rung.Commands.Policy;

/// <summary>Finds the policies that command lines name, and compiles them at today's prices.</summary>
/// <param name="data">The data directory, with revisions and the user's own prices.</param>
/// <param name="clock">The clock.</param>
internal sealed class PolicyFinder(string data, TimeProvider clock) : IPolicyCompiling
{
    /// <summary>The word for the newest revision.</summary>
    public const string Current = "current";

    /// <summary>How a policy is named on a command line, for descriptions.</summary>
    public const string Forms = "a file, the number of a revision, or 'current' (the newest revision)";

    // A policy has at most 1 MiB, which the compiler says with a place; a file beyond this is none, and is not even read.
    private const long MostBytes = 16 * 1024 * 1024;

    private readonly PriceBook prices = PricesFile.ReadEffective(named: null, data);
    private readonly DateOnly today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <summary>Finds a policy by file, number or word. A file whose name is a number is written <c>./3</c>.</summary>
    /// <exception cref="PolicyUnusableException">There is no such file or revision.</exception>
    /// <exception cref="LedgerException">The revisions cannot be read.</exception>
    public async Task<NamedPolicy> FindAsync(string reference, CancellationToken cancellationToken) =>
        IsRevision(reference) ? FromRevision(await RevisionAsync(reference, cancellationToken)) : FromFile(reference);

    /// <summary>Reads a policy file.</summary>
    /// <exception cref="PolicyUnusableException">There is no such file.</exception>
    public NamedPolicy FromFile(string path)
    {
        if (Directory.Exists(path)) throw new PolicyUnusableException($"{path} is a folder.", "Name the policy file in it.");
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new PolicyUnusableException(
                $"There is no policy file {path}.", path == PolicyFile.DefaultPath ? "Name one, or start from an example: policies/starter.yaml" : "Check the path.");
        }
        if (file.Length > MostBytes) throw new PolicyUnusableException($"{path} has {file.Length:N0} bytes; a policy has at most 1 MiB.", "Name a policy file.");
        try
        {
            return new NamedPolicy(path, PolicyFile.Read(path, prices, today), Revision: null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolicyUnusableException($"{path} cannot be read: {e.Message}", "Give this user the right to read it, or name another file.");
        }
    }

    /// <summary>Compiles a policy again, with opinions on what was lately seen of its traffic.</summary>
    public PolicyCompilation Observed(NamedPolicy policy, PolicyObservations observed)
    {
        var file = policy.File;
        return PolicyCompiler.Compile(new PolicySource(file.Path, file.Text, name => file.Files.TryGetValue(name, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null), prices, today, observed);
    }

    /// <summary>Compiles a stored revision from its own text and files; nothing on disk counts.</summary>
    public NamedPolicy FromRevision(PolicyRevision revision)
    {
        var name = $"revision {revision.Number}";
        return new NamedPolicy(name, PolicyFile.Compile(name, revision.Text, file => revision.Files.TryGetValue(file, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null, prices, today), revision);
    }

    /// <summary>Compiles stored revisions in the same way, each once.</summary>
    public CompiledRevisions Compiled() => new((text, files) => PolicyFile.Compile("policy", text, file => files.TryGetValue(file, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null, prices, today).Compilation, clock);

    /// <summary>One revision whole, by number or <see cref="Current"/>.</summary>
    /// <exception cref="PolicyUnusableException">There is no such revision.</exception>
    public async Task<PolicyRevision> RevisionAsync(string reference, CancellationToken cancellationToken)
    {
        await using var ledger = Ledger.OpenReadOnly(data, clock);
        var all = await ledger.ListRevisionsAsync(cancellationToken);
        if (all.Count == 0) throw new PolicyUnusableException($"There are no revisions in {data} yet.", "`rung serve` stores one whenever the policy changes.");
        var number = reference == Current ? (all.FirstOrDefault(entry => entry.Origin != RevisionOrigin.Candidate) ?? throw new PolicyUnusableException(
                $"There is no revision in {data} that was ever in force: only candidates of rollouts.", "`rung serve` stores one when it starts.")).Number
            : long.TryParse(reference, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed
            : throw new PolicyUnusableException($"'{reference}' is no revision.", $"Write a number from {all[^1].Number} to {all[0].Number}, or {Current}; the list: rung policy history --data {data}");
        return await ledger.GetRevisionAsync(number, cancellationToken) ?? throw new PolicyUnusableException(
            $"There is no revision {number} in {data}.", $"It has {all[^1].Number} to {all[0].Number}; the list: rung policy history --data {data}");
    }

    /// <summary>Every revision, the newest first.</summary>
    public async Task<IReadOnlyList<RevisionEntry>> ListAsync(CancellationToken cancellationToken)
    {
        await using var ledger = Ledger.OpenReadOnly(data, clock);
        return await ledger.ListRevisionsAsync(cancellationToken);
    }

    /// <summary>Whether a name means a revision rather than a file.</summary>
    public static bool IsRevision(string reference) => reference == Current || (reference.Length > 0 && reference.All(char.IsAsciiDigit));
}
