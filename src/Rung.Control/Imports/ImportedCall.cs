using System.Collections.Immutable;
using Rung.Core.Spans;

namespace Rung.Control.Imports;

/// <summary>What one imported row stands for.</summary>
public enum ImportGranularity : byte
{
    /// <summary>One request to one model.</summary>
    Call = 1,
    /// <summary>A sum of requests (usage reports, bills): it has no session, no latency and no content.</summary>
    Bucket = 2,
}

/// <summary>How an imported call ended.</summary>
public enum ImportedStatus : byte
{
    /// <summary>The log does not say.</summary>
    Unknown = 0,
    /// <summary>It was answered.</summary>
    Answered = 1,
    /// <summary>It ended in an error.</summary>
    Failed = 2,
    /// <summary>A cache of the gateway that wrote the log answered it: no model was asked and nothing was billed.</summary>
    ServedFromCache = 3,
}

/// <summary>Where the tag of an imported call was read.</summary>
public enum ImportedTagSource : byte
{
    /// <summary>The log names no job: the call is grouped by what made it.</summary>
    None = 0,
    /// <summary>The caller named the job itself (a tag, a function, a role in metadata).</summary>
    Given = 1,
    /// <summary>A name that usually is the job: an alias of a model or of a key, a prompt's name.</summary>
    Inferred = 2,
}

/// <summary>A judgement of a call that the log carries: a score, thumbs, an edit by a person.</summary>
/// <param name="Name">What was judged, as the log names it.</param>
/// <param name="Score">0 (bad) to 1 (good).</param>
/// <param name="ByPerson">Whether a person gave it.</param>
public sealed record ImportedVerdict(string Name, double Score, bool ByPerson);

/// <summary>One request to one model as a log tells it (or, where the log only has sums, one sum), brought to Rung's meaning of every figure.</summary>
/// <remarks>
/// Names are as the log writes them, trimmed and cut to 200 characters. The content is there for the moment in which the call is looked at; nothing
/// keeps it.
/// </remarks>
public sealed record ImportedCall
{
    /// <summary>The format's name: <c>otlp</c>, <c>litellm</c>, …</summary>
    public required string Source { get; init; }
    /// <summary>The natural id within the source; the same call read twice has the same one.</summary>
    public required string Key { get; init; }
    /// <summary>A call, or a sum of calls.</summary>
    public ImportGranularity Granularity { get; init; } = ImportGranularity.Call;
    /// <summary>How many requests the row stands for: 1 for a call.</summary>
    public long Requests { get; init; } = 1;
    /// <summary>When it began, UTC. Of a bucket, when the bucket began.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>From start to end, in microseconds; null when the log does not say.</summary>
    public long? LatencyMicros { get; init; }
    /// <summary>From start to the first piece of content, in microseconds; null when not streamed or not told.</summary>
    public long? FirstByteMicros { get; init; }
    /// <summary>The provider in the words of policies and of the price book (<c>openai</c>, <c>anthropic</c>, <c>google</c>, <c>azure</c>, …); empty when unknown.</summary>
    public required string Provider { get; init; }
    /// <summary>The model that answered, as the log names it; empty when unknown.</summary>
    public required string Model { get; init; }
    /// <summary>Tokens, with cached parts inside the input and reasoning inside the output, whatever the log's own rule is.</summary>
    public TokenUsage Usage { get; init; }
    /// <summary>What was done to the log's counts to get <see cref="Usage"/>.</summary>
    public UsageRule UsageRule { get; init; }
    /// <summary>What the log itself says the call cost, in nano-USD; null when it does not say.</summary>
    public long? ReportedCostNanoUsd { get; init; }
    /// <summary>What the price is multiplied with, in thousandths: 500 for a batch at half price, 6000 for a fast lane at six times the price.</summary>
    public int PricePermille { get; init; } = 1000;
    /// <summary>How it ended.</summary>
    public ImportedStatus Status { get; init; }
    /// <summary>For a failure, its kind in a few words, without content; else null.</summary>
    public string? Error { get; init; }
    /// <summary>Why the model stopped, in OpenAI's words where they fit (<c>stop</c>, <c>length</c>, <c>tool_calls</c>); null when not told.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The job, normalised as tags are (<c>[a-z0-9._-]{1,64}</c>); null when the log names none.</summary>
    public string? Tag { get; init; }
    /// <summary>Where <see cref="Tag"/> was read.</summary>
    public ImportedTagSource TagSource { get; init; }
    /// <summary>The part an agent plays, normalised as the tag is; null when the log names none.</summary>
    public string? Role { get; init; }
    /// <summary>The agent that made the call; null when not told.</summary>
    public string? Agent { get; init; }
    /// <summary>The step that made the call: name of the span or of its nearest ancestor that is no generic <c>chat gpt-…</c>, of a function, of a prompt; null when not told.</summary>
    public string? Step { get; init; }
    /// <summary>Session or conversation; null when not told.</summary>
    public string? Session { get; init; }
    /// <summary>End user, as the log has it; null when not told.</summary>
    public string? User { get; init; }
    /// <summary>Team, project or key (its name or its hash, never a key); null when not told.</summary>
    public string? Team { get; init; }

