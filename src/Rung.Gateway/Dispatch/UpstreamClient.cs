using System.Net;

namespace Rung.Gateway.Dispatch;

/// <summary>Sends one request to an upstream; returns when its headers have come.</summary>
internal interface IUpstreamClient
{
    /// <summary>Sends.</summary>
    Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TimeSpan connectTimeout, CancellationToken cancellationToken);
}

/// <summary>
/// The platform's HTTP client with everything off that a gateway must not do: cookies, redirects, proxies, decompression, headers of its
/// own. A new handler is made when the policy changes the connect timeout; the old one ends with its last call.
/// </summary>
internal sealed class UpstreamClient : IUpstreamClient, IDisposable
{
    private readonly Lock changing = new();
    private volatile Sender sender = new(TimeSpan.FromSeconds(5));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TimeSpan connectTimeout, CancellationToken cancellationToken)
    {
        var current = sender;
        if (current.ConnectTimeout != connectTimeout) current = Change(connectTimeout);
        return current.Invoker.SendAsync(request, cancellationToken);
    }

    public void Dispose() => sender.Invoker.Dispose();

    private Sender Change(TimeSpan connectTimeout)
    {
        lock (changing)
        {
            // Calls under the old policy may still hold the old handler: it is left to the collector, not disposed under them.
            if (sender.ConnectTimeout != connectTimeout) sender = new(connectTimeout);
            return sender;
        }
    }

    private sealed class Sender(TimeSpan connectTimeout)
    {
        public TimeSpan ConnectTimeout { get; } = connectTimeout;

        public HttpMessageInvoker Invoker { get; } = new(new SocketsHttpHandler
        {
            UseCookies = false,
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = connectTimeout,
            MaxConnectionsPerServer = 4096,
            MaxResponseHeadersLength = 64,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // Follows DNS changes.
        });
    }
}
