using Rung.Commands.Policy;
using Rung.Control.Rollouts;
using Rung.Core.Prices;

namespace Rung.Serving;

/// <summary>The control plane's hands on policies: today's prices, and the policy file.</summary>
internal static class PolicyFileAccess
{
    /// <summary>Gives them.</summary>
    /// <param name="path">The policy file; null: there is none to write.</param>
    /// <param name="prices">The prices.</param>
    /// <param name="clock">The clock: prices are those of its day.</param>
    public static PolicyAccess Of(string? path, PriceBook prices, TimeProvider clock)
    {
        return new PolicyAccess
        {
            Compile = (text, files) => PolicyFile.Compile("policy", text, name => files.TryGetValue(name, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null, prices, Today()).Compilation,
            FileHash = () => path is null ? null : HashOf(path, prices, Today()),
            WriteFile = path is null ? null : (revision, _) => WriteAsync(path, revision),
        };

        DateOnly Today() => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
    }

    private static string? HashOf(string path, PriceBook prices, DateOnly today)
    {
        try
        {
            return PolicyFile.Read(path, prices, today).Compilation.Snapshot?.Hash;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async Task<string> WriteAsync(string path, Storage.Revisions.PolicyRevision revision)
    {
        try
        {
            // On record already: a stop between the two leaves the file behind, which the revision knows (its hash of the file).
            await PolicyRestore.Plan(path, revision).WriteAsync(() => Task.CompletedTask);
            return $"{path} is written.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PolicyUnusableException)
        {
            return $"{path} could not be written and stays behind it ({e.Message.TrimEnd('.')}): it is in force all the same, until the file is changed.";
        }
    }
}
