using System.Collections.Immutable;

namespace Rung.Core.Policies;

/// <summary>What the control loop may do by itself.</summary>
public enum SteeringMode : byte
{
    /// <summary><c>act</c>: a route whose quality is below its floor is moved one tier up at once.</summary>
    Act = 0,
    /// <summary><c>propose</c>: it says what it would do, and does nothing.</summary>
    Propose = 1,
    /// <summary><c>off</c>: floors and ceilings are not looked at.</summary>
    Off = 2,
}

/// <summary>How the control loop works: the <c>control</c> of the policy.</summary>
public sealed record ControlTerms
{
    /// <summary>What it may do by itself.</summary>
    public SteeringMode Steering { get; init; }
    /// <summary>Least time between two demotions of one tag.</summary>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromHours(24);
    /// <summary>Most demotions in 24 hours, all tags together; beyond them only alerts fire.</summary>
    public int DemotionsPerDay { get; init; } = 3;
    /// <summary>Spending limits that are watched, not enforced.</summary>
    public ImmutableArray<Budget> Budgets { get; init; } = [];
    /// <summary>Where alerts go, beside the log.</summary>
    public ImmutableArray<AlertTarget> Alerts { get; init; } = [];
}

/// <summary>The length of a budget's period.</summary>
public enum BudgetPeriod : byte
{
    /// <summary>A day, UTC.</summary>
    Day = 0,
    /// <summary>A week from Monday, UTC.</summary>
    Week = 1,
    /// <summary>A calendar month, UTC.</summary>
    Month = 2,
}

/// <summary>What some tags may cost in a period.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NanoUsd">The limit, nano-USD.</param>
/// <param name="Period">Its period.</param>
/// <param name="Tags">The tags; empty: all traffic.</param>
public sealed record Budget(string Name, long NanoUsd, BudgetPeriod Period, ImmutableArray<string> Tags)
{
    /// <summary>Whether it says the same: a policy that is compiled again has the same budgets.</summary>
    public bool Equals(Budget? other) =>
        other is not null && Name == other.Name && NanoUsd == other.NanoUsd && Period == other.Period && Tags.AsSpan().SequenceEqual(other.Tags.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, NanoUsd, Period, Tags.Length);
}

/// <summary>The form of an alert that is sent.</summary>
public enum AlertFormat : byte
{
    /// <summary><c>rung</c>: Rung's own JSON, signed.</summary>
    Rung = 0,
    /// <summary><c>slack</c>: a Slack-compatible incoming webhook.</summary>
    Slack = 1,
    /// <summary><c>alertmanager</c>: Prometheus Alertmanager's API v2.</summary>
    Alertmanager = 2,
}

/// <summary>Where alerts are sent. Its address is a secret: those of Slack let whoever knows them write.</summary>
/// <param name="Name">Its name, for logs.</param>
/// <param name="Url">Where the address is.</param>
/// <param name="Format">The form.</param>
/// <param name="Secret">Where the key of the signature is (HMAC-SHA256); null: not signed.</param>
/// <param name="AtLeast">Least severity that is sent.</param>
public sealed record AlertTarget(string Name, SecretReference Url, AlertFormat Format, SecretReference? Secret, Alerts.AlertSeverity AtLeast);
