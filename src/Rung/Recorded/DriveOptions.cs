using System.Text;

namespace Rung.Recorded;

/// <summary>What a drive sends, and where.</summary>
internal sealed record DriveOptions
{
    private const int MaxTagLength = 64;

    /// <summary>The gateway, with or without <c>/v1</c> at its end.</summary>
    public required Uri Gateway { get; init; }
    /// <summary>The tag of every call; with <see cref="TagFromSource"/>, of those whose row names no source.</summary>
    public string? Tag { get; init; }
    /// <summary>Whether a row's source is its call's tag.</summary>
    public bool TagFromSource { get; init; }
    /// <summary>The model to ask; null: <c>rung/</c> and the tag.</summary>
    public string? Model { get; init; }
    /// <summary>Calls at once, 1 to 1,024.</summary>
    public int Concurrency
    {
        get;
        init => field = value is >= 1 and <= 1024 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 1,024 calls go at once.");
    } = 8;
    /// <summary>Prompts to send, the first ones; null: all.</summary>
    public int? Limit
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least one prompt is sent.");
    }
    /// <summary>Whether answers are streamed.</summary>
    public bool Stream { get; init; }
    /// <summary>Whether each call's attempts are asked for afterwards. Streams always ask: their headers come before the outcome is known.</summary>
    public bool ReadAttempts { get; init; }
    /// <summary>Key for the gateway; null for none.</summary>
    public string? Key { get; init; }
    /// <summary>Longest time of one call.</summary>
    public TimeSpan Timeout
    {
        get;
        init => field = value > TimeSpan.Zero && value <= TimeSpan.FromHours(1)
            ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A call has more than no time and at most an hour.");
    } = TimeSpan.FromMinutes(2);

    /// <summary>The gateway without <c>/v1</c> and without a slash at its end.</summary>
    public string Root
    {
        get
        {
            var root = Gateway.GetLeftPart(UriPartial.Path).TrimEnd('/');
            return root.EndsWith("/v1", StringComparison.Ordinal) ? root[..^3] : root;
        }
    }

    /// <summary>The tag of a row's call; null for none.</summary>
    public string? TagOf(RecordedRow row) => TagFromSource && row.Source.Length > 0 ? NormaliseTag(row.Source) : Tag;

    /// <summary>Text as a tag: lower case, and a dash for each run of characters that tags do not have (<c>[a-z0-9._-]{1,64}</c>).</summary>
    public static string NormaliseTag(string text)
    {
        var tag = new StringBuilder(text.Length);
        foreach (var c in text.ToLowerInvariant())
        {
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-') tag.Append(c);
            else if (tag.Length > 0 && tag[^1] != '-') tag.Append('-');
        }
        var normalised = tag.ToString().Trim('-');
        return normalised.Length > MaxTagLength ? normalised[..MaxTagLength] : normalised;
    }
}
