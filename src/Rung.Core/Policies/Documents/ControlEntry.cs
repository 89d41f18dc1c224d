using System.Collections.Immutable;

namespace Rung.Core.Policies.Documents;

/// <summary>How the control loop works, as written; null: not stated.</summary>
internal sealed record ControlEntry
{
    public static ControlEntry None { get; } = new();

    /// <summary><c>act</c>, <c>propose</c> or <c>off</c>.</summary>
    public string? Steering { get; init; }
    public decimal? CoolDownHours { get; init; }
    public int? DemotionsPerDay { get; init; }
}

/// <summary>A budget as written.</summary>
internal sealed record BudgetEntry
{
    public required string Name { get; init; }
    public decimal Usd { get; init; }
    /// <summary><c>day</c>, <c>week</c> or <c>month</c>.</summary>
    public string? Per { get; init; }
    /// <summary>The tags; null: all traffic.</summary>
    public ImmutableArray<string>? Tags { get; init; }
}

/// <summary>Where alerts are sent, as written; null: not stated.</summary>
internal sealed record AlertEntry
{
    public required string Name { get; init; }
    public SecretReference? Url { get; init; }
    public string? Format { get; init; }
    public SecretReference? Secret { get; init; }
    public string? AtLeast { get; init; }
}
