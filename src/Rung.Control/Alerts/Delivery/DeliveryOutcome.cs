using System.Globalization;

namespace Rung.Control.Alerts.Delivery;

/// <summary>How a try to send a message ended.</summary>
public enum DeliveryResult : byte
{
    /// <summary>The target took it (2xx).</summary>
    Delivered = 0,
    /// <summary>The target does not want it (4xx): another try would end the same.</summary>
    Refused = 1,
    /// <summary>The target answered with a redirect, which is never followed: the body would go where nobody meant it to.</summary>
    Redirected = 2,
    /// <summary>The target is in trouble (5xx, 408, 429).</summary>
    Failed = 3,
    /// <summary>No answer in time.</summary>
    TimedOut = 4,
    /// <summary>No connection.</summary>
    Unreachable = 5,
    /// <summary>The address or the key of the signature cannot be read, or the address is none.</summary>
    Misconfigured = 6,
    /// <summary>It was never tried: too many waited for the same target, or the process ended.</summary>
    Dropped = 7,
}

/// <summary>How a try to send a message ended, in full. Never holds the address.</summary>
/// <param name="Result">How.</param>
/// <param name="Status">The status of the answer; 0: there was none.</param>
/// <param name="Words">What happened, for people.</param>
/// <param name="Answer">The beginning of the answer's body, printable; empty when there is none.</param>
public sealed record DeliveryOutcome(DeliveryResult Result, int Status, string Words, string Answer)
{
    /// <summary>Whether another try may end better.</summary>
    public bool IsWorthAnother => Result is DeliveryResult.Failed or DeliveryResult.TimedOut or DeliveryResult.Unreachable;

    /// <summary>How long the target asked to be left alone; null: it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The word of a result, for metrics: <c>delivered</c>.</summary>
    public static string Word(DeliveryResult result) => result switch
    {
        DeliveryResult.Delivered => "delivered", DeliveryResult.Refused => "refused", DeliveryResult.Redirected => "redirected", DeliveryResult.Failed => "failed",
        DeliveryResult.TimedOut => "timed_out", DeliveryResult.Unreachable => "unreachable", DeliveryResult.Misconfigured => "misconfigured", _ => "dropped",
    };

    internal static DeliveryOutcome Of(int status, string answer) => status switch
    {
        >= 200 and < 300 => new(DeliveryResult.Delivered, status, Said($"it answered {status}"), answer),
        >= 300 and < 400 => new(DeliveryResult.Redirected, status, Said($"it answered {status}, a redirect, which is not followed"), answer),
        408 or 429 or >= 500 => new(DeliveryResult.Failed, status, Said($"it answered {status}"), answer),
        _ => new(DeliveryResult.Refused, status, Said($"it answered {status}: another try would end the same"), answer),
    };

    internal static DeliveryOutcome None(DeliveryResult result, string words) => new(result, 0, words, "");

    private static string Said(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}
