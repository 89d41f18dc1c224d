using Microsoft.Extensions.Logging.Abstractions;
using Rung.Control.Evals.Asking;
using Rung.Core.Policies;
using Rung.Evals;
using Rung.Gateway.Dispatch;
using Rung.Serving;
using Rung.Storage;

namespace Rung.Commands.Eval;

/// <summary>Opens what asks the models of a policy, and writes every question to the ledger of a data directory.</summary>
internal delegate OpenedAsker OpenAsker(PolicySnapshot policy, string data, TimeProvider clock);

/// <summary>What asks models, as long as it is open.</summary>
/// <param name="asker">Asks.</param>
/// <param name="close">Closes what stands behind it.</param>
/// <param name="withoutKey">Models whose key cannot be read.</param>
internal sealed class OpenedAsker(IModelAsker asker, Func<ValueTask> close, IReadOnlyList<string> withoutKey) : IAsyncDisposable
{
    public IModelAsker Asker => asker;

    /// <summary>Models whose key cannot be read: whatever asks them fails.</summary>
    public IReadOnlyList<string> ModelsWithoutKey => withoutKey;

    public ValueTask DisposeAsync() => close();
}

/// <summary>The gateway's own client behind <see cref="IModelAsker"/>.</summary>
internal static class ReferenceAsker
{
    /// <summary>Opens it.</summary>
    /// <exception cref="LedgerException">The ledger cannot be written.</exception>
    public static OpenedAsker Open(PolicySnapshot policy, string data, TimeProvider clock)
    {
        var ledger = Ledger.Open(data, clock);
        var caller = new ModelCaller(policy, new ModelCallerOptions
        {
            Append = ledger.AppendAsync, ReadSecret = Secrets.Read, Clock = clock, Log = NullLoggerFactory.Instance,
            Chance = Random.Shared.NextDouble,
        });
        return new OpenedAsker(new GatewayAsker(caller), async () =>
        {
            caller.Dispose();
            await ledger.DisposeAsync();
        }, caller.ModelsWithoutKey);
    }
}
