using Rung.Core.Alerts;

namespace Rung.Storage.Alerts;

/// <summary>A silence that is to be stored.</summary>
public sealed record SilenceDraft
{
    /// <summary>The key of the alert; null: any. At least one of key, tag and kind is stated.</summary>
    public string? Key { get; init; }
    /// <summary>The tag; null: any, or none.</summary>
    public string? Tag { get; init; }
    /// <summary>The kind; null: any.</summary>
    public AlertKind? Kind { get; init; }
    /// <summary>From when, UTC.</summary>
    public required DateTimeOffset From { get; init; }
    /// <summary>Until when, UTC.</summary>
    public required DateTimeOffset Until { get; init; }
    /// <summary>Who asks for it.</summary>
    public required string Who { get; init; }
    /// <summary>Why.</summary>
    public required string Why { get; init; }
}
