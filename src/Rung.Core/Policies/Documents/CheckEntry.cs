using System.Collections.Immutable;

namespace Rung.Core.Policies.Documents;

/// <summary>A check as written: one of the cases below.</summary>
internal abstract record CheckEntry;

/// <summary><c>json</c></summary>
internal sealed record JsonCheckEntry : CheckEntry;

/// <summary><c>schema: path</c></summary>
internal sealed record SchemaCheckEntry(string Path) : CheckEntry;

/// <summary><c>required: [fields]</c></summary>
internal sealed record RequiredCheckEntry(ImmutableArray<string> Fields) : CheckEntry;

/// <summary><c>allowed: [values]</c>, or with its options.</summary>
internal sealed record AllowedCheckEntry(ImmutableArray<string> Values, string? Field, bool? Normalised) : CheckEntry;

/// <summary><c>regex: pattern</c>, or with its options.</summary>
internal sealed record RegexCheckEntry(string Pattern, bool? Match, int? LimitMs) : CheckEntry;

/// <summary><c>length: { min, max }</c></summary>
internal sealed record LengthCheckEntry(int? Min, int? Max) : CheckEntry;

/// <summary><c>bounds: { field, min, max }</c></summary>
internal sealed record BoundsCheckEntry(string? Field, decimal? Min, decimal? Max) : CheckEntry;

/// <summary><c>tool_calls: true</c> or <c>required</c></summary>
internal sealed record ToolCallsCheckEntry(bool Required) : CheckEntry;

/// <summary>A check that could not be read: it keeps the places of the others, and its fault is in the list.</summary>
internal sealed record UnreadableCheckEntry : CheckEntry;
