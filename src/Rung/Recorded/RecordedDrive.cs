using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rung.Recorded;

/// <summary>Sends every recorded prompt once through a gateway and grades what comes back by the recording.</summary>
/// <param name="outcomes">The prompts, and the truth about them.</param>
internal sealed class RecordedDrive(RecordedOutcomes outcomes)
{
    /// <summary>Largest answer that is read, in bytes.</summary>
    private const int MaxAnswerBytes = 64 * 1024 * 1024;
    /// <summary>Calls in a row without a record before no more are asked for: this gateway keeps none.</summary>
    private const int MaxMissingRecords = 5;

    private static readonly TimeSpan s_startRetryDelay = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_askTimeout = TimeSpan.FromSeconds(5);
    // A record is written after its answer, in batches: the waits between tries are longer than a batch takes.
    private static readonly TimeSpan[] s_recordRetryDelays = [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(1500)];

    /// <summary>Connection attempts before the first call; each waits 0.3 s for a gateway that is still starting.</summary>
    public const int StartAttempts = 5;

    /// <summary>1. Wait for the gateway. 2. Make the calls. 3. Ask for their records. 4. Add up.</summary>
    /// <param name="options">What to send, and where.</param>
    /// <param name="http">The client. A <see cref="HttpMessageInvoker"/> that is no <see cref="HttpClient"/> reads streams as they come.</param>
    /// <param name="clock">Measures, and waits between tries.</param>
    /// <param name="progress">Told after every call, from any thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends the drive early: the report is then about the calls that had ended.</param>
    /// <exception cref="GatewayUnreachableException">Nobody listens at the gateway's address.</exception>
    public async Task<DriveReport> RunAsync(
        DriveOptions options, HttpMessageInvoker http, TimeProvider clock, IProgress<DriveProgress>? progress, CancellationToken cancellationToken) =>
        (await RunCallsAsync(options, http, clock, progress, cancellationToken)).Report;

