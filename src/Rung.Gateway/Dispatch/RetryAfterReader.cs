using System.Globalization;
using System.Net.Http.Headers;

namespace Rung.Gateway.Dispatch;

/// <summary>Reads how long an upstream asks to wait: <c>retry-after-ms</c>, <c>x-ms-retry-after-ms</c>, then <c>Retry-After</c> in seconds or as a date.</summary>
internal static class RetryAfterReader
{
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (Milliseconds(headers, "retry-after-ms") is { } own) return own;
        if (Milliseconds(headers, "x-ms-retry-after-ms") is { } azure) return azure;
        if (!headers.NonValidated.TryGetValues("Retry-After", out var values)) return null;
        var text = values.ToString();
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && !double.IsNaN(seconds)) return Within(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 86_400)));
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var date) ? Within(date - now) : null;
    }

    private static TimeSpan? Milliseconds(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values)
        && double.TryParse(values.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && !double.IsNaN(milliseconds)
            ? Within(TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, 86_400_000)))
            : null;

    private static TimeSpan Within(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
}
