using System.Collections.Frozen;

namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>
/// Which keywords there are, since when, and which are refused. A keyword that would change a verdict and is not supported is refused
/// with a sentence, never ignored: a check that checks less than its file says is worse than none.
/// </summary>
internal static class SchemaKeywords
{
    /// <summary>Keywords that are carried out, with the first draft (of those supported) that has them.</summary>
    private static readonly FrozenDictionary<string, SchemaDraft> Supported = new Dictionary<string, SchemaDraft>(StringComparer.Ordinal)
    {
        ["type"] = SchemaDraft.Draft7, ["enum"] = SchemaDraft.Draft7, ["const"] = SchemaDraft.Draft7,
        ["minimum"] = SchemaDraft.Draft7, ["maximum"] = SchemaDraft.Draft7,
        ["exclusiveMinimum"] = SchemaDraft.Draft7, ["exclusiveMaximum"] = SchemaDraft.Draft7, ["multipleOf"] = SchemaDraft.Draft7,
        ["minLength"] = SchemaDraft.Draft7, ["maxLength"] = SchemaDraft.Draft7, ["pattern"] = SchemaDraft.Draft7,
        ["items"] = SchemaDraft.Draft7, ["prefixItems"] = SchemaDraft.Draft202012, ["additionalItems"] = SchemaDraft.Draft7,
        ["minItems"] = SchemaDraft.Draft7, ["maxItems"] = SchemaDraft.Draft7, ["uniqueItems"] = SchemaDraft.Draft7,
        ["contains"] = SchemaDraft.Draft7, ["minContains"] = SchemaDraft.Draft201909, ["maxContains"] = SchemaDraft.Draft201909,
        ["properties"] = SchemaDraft.Draft7, ["patternProperties"] = SchemaDraft.Draft7, ["additionalProperties"] = SchemaDraft.Draft7,
        ["propertyNames"] = SchemaDraft.Draft7, ["required"] = SchemaDraft.Draft7,
        ["minProperties"] = SchemaDraft.Draft7, ["maxProperties"] = SchemaDraft.Draft7,
        ["dependencies"] = SchemaDraft.Draft7,
        ["dependentRequired"] = SchemaDraft.Draft201909, ["dependentSchemas"] = SchemaDraft.Draft201909,
        ["allOf"] = SchemaDraft.Draft7, ["anyOf"] = SchemaDraft.Draft7, ["oneOf"] = SchemaDraft.Draft7, ["not"] = SchemaDraft.Draft7,
        ["if"] = SchemaDraft.Draft7, ["then"] = SchemaDraft.Draft7, ["else"] = SchemaDraft.Draft7,
        ["unevaluatedItems"] = SchemaDraft.Draft201909, ["unevaluatedProperties"] = SchemaDraft.Draft201909,
        ["$recursiveRef"] = SchemaDraft.Draft201909, ["$recursiveAnchor"] = SchemaDraft.Draft201909, ["$dynamicRef"] = SchemaDraft.Draft202012,
        ["$ref"] = SchemaDraft.Draft7, ["$anchor"] = SchemaDraft.Draft201909, ["$dynamicAnchor"] = SchemaDraft.Draft202012,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Keywords that change no verdict. <c>format</c> and the content keywords are annotations in the standard too.</summary>
    private static readonly FrozenSet<string> Annotations = new[]
    {
        "$schema", "$id", "$comment", "$defs", "definitions", "$vocabulary", "title", "description", "default", "examples", "example", "deprecated",
        "readOnly", "writeOnly", "format", "contentEncoding", "contentMediaType", "contentSchema",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Refused = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["nullable"] = "belongs to OpenAPI and does nothing in JSON Schema; add \"null\" to the type",
        ["extends"] = "has not been part of JSON Schema since draft 4; write allOf",
        ["disallow"] = "has not been part of JSON Schema since draft 4; write not",
        ["divisibleBy"] = "has not been part of JSON Schema since draft 4; write multipleOf",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Why a keyword cannot stand in a document of this draft, behind the keyword as subject; null when it can.</summary>
    public static string? Refusal(string keyword, SchemaDraft dialect)
    {
        if (Refused.TryGetValue(keyword, out var sentence)) return sentence;
        if (Supported.TryGetValue(keyword, out var since))
        {
            if (since > dialect) return "is not part of the draft that $schema names, which would ignore it; name draft 2020-12";
            if (keyword == "additionalItems" && dialect == SchemaDraft.Draft202012) return "is not part of draft 2020-12; write prefixItems and items";
            if (keyword.StartsWith("$recursive", StringComparison.Ordinal) && dialect == SchemaDraft.Draft202012) return "is not part of draft 2020-12; write $dynamicRef and $dynamicAnchor";
            if (keyword == "dependencies" && dialect > SchemaDraft.Draft7) return "is not part of this draft; write dependentRequired or dependentSchemas";
            return null;
        }
        if (Annotations.Contains(keyword) || keyword.StartsWith("x-", StringComparison.Ordinal)) return null;
        return Intended(keyword) is { } intended ? $"is no keyword; did you mean '{intended}'? (An annotation of your own begins with x-.)" : null;
    }

    /// <summary>The keyword that a misspelt one was meant to be: the same but for case, or but for one letter.</summary>
    private static string? Intended(string keyword)
    {
        foreach (var known in Supported.Keys)
        {
            if (string.Equals(known, keyword, StringComparison.OrdinalIgnoreCase)) return known;
            if (known.Length >= 5 && keyword.Length >= 5 && IsOneLetterOff(known, keyword)) return known;
        }
        return null;
    }

    /// <summary>One letter too many, too few, wrong, or two neighbours exchanged.</summary>
    private static bool IsOneLetterOff(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (Math.Abs(a.Length - b.Length) > 1) return false;
        var start = a.CommonPrefixLength(b);
        var restA = a[start..];
        var restB = b[start..];
        if (restA.Length == restB.Length + 1) return restA[1..].SequenceEqual(restB);
        if (restB.Length == restA.Length + 1) return restB[1..].SequenceEqual(restA);
        if (restA.IsEmpty) return true;
        if (restA[1..].SequenceEqual(restB[1..])) return true;
        return restA.Length > 1 && restA[0] == restB[1] && restA[1] == restB[0] && restA[2..].SequenceEqual(restB[2..]);
    }
}
