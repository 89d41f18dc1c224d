using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rung.Core.Spans;
using Rung.Gateway.Dispatch;

namespace Rung.Gateway.Reply;

/// <summary>What a reply says about itself, in headers that never name an upstream's address or key.</summary>
internal static class RungHeaders
{
    /// <summary>Longest reason in a header, in characters.</summary>
    private const int ReasonLength = 240;

    /// <summary>Upstream headers that stay behind: hop-by-hop, the gateway's own, and whatever could set state in a client.</summary>
    private static readonly FrozenSet<string> StaysBehind = new[]
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Set-Cookie", "Set-Cookie2", "Server", "Date", "Via", "Alt-Svc", "Strict-Transport-Security", "Content-Length", "Content-Encoding",
        "Authorization", "api-key", "WWW-Authenticate", "Location", "Refresh", "Clear-Site-Data", "NEL", "Report-To",
        "X-Sendfile", "X-Accel-Redirect",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Copies what may pass of the upstream's headers: rate limits, request ids and the like.</summary>
    public static void CopyUpstream(HttpResponseMessage upstream, Upstream from, IHeaderDictionary headers)
    {
        foreach (var header in upstream.Headers.NonValidated)
        {
            if (StaysBehind.Contains(header.Key) || header.Key.StartsWith("x-rung-", StringComparison.OrdinalIgnoreCase)
                || header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)) continue;
            var value = header.Value.ToString();
            // The server refuses to send anything else, and would fail an answer that is paid for.
            if (value.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && !from.KeyIsQuotedIn(value)) headers[header.Key] = value;
        }
    }

    /// <summary>What is known when a reply starts.</summary>
    public static void WriteStart(Call call, IHeaderDictionary headers, string? model, string? tier)
    {
        var record = call.Record;
        headers["x-rung-call-id"] = record.Id;
        headers["x-rung-tag"] = record.Tag ?? "";
        headers["x-rung-route"] = record.Route;
        if (tier is not null) headers["x-rung-tier"] = tier;
        if (model is not null) headers["x-rung-model"] = model;
        headers["x-rung-policy"] = call.Policy.Label;
        if (record.Arm is { } arm) headers["x-rung-arm"] = arm;
        if (record.Reason is { } reason) headers["x-rung-reason"] = Plain(reason);
        headers["x-rung-attempts"] = Small(record.Attempts.Count);
        headers["x-rung-escalations"] = Small(Escalations(record));
    }

    /// <summary>What is known once a call has been summed up.</summary>
    public static void WriteMoney(CallRecord record, IHeaderDictionary headers)
    {
        headers["x-rung-cost-usd"] = record.UnknownPriceAttempts > 0 ? "unknown" : Usd(record.CostNanoUsd);
        if (record.BaselineNanoUsd is not { } baseline) return;
        headers["x-rung-baseline-usd"] = Usd(baseline);
        if (record.UnknownPriceAttempts == 0) headers["x-rung-saving-usd"] = Usd(baseline - record.CostNanoUsd);
    }

    /// <summary>Marks an answer that a check failed and that is served all the same.</summary>
    public static void MarkUnverified(IHeaderDictionary headers) => headers["x-rung-verified"] = "false";

    /// <summary>Nano-USD as decimal dollars, exact, without trailing zeros.</summary>
    public static string Usd(long nanoUsd)
    {
        Span<char> text = stackalloc char[32];
        var magnitude = nanoUsd < 0 ? (ulong)(-(Int128)nanoUsd) : (ulong)nanoUsd;
        var at = 0;
        if (nanoUsd < 0) text[at++] = '-';
        (magnitude / 1_000_000_000).TryFormat(text[at..], out var written, default, CultureInfo.InvariantCulture);
        at += written;
        var fraction = (uint)(magnitude % 1_000_000_000);
        if (fraction == 0) return new string(text[..at]);
        text[at++] = '.';
        fraction.TryFormat(text[at..], out written, "D9", CultureInfo.InvariantCulture);
        return new string(text[..(at + written)].TrimEnd('0'));
    }

    public static int Escalations(CallRecord record)
    {
        var climbs = 0;
        foreach (var attempt in record.Attempts) climbs += attempt.Kind == AttemptKind.Escalation ? 1 : 0;
        return climbs;
    }

    private static string Small(int number) => number switch
    {
        0 => "0", 1 => "1", 2 => "2", 3 => "3", _ => number.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A header value is printable ASCII of bounded length, whatever a policy's author wrote.</summary>
    private static string Plain(string reason)
    {
        if (reason.Length <= ReasonLength && reason.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0) return reason;
        return string.Create(Math.Min(reason.Length, ReasonLength), reason, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++) target[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
        });
    }
}