    /// <summary>The same, with every call that ended, in the order of the recording.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task<(DriveReport Report, IReadOnlyList<DriveCall> Calls)> RunCallsAsync(
        DriveOptions options, HttpMessageInvoker http, TimeProvider clock, IProgress<DriveProgress>? progress, CancellationToken cancellationToken)
    {
        var rows = outcomes.Rows.Take(options.Limit ?? int.MaxValue).ToArray();
        var calls = new DriveCall?[rows.Length];
        var began = clock.GetTimestamp();
        var wall = TimeSpan.Zero;
        try
        {
            await WaitForGatewayAsync(options, http, clock, cancellationToken);

            began = clock.GetTimestamp();
            var tally = new Tally(rows.Length, progress);
            await ForEachAsync(rows.Length, options.Concurrency, async i =>
            {
                var call = new DriveCall(rows[i]);
                await CallAsync(call, options, http, clock, cancellationToken);
                calls[i] = call;
                tally.Add(call);
            }, cancellationToken);
            wall = clock.GetElapsedTime(began);

            if (options.Stream || options.ReadAttempts) await ReadRecordsAsync(calls, options, http, clock, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop: what has been found so far is still true.
        }
        if (wall == TimeSpan.Zero) wall = clock.GetElapsedTime(began);
        DriveCall[] ended = [.. calls.OfType<DriveCall>()];
        return (DriveSummary.Of(options, ended, rows.Length, wall, cancellationToken.IsCancellationRequested), ended);
    }

    private static Task ForEachAsync(int count, int concurrency, Func<int, Task> act, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken },
        async (i, _) => await act(i));

    private static async Task WaitForGatewayAsync(DriveOptions options, HttpMessageInvoker http, TimeProvider clock, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var limit = new CancellationTokenSource(s_askTimeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"{options.Root}/healthz");
                using var response = await http.SendAsync(request, either.Token);
                return; // Whatever it says, somebody is there.
            }
            catch (HttpRequestException refused) when (refused.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
            {
                if (attempt == StartAttempts) throw new GatewayUnreachableException(options.Root, refused);
            }
            catch (Exception answered) when (!cancellationToken.IsCancellationRequested && answered is HttpRequestException or OperationCanceledException)
            {
                return; // Connected, and then no good answer: the calls will tell.
            }
            await Task.Delay(s_startRetryDelay, clock, cancellationToken);
        }
    }

    private static async Task CallAsync(DriveCall call, DriveOptions options, HttpMessageInvoker http, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var began = clock.GetTimestamp();
        try
        {
            using var request = RequestOf(call.Row, options);
            using var response = await http.SendAsync(request, either.Token);
            call.Take(response.Headers);

            var answer = await AnswerAsync(response, options.Stream, either.Token);
            call.Latency = clock.GetElapsedTime(began);
            call.Model ??= answer.Model;
            call.Grade = RecordedGrade.Of(call.Row, answer);
        }
        catch (ChatAnswerException error)
        {
            call.Error = error.Code;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            call.Error = "timeout";
        }
        catch (Exception error) when (error is IOException or HttpRequestException { InnerException: IOException, HttpRequestError: HttpRequestError.Unknown })
        {
            call.Error = "response_ended";
        }
        catch (HttpRequestException error)
        {
            call.Error = JsonNamingPolicy.SnakeCaseLower.ConvertName(error.HttpRequestError.ToString());
        }
    }

    /// <summary>The body of a row's request.</summary>
    public static byte[] BodyOf(RecordedRow row, DriveOptions options)
    {
        var tag = options.TagOf(row);
        var body = new JsonObject
        {
            ["model"] = options.Model ?? $"rung/{tag}",
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = row.Prompt }),
        };
        if (row.Tools is { } tools && RecordedTools.Read(tools) is { } converted) body["tools"] = converted;
        if (options.Stream)
        {
            body["stream"] = true;
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }

    private static HttpRequestMessage RequestOf(RecordedRow row, DriveOptions options)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{options.Root}/v1/chat/completions")
        {
            Content = new ByteArrayContent(BodyOf(row, options)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        if (options.TagOf(row) is { } tag) request.Headers.Add("x-rung-tag", tag);
        Authorize(request, options);
        return request;
    }

    private static async Task<ChatAnswer> AnswerAsync(HttpResponseMessage response, bool stream, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode && stream && response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            await using var events = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await ChatAnswer.ReadStreamAsync(events, cancellationToken);
        }
        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode) throw new ChatAnswerException(ChatAnswer.ErrorCode(body) ?? $"http_{(int)response.StatusCode}", "an error status");
        return stream ? throw new ChatAnswerException("malformed", "not the stream that was asked for") : ChatAnswer.Read(body);
    }

    private static async Task ReadRecordsAsync(
        DriveCall?[] calls, DriveOptions options, HttpMessageInvoker http, TimeProvider clock, CancellationToken cancellationToken)
    {
        var told = calls.OfType<DriveCall>().Where(call => call.Id is not null).ToArray();
        var missing = 0;
        await ForEachAsync(told.Length, options.Concurrency, async i =>
        {
            if (Volatile.Read(ref missing) >= MaxMissingRecords) return;
            if (await ReadRecordAsync(told[i], options, http, clock, cancellationToken)) Volatile.Write(ref missing, 0);
            else Interlocked.Increment(ref missing);
        }, cancellationToken);
    }

    private static async Task<bool> ReadRecordAsync(
        DriveCall call, DriveOptions options, HttpMessageInvoker http, TimeProvider clock, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var limit = new CancellationTokenSource(s_askTimeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"{options.Root}/rung/calls/{Uri.EscapeDataString(call.Id!)}");
                Authorize(request, options);
                using var response = await http.SendAsync(request, either.Token);
                if (response.IsSuccessStatusCode)
                {
                    using var record = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(either.Token), cancellationToken: either.Token);
                    call.Take(record.RootElement);
                    return true;
                }
                if (response.StatusCode != HttpStatusCode.NotFound || attempt == s_recordRetryDelays.Length) return false;
            }
            catch (Exception unread) when (!cancellationToken.IsCancellationRequested
                && unread is HttpRequestException or IOException or JsonException or OperationCanceledException)
            {
                return false; // The answer counts without its record; the report says which figures are missing.
            }
            await Task.Delay(s_recordRetryDelays[attempt], clock, cancellationToken);
        }
    }

    private static void Authorize(HttpRequestMessage request, DriveOptions options)
    {
        if (options.Key is { } key) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Counts ended calls for the progress; workers of several threads add to it.</summary>
    private sealed class Tally(int total, IProgress<DriveProgress>? progress)
    {
        private readonly Lock _lock = new();
        private int _done;
        private int _errors;
        private double _correct;

        public void Add(DriveCall call)
        {
            lock (_lock)
            {
                _done++;
                if (call.Error is not null) _errors++;
                _correct += call.Grade?.Score ?? 0;
                progress?.Report(new DriveProgress(_done, total, _errors, _correct));
            }
        }
    }
}

/// <summary>Nobody listens at the gateway's address.</summary>
/// <param name="root">The address.</param>
/// <param name="cause">How the last try ended.</param>
internal sealed class GatewayUnreachableException(string root, Exception cause) : Exception($"No gateway answers at {root}: {cause.Message}", cause);
