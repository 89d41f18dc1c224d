using System.Net.Http.Headers;
using System.Text;
using Rung.Core.Policies;

namespace Rung.Control.Alerts.Delivery;

/// <summary>Sends one message to one target, once. Never throws for what the target does, and never says its address.</summary>
public sealed class AlertSender : IDisposable
{
    /// <summary>Longest time for connection, answer and the beginning of its body together.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private const int MostAnswerBytes = 1024;
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(5);
    private readonly HttpMessageInvoker http;
    private readonly Func<SecretReference, string?> secrets;
    private readonly TimeProvider clock;

    /// <summary>Makes one.</summary>
    /// <param name="secrets">Gives the text of a secret; null when it is not there. Asked at every try: a secret may change while the process runs.</param>
    /// <param name="clock">The clock.</param>
    public AlertSender(Func<SecretReference, string?> secrets, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        ArgumentNullException.ThrowIfNull(clock);
        (this.secrets, this.clock) = (secrets, clock);
        http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2), ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = 4, MaxResponseHeadersLength = 16,
        });
    }

    /// <summary>Sends.</summary>
    /// <param name="target">To whom.</param>
    /// <param name="message">What.</param>
    /// <param name="cancellationToken">Gives up; then it throws.</param>
    public async Task<DeliveryOutcome> SendAsync(AlertTarget target, AlertMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(message);
        if (secrets(target.Url) is not { } text) return DeliveryOutcome.None(DeliveryResult.Misconfigured, $"its address cannot be read ({Place(target.Url)})");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            return DeliveryOutcome.None(DeliveryResult.Misconfigured, $"{Place(target.Url)} holds no http or https address");
        string? secret = null;
        if (target.Secret is { } place && (secret = secrets(place)) is null)
            return DeliveryOutcome.None(DeliveryResult.Misconfigured, $"the key of its signature cannot be read ({Place(place)}), and it is never sent unsigned");

        using var limit = new CancellationTokenSource(TimeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = Request(target, address, secret, message);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            string answer;
            try
            {
                answer = await ReadAnswerAsync(response, text, either.Token);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is OperationCanceledException or IOException)
            {
                answer = ""; // It has said how it took the message; what else it says may stop or never end.
            }
            return DeliveryOutcome.Of((int)response.StatusCode, answer) with { RetryAfter = Wait(response.Headers.RetryAfter) };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return DeliveryOutcome.None(DeliveryResult.TimedOut, $"no answer in {TimeLimit.TotalSeconds:0} s");
        }
        catch (HttpRequestException e)
        {
            // The exception's own message has the host in it.
            return DeliveryOutcome.None(DeliveryResult.Unreachable, e.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "its name cannot be resolved",
                HttpRequestError.ConnectionError => "no connection",
                HttpRequestError.SecureConnectionError => "no secure connection: its certificate is not accepted",
                _ => "the connection broke, or what came back was no HTTP",
            });
        }
        catch (IOException)
        {
            return DeliveryOutcome.None(DeliveryResult.Unreachable, "the connection broke");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request(AlertTarget target, Uri address, string? secret, AlertMessage message)
    {
        var body = AlertPayload.Write(target.Format, message);
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("rung", null));
        request.Headers.Add("x-rung-delivery", message.Id);
        if (secret is not null) request.Headers.Add(AlertSignature.Header, AlertSignature.Of(secret, clock.GetUtcNow(), body));
        return request;
    }

    private static async Task<string> ReadAnswerAsync(HttpResponseMessage response, string address, CancellationToken cancellationToken)
    {
        var bytes = new byte[MostAnswerBytes];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        var text = Encoding.UTF8.GetString(bytes, 0, length).Replace(address, "(address)", StringComparison.OrdinalIgnoreCase);
        var printable = new string([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)]).Trim();
        return printable.Length <= 200 ? printable : printable[..200];
    }

    private TimeSpan? Wait(RetryConditionHeaderValue? header)
    {
        var asked = header?.Delta ?? (header?.Date is { } date ? date - clock.GetUtcNow() : null);
        return asked is not { } wait || wait <= TimeSpan.Zero ? null : wait < s_longestWait ? wait : s_longestWait;
    }

    private static string Place(SecretReference reference) =>
        reference.Environment is { } variable ? $"the environment variable {variable}" : $"the file {reference.File}";
}
