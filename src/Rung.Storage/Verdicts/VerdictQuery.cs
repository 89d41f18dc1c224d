using Rung.Core.Spans;

namespace Rung.Storage.Verdicts;

/// <summary>Which quality signals to read. Everything that is given must hold.</summary>
public sealed record VerdictQuery
{
    /// <summary>Signals of this tag, their own or their call's; null: of any tag or none.</summary>
    public string? Tag { get; init; }
    /// <summary>Given at this instant or later; null: from the first one. It is the signal's time, not its call's.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>Given before this instant; null: to the last one.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>About this call; null: about any call or session.</summary>
    public string? CallId { get; init; }
    /// <summary>About this session or a call of it; null: any.</summary>
    public string? Session { get; init; }
    /// <summary>Of these kinds; null: of every kind.</summary>
    public IReadOnlyCollection<VerdictKind>? Kinds { get; init; }
    /// <summary>About calls of other systems (imported ones) when true, about everything else when false; null: both.</summary>
    public bool? Imported { get; init; }
}
