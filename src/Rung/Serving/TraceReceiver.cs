using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Rung.Control.Imports.Otlp;
using Rung.Control.Imports.Otlp.Evaluations;
using Rung.Core.Spans;
using Rung.Gateway.Intake;
using Rung.Storage;

namespace Rung.Serving;

/// <summary>
/// <c>POST /v1/traces</c>: receives traces by OTLP over HTTP, so that a running system can be audited without being routed, and <c>POST /v1/logs</c> for the
/// evaluations among log records. Calls go first: nothing here runs on a socket's thread for longer than a copy, and nothing of a call waits for the ledger.
/// </summary>
/// <param name="sweeper">Takes the spans.</param>
/// <param name="append">Appends the verdicts of evaluations to the ledger.</param>
/// <param name="keys">The gateway's own keys.</param>
/// <param name="options">Limits.</param>
/// <param name="clock">The clock.</param>
internal sealed class TraceReceiver(
    TraceSweeper sweeper, Func<IReadOnlyList<VerdictRecord>, CancellationToken, Task<int>> append, ClientKeys keys, TraceReceiverOptions options, TimeProvider clock) : IDisposable
{
    public const string Path = "/v1/traces";
    public const string LogsPath = "/v1/logs";

    private readonly SemaphoreSlim bodies = new(options.Bodies, options.Bodies);

    public void Map(IEndpointRouteBuilder app)
    {
        app.Map(Path, http => HandleAsync(http, isLogs: false));
        app.Map(LogsPath, http => HandleAsync(http, isLogs: true));
    }

    public void Dispose() => bodies.Dispose();

    private async Task HandleAsync(HttpContext http, bool isLogs)
    {
        // 1. Who and what.
        var request = http.Request;
        var encoding = Encoding(request);
        var isJson = encoding != BodyEncoding.Protobuf;
        if (!keys.AreRequired && !LoopbackHost.IsNamed(request.Host.Host))
        {
            await TraceReply.RefusedAsync(http, isJson, 403, "Without keys the gateway takes traces from this machine only. Send them to 127.0.0.1 or localhost, or set RUNG_KEYS and send one as 'Authorization: Bearer …'.");
            return;
        }
        if (!keys.Welcome(request.Headers.Authorization))
        {
            await TraceReply.RefusedAsync(http, isJson, 401, "This gateway needs one of its own keys as 'Authorization: Bearer …': set OTEL_EXPORTER_OTLP_HEADERS.");
            return;
        }
        if (!HttpMethods.IsPost(request.Method))
        {
            http.Response.Headers.Allow = "POST";
            await TraceReply.RefusedAsync(http, isJson, 405, "Use POST.");
            return;
        }
        if (encoding is BodyEncoding.Other || Packing(request) is not { } isPacked)
        {
            await TraceReply.RefusedAsync(http, isJson, 415, $"Send {TraceReply.ProtobufType} or {TraceReply.JsonType}, plain or as gzip.");
            return;
        }

        // 2. Whether there is room, before anything is read.
        if (sweeper.IsFailing)
        {
            await RefuseForNowAsync(http, isJson, 503, "The ledger cannot be written now; the gateway's log says why.");
            return;
        }
        if (sweeper.IsFull || !bodies.Wait(0))
        {
            await RefuseForNowAsync(http, isJson, 429, "Too many traces come at once.");
            return;
        }
        try
        {
            await TakeAsync(http, isJson, isPacked, isLogs);
        }
        finally
        {
            bodies.Release();
        }
    }

    private async Task TakeAsync(HttpContext http, bool isJson, bool isPacked, bool isLogs)
    {
        TraceBody? body;
        using (var late = new CancellationTokenSource(options.BodyTime, clock))
        using (var ending = CancellationTokenSource.CreateLinkedTokenSource(late.Token, http.RequestAborted))
        {
            try
            {
                body = await TraceBody.ReadAsync(http.Request.BodyReader, http.Request.ContentLength, options.BodyBytes, ending.Token);
            }
            catch (OperationCanceledException) when (late.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
            {
                await TraceReply.RefusedAsync(http, isJson, 408, $"The body did not come within {options.BodyTime.TotalSeconds:0} s.");
                return;
            }
            catch (Exception) when (http.RequestAborted.IsCancellationRequested)
            {
                return; // The sender has gone.
            }
            catch (BadHttpRequestException e)
            {
                await TraceReply.RefusedAsync(http, isJson, e.StatusCode, "The body cannot be read.");
                return;
            }
        }
        if (body is null)
        {
            await TooLargeAsync(http, isJson);
            return;
        }

        using (body)
        {
            try
            {
                // Unpacking and decoding take their time: never on the thread of a socket, which serves calls.
                var result = await Task.Run(() => TakeAsync(body, isJson, isPacked, isLogs, http.RequestAborted));
                if (result is null) await TooLargeAsync(http, isJson);
                else if (result.IsFull) await RefuseForNowAsync(http, isJson, 429, "Too many traces wait to be written.");
                else await TraceReply.TakenAsync(http, isJson, result.Rejected, result.Message, isLogs);
            }
            catch (LedgerException)
            {
                await RefuseForNowAsync(http, isJson, 503, "The ledger cannot be written now; the gateway's log says why."); // The sweeper logs it: it writes there too.
            }
            catch (Exception e) when (e is FormatException or InvalidDataException)
            {
                await TraceReply.RefusedAsync(http, isJson, 400, e is FormatException ? e.Message : "The body is no gzip, or broken.");
            }
        }
    }

    private async Task<OtlpIntakeResult?> TakeAsync(TraceBody body, bool isJson, bool isPacked, bool isLogs, CancellationToken cancellationToken)
    {
        using var unpacked = isPacked ? body.Unpack(options.BodyBytes) : null;
        if (isPacked && unpacked is null) return null;
        var bytes = (unpacked ?? body).Bytes;
        if (!isLogs) bytes = OwnSpans.Remove(bytes, isJson);

        var result = isLogs ? new OtlpIntakeResult(0, 0, null) : sweeper.Take(bytes, isJson);
        if (result.IsFull) return result;
        // The same spans again change nothing, and neither do the same evaluations: when one of the two fails, all is sent again.
        var evaluations = OtlpEvaluations.Read(bytes, isJson, isLogs, clock.GetUtcNow());
        if (evaluations.Verdicts.Count > 0) await append(evaluations.Verdicts, cancellationToken);
        // A span with an unusable evaluation was taken all the same; a log record is nothing but its evaluation.
        return isLogs && evaluations.Unusable > 0 ? result with { Rejected = evaluations.Unusable, Message = OtlpEvaluations.UnusableBecause } : result;
    }

    private Task RefuseForNowAsync(HttpContext http, bool isJson, int status, string message)
    {
        sweeper.CountRefused();
        return TraceReply.RefusedAsync(http, isJson, status, message, sweeper.RetryAfter);
    }

    private Task TooLargeAsync(HttpContext http, bool isJson)
    {
        http.Response.Headers.Connection = "close"; // What still comes is not read.
        return TraceReply.RefusedAsync(http, isJson, 413, $"The body is larger than {options.BodyBytes / (1024 * 1024)} MiB, packed or unpacked. Send smaller batches.");
    }

    private enum BodyEncoding { Other, Json, Protobuf }

    private static BodyEncoding Encoding(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) return BodyEncoding.Other;
        if (type.MediaType.Equals(TraceReply.JsonType, StringComparison.OrdinalIgnoreCase)) return BodyEncoding.Json;
        return type.MediaType.Equals(TraceReply.ProtobufType, StringComparison.OrdinalIgnoreCase) ? BodyEncoding.Protobuf : BodyEncoding.Other;
    }

    /// <summary>Whether the body is packed; null when it is so in a way that is not known here.</summary>
    private static bool? Packing(HttpRequest request) => request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant() switch
    {
        "" or "identity" => false,
        "gzip" => true,
        _ => null,
    };
}
