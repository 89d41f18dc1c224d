using System.Globalization;
using Rung.Core.Alerts;
using Rung.Storage.Alerts;

namespace Rung.Control.Alerts;

/// <summary>Why a silence cannot be made.</summary>
public enum SilenceFault : byte
{
    /// <summary>The word is no kind of alert.</summary>
    UnknownKind,
    /// <summary>It names no key, tag or kind: it would hide what nobody thought of.</summary>
    Everything,
    /// <summary>The length is no time, or longer than a silence may be.</summary>
    NoLength,
    /// <summary>Nobody says why.</summary>
    NoReason,
}

/// <summary>What somebody asks for, as it was written.</summary>
/// <param name="Key">The key of an alert; null or blank: any.</param>
/// <param name="Tag">A tag; null or blank: any.</param>
/// <param name="Kind">The word of a kind; null or blank: any.</param>
/// <param name="Length">For how long: <c>30m</c>, <c>4h</c>, <c>2d</c>.</param>
/// <param name="Why">Why.</param>
public sealed record SilenceWish(string? Key, string? Tag, string? Kind, string? Length, string? Why);

/// <summary>What a silence must keep to, from the command line and from the page alike.</summary>
public static class SilenceRules
{
    /// <summary>Longest silence. Whoever wants silence for longer wants another policy.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(90);

    /// <summary>Reads a wish.</summary>
    /// <param name="wish">What is asked for.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="now">From when, UTC.</param>
    /// <param name="draft">What to store; null with a fault.</param>
    /// <returns>Why it cannot be made; null when it can.</returns>
    public static SilenceFault? Read(SilenceWish wish, string who, DateTimeOffset now, out SilenceDraft? draft)
    {
        ArgumentNullException.ThrowIfNull(wish);
        draft = null;
        AlertKind? kind = null;
        if (Text(wish.Kind) is { } word && (kind = AlertWords.Kind(word)) is null) return SilenceFault.UnknownKind;
        if (Text(wish.Key) is null && Text(wish.Tag) is null && kind is null) return SilenceFault.Everything;
        if (ReadLength(wish.Length ?? "") is not { } length) return SilenceFault.NoLength;
        if (Text(wish.Why) is not { } why) return SilenceFault.NoReason;
        draft = new SilenceDraft { Key = Text(wish.Key), Tag = Text(wish.Tag), Kind = kind, From = now, Until = now + length, Who = who, Why = why };
        return null;
    }

    /// <summary>A length of time: a whole number and its unit (s, m, h, d, w); null when it is none, or is longer than a silence may be.</summary>
    public static TimeSpan? ReadLength(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1) return null;
        var unit = text[^1] switch { 's' => 1L, 'm' => 60, 'h' => 3600, 'd' => 86_400, 'w' => 7 * 86_400, _ => 0 };
        var seconds = number * unit;
        return unit == 0 || seconds > (long)Longest.TotalSeconds ? null : TimeSpan.FromSeconds(seconds);
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
