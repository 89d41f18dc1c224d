using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Rung.Core.Checks;
using Rung.Core.Policies;
using Rung.Core.Requests;
using Rung.Core.Spans;
using Rung.Gateway.Shadows;

namespace Rung.Gateway.Recording;

/// <summary>
/// Spans and metrics by the OpenTelemetry GenAI conventions (names of semantic conventions 1.41), plus the <c>rung.*</c> set. Without a
/// listener it costs a test of a flag. Never holds prompt, answer or key.
/// </summary>
public sealed class GatewayTelemetry : IDisposable
{
    /// <summary>Name of the source of spans and of the meter.</summary>
    public const string SourceName = "Rung.Gateway";

    private static readonly double[] Seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly long[] Tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    private readonly ActivitySource source = new(SourceName);
    private readonly Meter meter = new(SourceName);
    private readonly Histogram<double> duration;
    private readonly Histogram<double> firstChunk;
    private readonly Histogram<long> tokens;
    private readonly Histogram<double> callDuration;
    private readonly Counter<long> calls;
    private readonly Counter<long> escalations;
    private readonly Counter<double> cost;
    private readonly Counter<long> unknownPrices;
    private readonly Counter<long> inquiries;
    private readonly Counter<long> doomed;
    private readonly Counter<long> savedTokens;
    private readonly Counter<double> savedTime;

