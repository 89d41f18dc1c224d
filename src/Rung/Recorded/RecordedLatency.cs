using System.Globalization;

namespace Rung.Recorded;

/// <summary>How long the recorded upstream waits before an answer begins.</summary>
internal sealed record RecordedLatency
{
    /// <summary>Longest wait, whatever a recording says.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>It does not wait.</summary>
    public static RecordedLatency None { get; } = new() { Least = TimeSpan.Zero, Most = TimeSpan.Zero };
    /// <summary>As long as the model took when it was recorded; not at all where that was not recorded.</summary>
    public static RecordedLatency Recorded { get; } = new() { IsRecorded = true };

    /// <summary>Whether the recording's own latency counts.</summary>
    public bool IsRecorded { get; private init; }
    /// <summary>Shortest wait.</summary>
    public TimeSpan Least { get; private init; }
    /// <summary>Longest wait. Between the two each pair of prompt and model has its own, always the same.</summary>
    public TimeSpan Most { get; private init; }

    /// <summary>Reads <c>none</c>, <c>recorded</c>, <c>MS</c> or <c>MIN-MAX</c> (milliseconds).</summary>
    /// <exception cref="FormatException">It is something else; the message says what was expected.</exception>
    public static RecordedLatency Parse(string text)
    {
        if (text == "none") return None;
        if (text == "recorded") return Recorded;

        var bounds = text.Split('-');
        if (bounds.Length <= 2 && TryMilliseconds(bounds[0], out var least) && TryMilliseconds(bounds[^1], out var most) && least <= most)
        {
            return new RecordedLatency { Least = least, Most = most };
        }
        throw new FormatException($"'{text}' is not none, recorded, MS or MIN-MAX in milliseconds, up to {Longest.TotalMilliseconds:0}.");
    }

    /// <summary>The wait before this answer.</summary>
    public TimeSpan Before(RecordedOutcome outcome, UInt128 prompt, long seed)
    {
        if (IsRecorded) return TimeSpan.FromSeconds(Math.Min(outcome.LatencySeconds ?? 0, Longest.TotalSeconds));
        if (Least == Most) return Least;
        return Least + ((Most - Least) * PromptKey.Chance(prompt, outcome.Model, seed, "latency"));
    }

    private static bool TryMilliseconds(string text, out TimeSpan time)
    {
        time = default;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)) return false;
        time = TimeSpan.FromMilliseconds(milliseconds);
        return time <= Longest;
    }
}
