using Rung.Core.Policies.Compiling;
using Rung.Core.Prices;

namespace Rung.Control.Audit;

/// <summary>One tier of a proposal, with its one model.</summary>
internal sealed record ProposedRung
{
    /// <summary>Name of the tier.</summary>
    public required string Tier { get; init; }
    /// <summary>Name of the model in the policy.</summary>
    public required string Alias { get; init; }
    /// <summary>The provider, as the log names it.</summary>
    public required string Provider { get; init; }
    /// <summary>What the model costs; its id is that of the price book.</summary>
    public required PriceSchedule Price { get; init; }
    /// <summary>Whether calls stay here because of their model, and no call is meant to come from elsewhere.</summary>
    public required bool IsKept { get; init; }
    /// <summary>The price that orders the ladder; null for a model of another provider, which stands beside it.</summary>
    public required long? Order { get; init; }
    /// <summary>Why it is there.</summary>
    public required string Why { get; init; }

    /// <summary>The provider's word in the policy.</summary>
    public string PolicyProvider => Providers.Find(Provider) is null ? "openai-compatible" : Provider;

    /// <summary>Whether the address is the user's own and must be filled in.</summary>
    public bool NeedsUrl => Providers.Find(PolicyProvider)!.Url is null;
}