    /// <summary>Makes the instruments.</summary>
    public GatewayTelemetry()
    {
        duration = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "Duration of one attempt at a model.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        firstChunk = meter.CreateHistogram("gen_ai.client.operation.time_to_first_chunk", "s", "Time to the first chunk of a streamed attempt.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        tokens = meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens of one attempt.", null, new InstrumentAdvice<long> { HistogramBucketBoundaries = Tokens });
        callDuration = meter.CreateHistogram("rung.call.duration", "s", "Duration of one call, all attempts together.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        calls = meter.CreateCounter<long>("rung.calls", "{call}", "Calls by tag and how they ended.");
        escalations = meter.CreateCounter<long>("rung.escalations", "{attempt}", "Attempts that climbed a rung.");
        cost = meter.CreateCounter<double>("rung.cost", "USD", "Cost of attempts whose price is known.");
        unknownPrices = meter.CreateCounter<long>("rung.unknown_price_attempts", "{attempt}", "Attempts whose price is unknown; not part of rung.cost.");
        inquiries = meter.CreateCounter<long>("rung.inquiries", "{inquiry}", "Things that were found out for checks, by kind and whether anything could be.");
        doomed = meter.CreateCounter<long>("rung.streams.doomed", "{attempt}", "Streams that were given up, because no continuation could have passed the checks.");
        savedTokens = meter.CreateCounter<long>("rung.streams.saved_tokens", "{token}", "Output tokens of doomed streams that were not waited for, estimated.");
        savedTime = meter.CreateCounter<double>("rung.streams.saved_time", "s", "Time that was not waited for the ends of doomed streams, estimated.");
    }

    /// <summary>Publishes the recorder's own health as metrics.</summary>
    public void Watch(CallRecorder recorder)
    {
        meter.CreateObservableCounter("rung.ledger.dropped_calls", () => recorder.Dropped, "{call}", "Calls served but not recorded, because the queue was full.");
        meter.CreateObservableGauge("rung.ledger.waiting_calls", () => recorder.Waiting, "{call}", "Calls waiting to be written.");
        meter.CreateObservableCounter("rung.ledger.failed_appends", () => recorder.Failures, "{append}", "Batches that the ledger did not take at first.");
    }

    /// <summary>Publishes what becomes of captured content as metrics.</summary>
    public void Watch(ContentTap tap)
    {
        meter.CreateObservableCounter("rung.content.kept_calls", () => tap.Kept, "{call}", "Calls whose content was stored.");
        meter.CreateObservableCounter("rung.content.dropped_calls", () => tap.Dropped, "{call}", "Sampled calls whose content was not stored, because the queue was full.");
        meter.CreateObservableCounter("rung.content.too_large_calls", () => tap.TooLarge, "{call}", "Sampled calls whose content is larger than the policy keeps.");
        meter.CreateObservableCounter("rung.content.unreadable_calls", () => tap.Unreadable, "{call}", "Sampled calls whose content could not be redacted, and so was not stored.");
        meter.CreateObservableCounter("rung.content.failed_appends", () => tap.Failures, "{append}", "Batches of content that the store did not take at first.");
    }

    /// <summary>Publishes what becomes of the copies for candidates as metrics.</summary>
    public void Watch(ShadowCopies copies)
    {
        meter.CreateObservableCounter("rung.shadow.asked_copies", () => copies.Asked, "{copy}", "Copies of calls that the candidate of a rollout was asked.");
        meter.CreateObservableCounter("rung.shadow.judged_copies", () => copies.Judged, "{copy}", "Copies whose answer was compared with the one that the client got.");
        meter.CreateObservableCounter("rung.shadow.dropped_copies", () => copies.Dropped, "{copy}", "Copies that were not asked, because the queue was full.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        source.Dispose();
        meter.Dispose();
    }

    /// <summary>Starts the server span of a call, a child of the caller's trace; null when nobody listens.</summary>
    internal Activity? StartCall(HttpContext http)
    {
        if (!source.HasListeners()) return null;
        var carried = ActivityContext.TryParse(http.Request.Headers.TraceParent, http.Request.Headers.TraceState, isRemote: true, out var parent);
        return source.StartActivity("POST /v1/chat/completions", ActivityKind.Server, carried ? parent : default);
    }

    /// <summary>Writes the decision as a span of its own.</summary>
    internal void Decided(Activity? call, PolicySnapshot policy, Route route, in CallFacts facts, string reason, DateTimeOffset from)
    {
        if (call is not { IsAllDataRequested: true }) return;
        using var span = source.StartActivity("decide", ActivityKind.Internal, call.Context, startTime: from);
        if (span is null) return;
        span.SetTag("rung.tag", facts.Tag ?? route.Name);
        span.SetTag("rung.tag.source", TagSourceWord(facts.TagSource));
        span.SetTag("rung.tier", route.Tier.Name);
        span.SetTag("rung.policy.revision", policy.Revision);
        span.SetTag("rung.policy.hash", policy.Hash);
        span.SetTag("rung.decision.reason", reason);
    }

    /// <summary>Starts the client span of an attempt; null when nobody listens.</summary>
    internal Activity? StartAttempt(Activity? call, Model model, AttemptRecord attempt, bool streamed)
    {
        // An unsampled call keeps its one span, for the trace id that travels on.
        if (call is not { IsAllDataRequested: true }) return null;
        ReadOnlySpan<KeyValuePair<string, object?>> early =
        [
            new("gen_ai.operation.name", "chat"), new("gen_ai.provider.name", model.Provider), new("gen_ai.request.model", model.UpstreamId),
            new("server.address", model.BaseUrl.Host), new("server.port", model.BaseUrl.Port),
        ];
        var span = source.StartActivity($"chat {model.UpstreamId}", ActivityKind.Client, call.Context, early.ToArray());
        if (span is null) return null;
        span.SetTag("rung.attempt.index", attempt.Ordinal);
        span.SetTag("rung.attempt.kind", KindWord(attempt.Kind));
        span.SetTag("rung.tier", attempt.Tier);
        span.SetTag("rung.decision.propensity", attempt.Propensity);
        if (streamed) span.SetTag("gen_ai.request.stream", value: true);
        return span;
    }

    /// <summary>Starts the client span of a question to a served verifier; null when nobody listens.</summary>
    internal Activity? StartVerifier(Activity? call, HttpVerifier verifier, AttemptRecord attempt)
    {
        if (call is not { IsAllDataRequested: true }) return null;
        var span = source.StartActivity($"verify {verifier.Name}", ActivityKind.Client, call.Context);
        if (span is null) return null;
        span.SetTag("server.address", verifier.Url.Host);
        span.SetTag("server.port", verifier.Url.Port);
        span.SetTag("rung.attempt.index", attempt.Ordinal);
        span.SetTag("rung.attempt.kind", KindWord(attempt.Kind));
        span.SetTag("rung.verifier", verifier.Name);
        return span;
    }

    /// <summary>Counts what was found out for a check.</summary>
    internal void FoundOut(Inquiry inquiry, Finding finding)
    {
        if (!inquiries.Enabled) return;
        inquiries.Add(1, new("rung.inquiry.kind", InquiryWord(inquiry)), new("rung.inquiry.found", finding.Unavailable is null));
    }

    /// <summary>Ends an attempt's span and measures it.</summary>
    internal void AttemptEnded(Activity? span, AttemptRecord attempt, Model model) => AttemptEnded(span, attempt, model.Provider, model.UpstreamId);

    /// <inheritdoc cref="AttemptEnded(Activity?, AttemptRecord, Model)"/>
    internal void AttemptEnded(Activity? span, AttemptRecord attempt, string provider, string model)
    {
        Measure(attempt, provider, model);
        if (span is null) return;
        if (attempt.UpstreamModel is not null) span.SetTag("gen_ai.response.model", attempt.UpstreamModel);
        if (attempt.FinishReason is not null) span.SetTag("gen_ai.response.finish_reasons", new[] { attempt.FinishReason });
        if (attempt.HttpStatus > 0) span.SetTag("http.response.status_code", attempt.HttpStatus);
        if (attempt.FirstByteMicros is { } first) span.SetTag("gen_ai.response.time_to_first_chunk", first / 1e6);
        if (attempt.Usage.Source != UsageSource.None)
        {
            span.SetTag("gen_ai.usage.input_tokens", attempt.Usage.Input);
            span.SetTag("gen_ai.usage.output_tokens", attempt.Usage.Output);
            if (attempt.Usage.CacheRead > 0) span.SetTag("gen_ai.usage.cache_read.input_tokens", attempt.Usage.CacheRead);
            if (attempt.Usage.CacheWrite + attempt.Usage.CacheWriteLong > 0)
                span.SetTag("gen_ai.usage.cache_creation.input_tokens", attempt.Usage.CacheWrite + attempt.Usage.CacheWriteLong);
            if (attempt.Usage.Reasoning > 0) span.SetTag("gen_ai.usage.reasoning.output_tokens", attempt.Usage.Reasoning);
            span.SetTag("rung.usage.source", UsageSourceWord(attempt.Usage.Source));
        }
        if (attempt.CostNanoUsd is { } nano) span.SetTag("rung.cost.usd", nano / 1e9);
        foreach (var check in attempt.Checks)
        {
            span.AddEvent(new ActivityEvent("gen_ai.evaluation.result", tags: new ActivityTagsCollection
            {
                ["gen_ai.evaluation.name"] = check.Check,
                ["gen_ai.evaluation.score.value"] = check.Score ?? (check.Passed ? 1.0 : 0.0),
                ["gen_ai.evaluation.score.label"] = check.Passed ? "pass" : "fail",
            }));
        }
        if (attempt.Outcome == AttemptOutcome.Doomed)
        {
            span.SetTag("rung.stream.doomed", value: true);
            if (attempt.SavedTokens is { } saved) span.SetTag("rung.stream.saved_tokens", saved);
        }
        else if (attempt.Outcome is not (AttemptOutcome.Completed or AttemptOutcome.CheckFailed))
        {
            span.SetStatus(ActivityStatusCode.Error);
            span.SetTag("error.type", attempt.HttpStatus >= 400 ? $"{attempt.HttpStatus}" : OutcomeWord(attempt.Outcome));
        }
        span.Dispose();
    }

    /// <summary>Ends a call's span and measures it.</summary>
    internal void CallEnded(Activity? span, CallRecord call)
    {
        if (calls.Enabled || callDuration.Enabled)
        {
            var tags = new TagList { { "rung.tag", call.Route }, { "rung.call.status", StatusWord(call.Status) } };
            calls.Add(1, tags);
            callDuration.Record(call.LatencyMicros / 1e6, tags);
        }
        if (span is null) return;
        if (span.IsAllDataRequested) Describe(span, call);
        span.Dispose();
    }

    private static void Describe(Activity span, CallRecord call)
    {
        span.SetTag("http.request.method", "POST");
        span.SetTag("url.path", "/v1/chat/completions");
        span.SetTag("http.response.status_code", call.HttpStatus);
        span.SetTag("rung.call.id", call.Id);
        span.SetTag("rung.tag", call.Tag ?? call.Route);
        if (call.Role is not null) span.SetTag("rung.role", call.Role);
        if (call.Session is not null) span.SetTag("gen_ai.conversation.id", call.Session);
        if (call.Arm is not null) span.SetTag("rung.arm", call.Arm);
        if (call.Tier is not null) span.SetTag("rung.tier", call.Tier);
        span.SetTag("rung.policy.revision", call.PolicyRevision);
        span.SetTag("rung.cost.total_usd", call.CostNanoUsd / 1e9);
        if (call.UnknownPriceAttempts > 0) span.SetTag("rung.cost.unknown_price_attempts", call.UnknownPriceAttempts);
        if (call.BaselineNanoUsd is { } baseline)
        {
            span.SetTag("rung.cost.baseline_usd", baseline / 1e9);
            span.SetTag("rung.cost.baseline.model", call.BaselineModel);
        }
        var depth = 0;
        foreach (var attempt in call.Attempts) depth += attempt.Kind == AttemptKind.Escalation ? 1 : 0;
        span.SetTag("rung.escalation.depth", depth);
        if (call.Status == CallStatus.ClientGone) span.SetTag("rung.client.disconnected", value: true);
        if (call.Status == CallStatus.CutShort) span.SetTag("rung.stream.truncated", value: true);
        if (call.HttpStatus >= 500) span.SetStatus(ActivityStatusCode.Error);
    }

    private void Measure(AttemptRecord attempt, string provider, string model)
    {
        if (attempt.Kind == AttemptKind.Escalation && escalations.Enabled) escalations.Add(1, new KeyValuePair<string, object?>("rung.tier", attempt.Tier));
        if (cost.Enabled && attempt.CostNanoUsd is > 0 and { } nano) cost.Add(nano / 1e9, new("gen_ai.request.model", model), new("rung.tier", attempt.Tier));
        if (unknownPrices.Enabled && attempt.CostNanoUsd is null) unknownPrices.Add(1, new KeyValuePair<string, object?>("gen_ai.request.model", model));
        if (attempt.Outcome == AttemptOutcome.Doomed) MeasureDoomed(attempt, model);
        if (!duration.Enabled && !tokens.Enabled) return;

        var tags = new TagList
        {
            { "gen_ai.operation.name", "chat" }, { "gen_ai.provider.name", provider }, { "gen_ai.request.model", model },
        };
        if (attempt.Usage.Source != UsageSource.None)
        {
            var input = tags;
            input.Add("gen_ai.token.type", "input");
            tokens.Record(attempt.Usage.Input, input);
            var output = tags;
            output.Add("gen_ai.token.type", "output");
            tokens.Record(attempt.Usage.Output, output);
        }
        if (attempt.Outcome is not (AttemptOutcome.Completed or AttemptOutcome.CheckFailed or AttemptOutcome.Doomed)) tags.Add("error.type", OutcomeWord(attempt.Outcome));
        duration.Record(attempt.LatencyMicros / 1e6, tags);
        if (attempt.FirstByteMicros is { } first) firstChunk.Record(first / 1e6, tags);
    }

    private void MeasureDoomed(AttemptRecord attempt, string model)
    {
        var tag = new KeyValuePair<string, object?>("gen_ai.request.model", model);
        doomed.Add(1, tag);
        if (attempt.SavedTokens is { } saved) savedTokens.Add(saved, tag);
        if (attempt.SavedMicros is { } micros) savedTime.Add(micros / 1e6, tag);
    }

    private static string KindWord(AttemptKind kind) => kind switch
    {
        AttemptKind.First => "first", AttemptKind.Retry => "retry", AttemptKind.Failover => "failover", AttemptKind.Sample => "sample",
        AttemptKind.Verifier => "verifier", AttemptKind.Shadow => "shadow", _ => "escalation",
    };

    private static string OutcomeWord(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Unreachable => "unreachable", AttemptOutcome.TimedOut => "timeout", AttemptOutcome.RateLimited => "rate_limited",
        AttemptOutcome.UpstreamError => "upstream_error", AttemptOutcome.RequestRejected => "request_rejected", AttemptOutcome.Malformed => "malformed",
        AttemptOutcome.CutShort => "cut_short", AttemptOutcome.ClientGone => "client_gone", AttemptOutcome.CheckFailed => "check_failed",
        AttemptOutcome.Doomed => "doomed", _ => "completed",
    };

    private static string InquiryWord(Inquiry inquiry) => inquiry switch
    {
        SamplesInquiry => "samples", CommandInquiry => "command", _ => "verifier",
    };

    private static string StatusWord(CallStatus status) => status switch
    {
        CallStatus.Answered => "answered", CallStatus.AnsweredUnverified => "answered_unverified", CallStatus.Failed => "failed",
        CallStatus.Rejected => "rejected", CallStatus.ClientGone => "client_gone", _ => "cut_short",
    };

    private static string TagSourceWord(TagSource source) => source switch
    {
        TagSource.Header => "header", TagSource.Metadata => "body_metadata", TagSource.Model => "model", TagSource.Convention => "convention",
        TagSource.Baggage => "baggage", _ => "default",
    };

    private static string UsageSourceWord(UsageSource source) => source switch
    {
        UsageSource.Provider => "provider", UsageSource.Estimated => "estimated", _ => "estimated_partial",
    };
}
