using System.Collections.Immutable;

namespace Rung.Control.Audit;

/// <summary>A place in somebody's program that makes calls of one kind: what a tag will name.</summary>
public sealed record CallSite
{
    /// <summary>The tag: the one that the calls carry, or a suggestion. Unique within an audit.</summary>
    public required string Tag { get; init; }
    /// <summary>Whether the calls carry the tag; else Rung suggests it.</summary>
    public required bool IsTagged { get; init; }
    /// <summary>How sure it is that these calls belong together and to nothing else, 0 to 1; 1 for a tag that the calls carry.</summary>
    public required double Confidence { get; init; }
    /// <summary>What the confidence rests on, in a few words.</summary>
    public required string GroupedBy { get; init; }
    /// <summary>A name that stays the same from audit to audit, for the file in which sites are renamed and merged.</summary>
    public required string Fingerprint { get; init; }
    /// <summary>The role that most calls carry; null when none do.</summary>
    public string? Role { get; init; }
    /// <summary>The agent that makes most calls; null when not told.</summary>
    public string? Agent { get; init; }
    /// <summary>The step that makes most calls; null when not told.</summary>
    public string? Step { get; init; }
    /// <summary>The team or project that most calls carry; null when not told.</summary>
    public string? Team { get; init; }
    /// <summary>How such a call looks, without content: sizes, tools, form of the answer.</summary>
    public required string Skeleton { get; init; }
    /// <summary>The beginning of one call's prompt; null unless content may be shown.</summary>
    public string? Example { get; init; }
    /// <summary>Whether the user's file of names says to leave it alone: it counts in every total, and nothing is proposed for it.</summary>
    public bool IsIgnored { get; init; }
    /// <summary>What its calls were like.</summary>
    public required SiteStatistics Statistics { get; init; }
}

/// <summary>Sums over the calls of one site at one model. Tokens as in <see cref="Core.Spans.TokenUsage"/>: parts are inside their whole.</summary>
public sealed record ModelUse
{
    /// <summary>The provider, in the words of policies; empty when unknown.</summary>
    public required string Provider { get; init; }
    /// <summary>The model, as the log names it; empty when unknown.</summary>
    public required string Model { get; init; }
    /// <summary>Calls.</summary>
    public required long Calls { get; init; }
    /// <summary>Calls whose price is unknown: they are not in <see cref="CostNanoUsd"/>.</summary>
    public required long UnknownPriceCalls { get; init; }
    /// <summary>Cost of the calls with a known price, in nano-USD.</summary>
    public required long CostNanoUsd { get; init; }
    /// <summary>Sum of what the logs themselves say, in nano-USD, over <see cref="ReportedCalls"/>.</summary>
    public required long ReportedCostNanoUsd { get; init; }
    /// <summary>Calls for which the log states a cost.</summary>
    public required long ReportedCalls { get; init; }
    /// <summary>All input tokens.</summary>
    public required long InputTokens { get; init; }
    /// <summary>Of them read from a cache.</summary>
    public required long CacheReadTokens { get; init; }
    /// <summary>Of them written to a cache, for short or long.</summary>
    public required long CacheWriteTokens { get; init; }
    /// <summary>All output tokens.</summary>
    public required long OutputTokens { get; init; }
    /// <summary>Of them reasoning.</summary>
    public required long ReasoningTokens { get; init; }
}

/// <summary>Median and 95th percentile of a figure, and over how many calls; relative error at most 1 % where it is not exact.</summary>
/// <param name="Count">Calls that have the figure.</param>
/// <param name="P50">The median; 0 when <paramref name="Count"/> is 0.</param>
/// <param name="P95">The 95th percentile; 0 when <paramref name="Count"/> is 0.</param>
public readonly record struct Spread(long Count, double P50, double P95);

/// <summary>How many of how many.</summary>
/// <param name="Events">Calls of which it is true.</param>
/// <param name="Known">Calls of which it is known whether it is true.</param>
public readonly record struct Share(long Events, long Known)
{
    /// <summary>The share, 0 to 1; null when nothing is known.</summary>
    public double? Value => Known > 0 ? (double)Events / Known : null;
}

