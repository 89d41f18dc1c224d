using System.Collections.Immutable;
using static Rung.Core.Policies.Reading.CommonShapes;

namespace Rung.Core.Policies.Reading;

/// <summary>The keys of <c>control</c>, <c>budgets</c> and <c>alerts</c>.</summary>
internal static class ControlShape
{
    public const int MostBudgets = 64;
    public const int MostTargets = 16;
    public const int MostTagsOfBudget = 256;

    /// <summary>Titles of maps that stand for a secret: what is written in their place by mistake is never echoed.</summary>
    public const string AddressTitle = "address";
    /// <summary>The key of a signature.</summary>
    public const string SecretTitle = "secret";

    // The order is that of the enums.
    public static readonly ImmutableArray<string> SteeringWords = ["act", "propose", "off"];
    public static readonly ImmutableArray<string> PeriodWords = ["day", "week", "month"];
    public static readonly ImmutableArray<string> FormatWords = ["rung", "slack", "alertmanager"];
    public static readonly ImmutableArray<string> SeverityWords = ["info", "warning", "critical"];

    /// <summary>How the control loop works.</summary>
    public static readonly ObjectShape Control = new("control",
    [
        new("steering", new TextShape { Words = SteeringWords }, "What it may do by itself: act: a route below its floor is moved one tier up; propose: it says so and does nothing; off: floors and ceilings are not looked at."),
        new("cool_down_hours", new NumberShape(0, 8760, Decimals: 3), "Least time between two demotions of one tag."),
        new("demotions_per_day", new IntegerShape(1, 1000), "Most demotions in 24 hours, all tags together; beyond them only alerts fire."),
    ]);

    /// <summary>A spending limit.</summary>
    public static readonly ObjectShape Budget = new("budget",
    [
        new("usd", new NumberShape(0.01m, 1_000_000_000, Decimals: 9), "The limit of a period, in USD.") { IsRequired = true },
        new("per", new TextShape { Words = PeriodWords }, "The period, in UTC; a week begins on Monday.") { IsRequired = true },
        new("tags", new ListShape(Name, 1, MostTagsOfBudget), "The tags that it covers; all traffic when left out."),
    ]);

    /// <summary>Where alerts are sent.</summary>
    public static readonly ObjectShape Alert = new("alert",
    [
        new("url", Reference(AddressTitle, "the address"), "Where the address is. Never the address itself: whoever knows it can write there.") { IsRequired = true },
        new("format", new TextShape { Words = FormatWords }, "The form: Rung's own JSON, a Slack-compatible webhook, or Alertmanager's API v2."),
        new("secret", Reference(SecretTitle, "the key of the signature"), "Where the key of the signature is (HMAC-SHA256)."),
        new("at_least", new TextShape { Words = SeverityWords }, "Least severity that is sent."),
    ]);

    private static ObjectShape Reference(string title, string what) => new(title,
    [
        new("env", Variable, $"Name of the environment variable that holds {what}."),
        new("file", new TextShape { IsSensitive = true }, $"Path of the file that holds {what}."),
    ]) { IsOneKey = true };
}
