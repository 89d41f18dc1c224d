using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Rung.Core.Checks;
using Rung.Core.Spans;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Recording;

namespace Rung.Gateway.Inquiries;

/// <summary>
/// Asks a served classifier. The question is an attempt of the call, with the verifier's name for a model and its fixed cost; redirects are not
/// followed, and a call under a pin is shown only to a verifier that the policy trusts with such calls.
/// </summary>
internal sealed class HttpVerifierAsker(IUpstreamClient client, DeadlineWatch deadlines, GatewayTelemetry telemetry, TimeProvider clock)
{
    /// <summary>Stands for the rung of what stands on none.</summary>
    public const string NoTier = "verifier";

    private const int ReplyBytes = 1024 * 1024;
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Asks.</summary>
    public async Task<Finding> AskAsync(Call call, HttpVerifier verifier, Answer answer)
    {
        if (call.Decision.Pin >= 0 && !verifier.TrustedWithPinned) return Findings.None($"{verifier.Name} may not see calls under a pin");
        if (call.IsBound && !call.Policy.Bounds!.Trusts(verifier)) return Findings.None($"{verifier.Name} may not see calls under a pin of the policy in force");
        if (!call.Policy.Verifiers.TryGetValue(verifier.Name, out var endpoint)) return Findings.None($"{verifier.Name} is not known");
        if (endpoint.MissingKey) return Findings.None($"{verifier.Name} has no key");
        if (Climbing.AttemptsToSpare(call) <= 0) return Findings.NoAttemptsLeft;
        if (endpoint.Health.TryStart() is not { } passage) return Findings.None($"{verifier.Name} is being left alone");

        var record = new AttemptRecord
        {
            Ordinal = call.Record.Attempts.Count, Kind = AttemptKind.Verifier, Model = verifier.Name, Provider = "http", Tier = NoTier, Propensity = 1,
            StartedAt = clock.GetUtcNow(), Outcome = AttemptOutcome.Malformed, CostNanoUsd = 0,
        };
        call.Record.Attempts.Add(record);
        var started = clock.GetTimestamp();
        var span = telemetry.StartVerifier(call.Span, verifier, record);
        double? score = null;
        try
        {
            score = await ExchangeAsync(call, endpoint, record, span, BodyTemplate.Fill(verifier.Body, call.Context.Prompt.Span, AnswerText.Of(answer).Span));
        }
        finally
        {
            record.LatencyMicros = (long)clock.GetElapsedTime(started).TotalMicroseconds;
            Note(endpoint.Health, passage, record.Outcome);
            telemetry.AttemptEnded(span, record, record.Provider, record.Model);
        }
        return score is { } found ? new Finding { Score = found } : Findings.None($"{verifier.Name}: {record.Error}");
    }

    private async Task<double?> ExchangeAsync(Call call, VerifierEndpoint endpoint, AttemptRecord record, Activity? span, ReadOnlyMemory<byte> body)
    {
        var verifier = endpoint.Verifier;
        using var deadline = deadlines.Start(call.Within(verifier.TimeLimit), call.Http.RequestAborted);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, verifier.Url)
            {
                Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = Json } }, Version = HttpVersion.Version11,
            };
            endpoint.Sign(request);
            Dispatcher.Trace(call, span, request);
            record.CostNanoUsd = verifier.NanoUsdPerCall; // From here on it may be billed, whatever comes back.
            using var response = await client.SendAsync(request, call.Limits.Connect, deadline.Token);
            record.HttpStatus = (int)response.StatusCode;
            if (response.StatusCode is < HttpStatusCode.OK or > (HttpStatusCode)299)
            {
                record.CostNanoUsd = 0;
                (record.Outcome, record.Error) = (record.HttpStatus == 429 ? AttemptOutcome.RateLimited : AttemptOutcome.UpstreamError, $"{record.HttpStatus}");
                return null;
            }
            return Score(verifier, record, await ReadAsync(response, deadline.Token));
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            (record.Outcome, record.Error) = (AttemptOutcome.TimedOut, $"no score within {verifier.TimeLimit.TotalSeconds:0.#} s");
        }
        catch (OperationCanceledException) when (call.ClientGone)
        {
            (record.Outcome, record.Error) = (AttemptOutcome.ClientGone, "the client went away");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            (record.Outcome, record.Error) = record.HttpStatus > 0 ? (AttemptOutcome.CutShort, "its reply broke off") : (AttemptOutcome.Unreachable, "unreachable");
            if (record.HttpStatus == 0) record.CostNanoUsd = 0;
        }
        return null;
    }

    private static double? Score(HttpVerifier verifier, AttemptRecord record, ReadOnlyMemory<byte>? reply)
    {
        (record.Outcome, record.Error) = (AttemptOutcome.Malformed, reply is null ? $"its reply is larger than {ReplyBytes:N0} bytes" : "its reply is not JSON");
        if (reply is not { } bytes) return null;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var score = ScorePointer.Find(document.RootElement, verifier.ScoreAt, verifier.Label, out var fault);
            (record.Outcome, record.Error) = score is null ? (AttemptOutcome.Malformed, fault) : (AttemptOutcome.Completed, null);
            return score;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <returns>Null when there is more than the limit.</returns>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[Math.Clamp(response.Content.Headers.ContentLength ?? 4096, 256, ReplyBytes) + 1];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken);
            if (read == 0) return bytes.AsMemory(0, length);
            length += read;
            if (length > ReplyBytes) return null;
            if (length == bytes.Length) Array.Resize(ref bytes, Math.Min(bytes.Length * 2, ReplyBytes + 1));
        }
    }

    private static void Note(ModelHealth health, Passage passage, AttemptOutcome outcome)
    {
        if (outcome == AttemptOutcome.Completed) health.Succeeded(passage);
        else if (outcome == AttemptOutcome.ClientGone) health.Abandoned(passage);
        else health.Failed(passage);
    }
}