/// <summary>What the calls of one site were like. A share counts only calls of which the log tells.</summary>
public sealed record SiteStatistics
{
    /// <summary>Calls (of buckets: the requests they stand for).</summary>
    public required long Calls { get; init; }
    /// <summary>By model, the dearest first.</summary>
    public required ImmutableArray<ModelUse> Models { get; init; }
    /// <summary>When the first and the last call began, UTC.</summary>
    public required (DateTimeOffset First, DateTimeOffset Last) Period { get; init; }
    /// <summary>Input tokens of a call.</summary>
    public Spread Input { get; init; }
    /// <summary>Input tokens of the longest call; null when not known. Decides whether a price for long inputs can apply at all.</summary>
    public long? LongestInput { get; init; }
    /// <summary>Output tokens of a call.</summary>
    public Spread Output { get; init; }
    /// <summary>Latency of a call, in milliseconds.</summary>
    public Spread LatencyMs { get; init; }
    /// <summary>Time to the first piece of content, in milliseconds.</summary>
    public Spread FirstByteMs { get; init; }
    /// <summary>Sessions seen (an estimate above 10,000); 0 when none are told.</summary>
    public long Sessions { get; init; }

    /// <summary>Calls that ended in an error.</summary>
    public Share Failed { get; init; }
    /// <summary>Answers that were cut by a cap.</summary>
    public Share Truncated { get; init; }
    /// <summary>Calls that repeat the one before in the same session or run: the caller asked again.</summary>
    public Share AskedAgain { get; init; }
    /// <summary>Calls at temperature 0.</summary>
    public Share AtZeroTemperature { get; init; }
    /// <summary>Calls that ask for JSON or for a schema.</summary>
    public Share AsksForStructure { get; init; }
    /// <summary>Calls that declare tools.</summary>
    public Share WithTools { get; init; }
    /// <summary>Calls whose messages hold earlier answers.</summary>
    public Share WithHistory { get; init; }
    /// <summary>Calls that were the first of their run.</summary>
    public Share FirstOfRun { get; init; }
    /// <summary>Calls that were the last of their run.</summary>
    public Share LastOfRun { get; init; }
    /// <summary>Calls that a validating step followed (its name speaks of checking, parsing, testing, reviewing).</summary>
    public Share Validated { get; init; }
    /// <summary>Names of such steps, the most frequent first, at most 3.</summary>
    public ImmutableArray<string> Validators { get; init; } = [];
    /// <summary>Calls whose answer a person rated below 0.5, or changed.</summary>
    public Share CorrectedByPeople { get; init; }
    /// <summary>Mean of all judgements in the logs, 0 to 1; null when there are none.</summary>
    public double? MeanVerdict { get; init; }
    /// <summary>Judgements in the logs.</summary>
    public long Verdicts { get; init; }

    /// <summary>Answers by shape; those that the log does not have are not in it.</summary>
    public ImmutableSortedDictionary<OutputShape, long> Shapes { get; init; } = ImmutableSortedDictionary<OutputShape, long>.Empty;
    /// <summary>Different labels among the answers that are labels; stops counting at 1,000.</summary>
    public int DistinctLabels { get; init; }
    /// <summary>Entropy of the labels, in bits; null when there are none.</summary>
    public double? LabelEntropyBits { get; init; }
    /// <summary>Among answers in JSON, those with the most frequent set of keys.</summary>
    public Share SameKeys { get; init; }
    /// <summary>Signs of sensitive data and in how many calls they were seen.</summary>
    public ImmutableSortedDictionary<DataSigns, long> Data { get; init; } = ImmutableSortedDictionary<DataSigns, long>.Empty;
    /// <summary>Calls whose content was there to be looked at for such signs.</summary>
    public long ContentSeen { get; init; }

    /// <summary>Cost of the calls with a known price, in nano-USD.</summary>
    public long CostNanoUsd => Models.Sum(use => use.CostNanoUsd);
    /// <summary>Calls whose price is unknown.</summary>
    public long UnknownPriceCalls => Models.Sum(use => use.UnknownPriceCalls);
}
