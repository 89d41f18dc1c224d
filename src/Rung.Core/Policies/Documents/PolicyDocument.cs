using System.Collections.Frozen;
using System.Collections.Immutable;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Documents;

/// <summary>
/// A policy as its author wrote it: typed, but with nothing resolved, defaulted or inherited. Compare two of them by the text of
/// <see cref="PolicyWriter"/>: records with collections compare those by reference.
/// </summary>
internal sealed record PolicyDocument
{
    /// <summary>Name for people.</summary>
    public string? Name { get; init; }
    /// <summary>The ladder, cheapest first.</summary>
    public ImmutableArray<TierEntry> Tiers { get; init; } = [];
    /// <summary>The models, in the order of the text.</summary>
    public ImmutableArray<ModelEntry> Models { get; init; } = [];
    /// <summary>What scores an answer, in the order of the text.</summary>
    public ImmutableArray<VerifierEntry> Verifiers { get; init; } = [];
    /// <summary>The programs that checks may run, in the order of the text.</summary>
    public ImmutableArray<CommandEntry> Commands { get; init; } = [];
    /// <summary>Patterns of text that is never kept, beside the built-in ones, in the order of the text.</summary>
    public ImmutableArray<RedactionEntry> Redactions { get; init; } = [];
    /// <summary>The roles.</summary>
    public ImmutableArray<RouteEntry> Roles { get; init; } = [];
    /// <summary>The tags.</summary>
    public ImmutableArray<RouteEntry> Tags { get; init; } = [];
    /// <summary>Everything else.</summary>
    public RouteEntry Default { get; init; } = new() { Name = PolicyShape.DefaultName };
    /// <summary>Hard constraints.</summary>
    public ImmutableArray<PinEntry> Pins { get; init; } = [];
    /// <summary>Limits of every call.</summary>
    public LimitsEntry Limits { get; init; } = LimitsEntry.None;
    /// <summary>How the control loop works.</summary>
    public ControlEntry Control { get; init; } = ControlEntry.None;
    /// <summary>Spending limits, in the order of the text.</summary>
    public ImmutableArray<BudgetEntry> Budgets { get; init; } = [];
    /// <summary>Where alerts are sent, in the order of the text.</summary>
    public ImmutableArray<AlertEntry> Alerts { get; init; } = [];
    /// <summary>Where each path stands in the text; empty for a document that was not read.</summary>
    public FrozenDictionary<string, Place> Places { get; init; } = FrozenDictionary<string, Place>.Empty;

    /// <summary>The place of a path, or of what contains it.</summary>
    public Place PlaceOf(string path, string? key = null)
    {
        if (key is not null && Places.TryGetValue(PolicyPath.Of(path, key), out var exact)) return exact;
        return Places.TryGetValue(path, out var place) ? place : new Place(1, 1);
    }
}

/// <summary>A tier: its pool, and whether savings are measured against it.</summary>
internal sealed record TierEntry(string Name, ImmutableArray<string> Models, bool Reference);

/// <summary>A pattern of text that is never kept.</summary>
internal sealed record RedactionEntry(string Name, string Pattern);

/// <summary>A pin as written; null conditions do not matter.</summary>
internal sealed record PinEntry
{
    public string? Name { get; init; }
    public string? DataClass { get; init; }
    public string? Tag { get; init; }
    public string? Role { get; init; }
    public string? Tenant { get; init; }
    public string? User { get; init; }
    public ImmutableArray<string> Models { get; init; } = [];
    public string? Why { get; init; }
}

/// <summary>Limits as written; null: not stated.</summary>
internal sealed record LimitsEntry
{
    public static LimitsEntry None { get; } = new();

    public decimal? ConnectSeconds { get; init; }
    public decimal? FirstByteSeconds { get; init; }
    public decimal? BetweenChunksSeconds { get; init; }
    public decimal? TotalSeconds { get; init; }
    public int? Attempts { get; init; }
    public int? RequestMb { get; init; }
    public int? ReplyMb { get; init; }

    /// <summary>These limits, with another's where these say nothing.</summary>
    public LimitsEntry Over(LimitsEntry? other) => other is null ? this : new LimitsEntry
    {
        ConnectSeconds = ConnectSeconds ?? other.ConnectSeconds,
        FirstByteSeconds = FirstByteSeconds ?? other.FirstByteSeconds,
        BetweenChunksSeconds = BetweenChunksSeconds ?? other.BetweenChunksSeconds,
        TotalSeconds = TotalSeconds ?? other.TotalSeconds,
        Attempts = Attempts ?? other.Attempts,
        RequestMb = RequestMb ?? other.RequestMb,
        ReplyMb = ReplyMb ?? other.ReplyMb,
    };
}
