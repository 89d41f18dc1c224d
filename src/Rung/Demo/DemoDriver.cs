using System.Net.Http.Headers;
using System.Text.Json;

namespace Rung.Demo;

/// <summary>Plays the agents: sends the calls of sessions over HTTP, as a program in any language would.</summary>
internal sealed class DemoDriver : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly Uri _endpoint, _feedback;
    private readonly int _concurrency;
    private int _started; // Sessions started; claimed by whichever worker is free.

    /// <param name="gateway">Address of the gateway.</param>
    /// <param name="concurrency">Sessions that run at the same time.</param>
    public DemoDriver(string gateway, int concurrency)
    {
        (_endpoint, _feedback) = (new Uri($"{gateway}/v1/chat/completions"), new Uri($"{gateway}/rung/feedback"));
        _concurrency = concurrency;
        _http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null });
    }

    /// <summary>Runs sessions in the order of their numbers until there is none.</summary>
    /// <param name="next">The session of a number, from 0; null: no more.</param>
    /// <param name="cancellationToken">Breaks off what is in flight.</param>
    /// <returns>Ids of the sessions that were played to their end.</returns>
    /// <exception cref="HttpRequestException">The gateway is gone.</exception>
    public async Task<IReadOnlySet<string>> RunAsync(Func<int, DemoSession?> next, CancellationToken cancellationToken)
    {
        _started = 0;
        var completed = new HashSet<string>(StringComparer.Ordinal);
        await Task.WhenAll(Enumerable.Range(0, _concurrency).Select(_ => WorkAsync(next, completed, cancellationToken)));
        return completed;
    }

    public void Dispose() => _http.Dispose();

    private async Task WorkAsync(Func<int, DemoSession?> next, HashSet<string> completed, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            while (!cancellationToken.IsCancellationRequested && next(Interlocked.Increment(ref _started) - 1) is { } session)
            {
                foreach (var stage in session.Steps.GroupBy(step => step.Stage))
                {
                    await Task.WhenAll(stage.Select(step => SendAsync(session.Id, step, cancellationToken)));
                }
                lock (completed) completed.Add(session.Id);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The demo was stopped: the session is not among the completed.
        }
    }

    /// <summary>One call, read to its end. An error status is the gateway's word; the ledger has it, and the agent goes on.</summary>
    private async Task SendAsync(string session, DemoStep step, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new ByteArrayContent(Body(step)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("x-rung-tag", step.Job.Tag);
        request.Headers.Add("x-rung-role", step.Job.Role);
        request.Headers.Add("x-rung-session", session);
        using var response = await _http.SendAsync(request, cancellationToken);
        await response.Content.CopyToAsync(Stream.Null, cancellationToken);
        if (step.Job.Replaced > 0 && response.IsSuccessStatusCode && response.Headers.TryGetValues("x-rung-call-id", out var ids)) await ReadAsync(ids.First(), session, step, cancellationToken);
    }

    /// <summary>The person who reads the answer: sends it as it is, or writes much of it anew and says how much.</summary>
    private async Task ReadAsync(string call, string session, DemoStep step, CancellationToken cancellationToken)
    {
        var chance = new DemoChance(0, $"read-{session}-{step.Prompt}");
        if (!chance.Happens(step.Job.Replaced)) return;
        var said = new { call_id = call, @override = new { distance = Math.Round(0.2 + (0.6 * chance.Share()), 2) }, by = "simulated-person" };
        using var request = new HttpRequestMessage(HttpMethod.Post, _feedback) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(said)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.SendAsync(request, cancellationToken);
        await response.Content.CopyToAsync(Stream.Null, cancellationToken);
    }

    private static byte[] Body(DemoStep step) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        model = "the-model-this-agent-was-written-for", // The policy decides; the code of an agent need not change.
        messages = new[] { new { role = "system", content = step.Job.Instruction }, new { role = "user", content = step.Prompt } },
        max_tokens = step.Job.MaxTokens,
        stream = step.Job.Streams,
    });
}
