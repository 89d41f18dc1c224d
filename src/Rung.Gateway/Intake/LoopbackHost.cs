using System.Net;
using Rung.Gateway.Reply;

namespace Rung.Gateway.Intake;

/// <summary>
/// A gateway without keys serves this machine only. Its port cannot be reached from elsewhere, but a page in a browser here can be led to
/// it by a host name of the page's own that resolves to loopback: such a request carries that name.
/// </summary>
public static class LoopbackHost
{
    /// <summary>What a request by another name is told.</summary>
    internal static readonly ErrorReply Refusal = new(403, "invalid_request_error", "host_not_allowed",
        "Without keys the gateway serves requests to localhost only. Call it by 127.0.0.1 or localhost, or set RUNG_KEYS and send one as 'Authorization: Bearer …'.");

    /// <summary>Whether a Host header names this machine.</summary>
    public static bool IsNamed(string host) =>
        host is "127.0.0.1" or "localhost" or "" || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.AsSpan().Trim("[]"), out var address) && IPAddress.IsLoopback(address);
}
