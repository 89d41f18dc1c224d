using System.Net.Http.Headers;
using System.Text.Json;

namespace Rung.Demo.Control;

/// <summary>
/// A support desk that never stops: each ticket is put into a queue by one call through the gateway, and the person who opens it says by thumbs whether it
/// was the right one, and moves it when it was not. All of it over HTTP, as a program in any language would.
/// </summary>
internal sealed class TicketTraffic : IDisposable
{
    /// <summary>Tickets of one session: what is worked off in a row, and judged together.</summary>
    private const int TicketsOfASession = 10;

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null });
    private readonly Uri _calls;
    private readonly Uri _feedback;
    private readonly long _seed;
    private readonly TimeSpan _pause;
    private int _sessions;
    private int _answered;
    private int _wrong;

    /// <param name="gateway">Address of the gateway.</param>
    /// <param name="seed">Decides every ticket.</param>
    /// <param name="pause">How long a desk waits between two tickets.</param>
    public TicketTraffic(string gateway, long seed, TimeSpan pause)
    {
        (_calls, _feedback) = (new Uri($"{gateway}/v1/chat/completions"), new Uri($"{gateway}/rung/feedback"));
        (_seed, _pause) = (seed, pause);
    }

    /// <summary>Tickets answered so far, and how many of them went to the wrong queue.</summary>
    public (int Answered, int Wrong) Count => (Volatile.Read(ref _answered), Volatile.Read(ref _wrong));

    /// <summary>Works until it is cancelled.</summary>
    /// <param name="desks">Desks that work at the same time.</param>
    /// <param name="clock">For the pauses.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HttpRequestException">The gateway is gone.</exception>
    public async Task RunAsync(int desks, TimeProvider clock, CancellationToken cancellationToken) =>
        await Task.WhenAll(Enumerable.Range(0, desks).Select(_ => WorkAsync(clock, cancellationToken)));

    public void Dispose() => _http.Dispose();

    private async Task WorkAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var session = Interlocked.Increment(ref _sessions);
                var thumbs = new List<object>(TicketsOfASession);
                for (var i = 0; i < TicketsOfASession; i++)
                {
                    var ticket = Ticket((session * TicketsOfASession) + i);
                    if (await AskAsync($"desk-{session:00000}", ticket, cancellationToken) is { } answer)
                    {
                        var right = answer.Text == SupportJobs.Classify.Answer(ticket);
                        Interlocked.Increment(ref _answered);
                        if (!right) Interlocked.Increment(ref _wrong);
                        thumbs.Add(right ? Thumbs(answer.CallId) : Moved(answer.CallId, answer.Text, SupportJobs.Classify.Answer(ticket)));
                    }
                    await Task.Delay(_pause, clock, cancellationToken);
                }
                if (thumbs.Count > 0) await SendAsync(thumbs, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The story has ended.
        }
    }

    private static object Thumbs(string call) => new { call_id = call, thumbs = "up", by = "simulated-agent" };

    /// <summary>A wrong queue is judged, and the ticket moved: the person's word takes the place of the model's.</summary>
    private static object Moved(string call, string original, string replacement) =>
        new { call_id = call, thumbs = "down", @override = new { original, replacement }, by = "simulated-agent" };

    private string Ticket(int number)
    {
        var chance = new DemoChance(_seed, $"ticket-{number}");
        return $"Case: {number}/{_seed}\nText: {DemoText.Prose(ref chance, chance.Between(500, 900))}";
    }

    /// <summary>One call; null when the gateway gave no answer: the ledger has it.</summary>
    private async Task<(string CallId, string Text)?> AskAsync(string session, string ticket, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _calls) { Content = Json(new
        {
            model = "the-model-this-desk-was-written-for",
            messages = new[] { new { role = "system", content = SupportJobs.Classify.Instruction }, new { role = "user", content = ticket } },
            max_tokens = SupportJobs.Classify.MaxTokens,
        }) };
        request.Headers.Add("x-rung-tag", SupportJobs.Classify.Tag);
        request.Headers.Add("x-rung-session", session);
        using var response = await _http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode || !response.Headers.TryGetValues("x-rung-call-id", out var ids)) return null;
        using var document = JsonDocument.Parse(body);
        return (ids.First(), document.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString() ?? "");
    }

    private async Task SendAsync(List<object> thumbs, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _feedback) { Content = Json(thumbs) };
        using var response = await _http.SendAsync(request, cancellationToken);
        await response.Content.CopyToAsync(Stream.Null, cancellationToken);
    }

    private static ByteArrayContent Json<T>(T value) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
