using System.Collections.Immutable;

namespace Rung.Core.Policies.Documents;

/// <summary>A check as written: one of the cases below.</summary>
internal abstract record CheckEntry;

/// <summary><c>json</c></summary>
internal sealed record JsonCheckEntry : CheckEntry;

/// <summary><c>schema: path</c>, or with its options.</summary>
internal sealed record SchemaCheckEntry(string Path, bool? Formats) : CheckEntry;

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

/// <summary><c>tool_calls: true</c> or <c>required</c> (<paramref name="Short"/>), or with its options.</summary>
internal sealed record ToolCallsCheckEntry(string? Short, bool? Required, string? Arguments) : CheckEntry;

/// <summary><c>arithmetic: true</c>, or with its options.</summary>
internal sealed record ArithmeticCheckEntry(decimal? Tolerance, bool? Required) : CheckEntry;

/// <summary><c>cites: true</c>, or with its options.</summary>
internal sealed record CitesCheckEntry(bool? Quotes, string? Ids, int? AtLeast) : CheckEntry;

/// <summary><c>agrees: { samples, at_least, by, temperature }</c></summary>
internal sealed record AgreesCheckEntry(int? Samples, int? AtLeast, string By, decimal? Temperature) : CheckEntry;

/// <summary><c>command: name</c></summary>
internal sealed record CommandCheckEntry(string Name) : CheckEntry;

/// <summary><c>verifier: { use, at_least, unavailable }</c></summary>
internal sealed record VerifierCheckEntry(string Use, decimal AtLeast, string? Unavailable) : CheckEntry;

/// <summary><c>all: [checks]</c> or <c>any: [checks]</c></summary>
internal sealed record ListCheckEntry(string Key, ImmutableArray<CheckEntry> Members) : CheckEntry;

/// <summary><c>not: check</c></summary>
internal sealed record NotCheckEntry(CheckEntry Member) : CheckEntry;

/// <summary><c>score: { at_least, of }</c></summary>
internal sealed record ScoreCheckEntry(decimal AtLeast, ImmutableArray<WeightedEntry> Of) : CheckEntry;

/// <summary>A check of a <c>score</c> with its weight; null: 1.</summary>
internal sealed record WeightedEntry(decimal? Weight, CheckEntry Check);

/// <summary>A check that could not be read: it keeps the places of the others, and its fault is in the list.</summary>
internal sealed record UnreadableCheckEntry : CheckEntry;
