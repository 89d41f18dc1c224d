using Rung.Commands.Policy;
using Rung.Control.Evals;
using Rung.Storage.Content;

namespace Rung.Commands.Eval;

/// <summary>What commands of evals share: how they fail, and how they open the store of content.</summary>
internal static class EvalGuard
{
    /// <summary>Runs a command's work; what cannot be used becomes a message with its fix and <see cref="ExitCode.Usage"/>.</summary>
    public static Task<int> RunAsync(TextWriter error, Func<Task<int>> work) => PolicyCommand.GuardAsync(error, async () =>
    {
        try
        {
            return await work();
        }
        catch (EvalException unusable)
        {
            return Output.Fail(error, unusable.Problem, unusable.Fix);
        }
        catch (FormatException key)
        {
            return Output.Fail(error, key.Message);
        }
    });

    /// <summary>Opens the store of content that is there, with the key of the environment.</summary>
    /// <exception cref="EvalException">There is none.</exception>
    /// <exception cref="FormatException">The key is none.</exception>
    public static ContentStore Open(string data, TimeProvider clock)
    {
        if (!ContentStore.Exists(data)) throw new EvalException($"There are no eval sets in {data}.", "Make one: rung eval build");
        return ContentStore.Open(data, ContentKey.Read(Environment.GetEnvironmentVariable(ContentKey.Variable)), clock);
    }
}