    /// <summary>The run (trace) that the call belongs to; null when not told.</summary>
    public string? Run { get; init; }
    /// <summary>Position among the model calls of its run, from 0; null when not known.</summary>
    public int? RunPosition { get; init; }
    /// <summary>Whether it was the last model call of its run; null when not known.</summary>
    public bool? EndsRun { get; init; }
    /// <summary>Name of the step that came next in the run (a tool, a validator, another call's step); null when none or not known.</summary>
    public string? FollowedBy { get; init; }
    /// <summary>Judgements that the log carries.</summary>
    public ImmutableArray<ImportedVerdict> Verdicts { get; init; } = [];

    /// <summary>Temperature that was asked for; null when not told.</summary>
    public double? Temperature { get; init; }
    /// <summary>Output cap that was asked for, in tokens; null when not told.</summary>
    public int? MaxTokens { get; init; }
    /// <summary>Form of the output that was asked for; null when not told.</summary>
    public RequestedOutput? Output { get; init; }
    /// <summary>Reasoning effort that was asked for, in the provider's word; null when not told.</summary>
    public string? Effort { get; init; }
    /// <summary>Names of the tools that were declared, in their order, at most 64; default when not told.</summary>
    public ImmutableArray<string> Tools { get; init; }
    /// <summary>Names of the tools that the model called, in their order, at most 64; default when not told.</summary>
    public ImmutableArray<string> ToolCalls { get; init; }
    /// <summary>What was said; null when the log has no content. Looked at and let go.</summary>
    public CallContent? Content { get; init; }
    /// <summary>Whether the log says of itself that it is made up (<c>rung.simulated</c>).</summary>
    public bool Simulated { get; init; }
}

/// <summary>Form of output that a request asked for.</summary>
public enum RequestedOutput : byte
{
    /// <summary>Free text.</summary>
    Text = 1,
    /// <summary>Any JSON.</summary>
    Json = 2,
    /// <summary>JSON by a schema.</summary>
    Schema = 3,
    /// <summary>A tool had to be called.</summary>
    Tool = 4,
}

/// <summary>What a call said and what came back.</summary>
public sealed record CallContent
{
    /// <summary>The system prompt (or developer message); null when there was none or it is not in the log.</summary>
    public string? System { get; init; }
    /// <summary>The messages, in their order, without the system prompt: role in OpenAI's words and text.</summary>
    public ImmutableArray<(string Role, string Text)> Messages { get; init; } = [];
    /// <summary>The schema that the output had to follow, as JSON; null when none.</summary>
    public string? Schema { get; init; }
    /// <summary>The text of the answer; empty when it had none; null when not in the log.</summary>
    public string? Answer { get; init; }
}
