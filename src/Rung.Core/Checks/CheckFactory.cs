using System.Collections.Immutable;

namespace Rung.Core.Checks;

/// <summary>Makes checks from what a policy says. Every method returns null and a fault sentence for input that makes no check.</summary>
public static partial class CheckFactory
{
    /// <summary>The answer parses as JSON (one value, nothing after it), nested at most 64 levels. JSON in a Markdown code fence fails.</summary>
    public static Check Json() => new JsonCheck();

    /// <summary>The answer is a JSON object that has these fields, none of them null. A field may be a path: <c>a.b.0.c</c>.</summary>
    public static Check? Required(ImmutableArray<string> fields, out string? fault)
    {
        fault = fields.IsDefaultOrEmpty ? "Required names no field; give at least one." : null;
        if (fault is not null) return null;

        var paths = ImmutableArray.CreateBuilder<FieldPath>(fields.Length);
        foreach (var field in fields)
        {
            if (FieldPath.Parse(field, out fault) is not { } path) return null;
            paths.Add(path);
        }
        return new RequiredCheck(paths.MoveToImmutable());
    }

    /// <summary>The answer (or one of its JSON fields) is one of these values. A field's numbers and booleans are compared by their JSON text.</summary>
    /// <param name="values">Allowed values, at least one.</param>
    /// <param name="field">Path of a JSON field; null: the whole answer.</param>
    /// <param name="normalised">Compare after trimming, lower-casing, dropping surrounding quotes and a final full stop, and folding white space.</param>
    /// <param name="fault">What is wrong when the result is null.</param>
    public static Check? Allowed(ImmutableArray<string> values, string? field, bool normalised, out string? fault)
    {
        fault = values.IsDefaultOrEmpty ? "Allowed lists no value; give at least one." : null;
        if (fault is not null) return null;
        return TryReadField(field, out var path, out fault) ? new AllowedCheck(values, path, normalised) : null;
    }

    /// <summary>The answer matches a regular expression (or, with <paramref name="mustMatch"/> false, does not), within a time limit.</summary>
    /// <param name="pattern">
    /// A .NET pattern with its defaults: a full stop matches no line feed, <c>^</c> and <c>$</c> stand for the ends of the whole text.
    /// Matched without backtracking where the engine can; look-around and back references bring backtracking under the time limit.
    /// </param>
    /// <param name="mustMatch">Whether a match passes (true) or fails (false).</param>
    /// <param name="limit">Limit for one match, above zero and at most one minute; running into it fails the check either way.</param>
    /// <param name="fault">What is wrong when the result is null.</param>
    public static Check? Regex(string pattern, bool mustMatch, TimeSpan limit, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        fault = limit > TimeSpan.Zero && limit <= TimeSpan.FromMinutes(1) ? null : "The time limit of a pattern is above zero and at most one minute.";
        if (fault is not null) return null;
        return BoundedRegex.Compile(pattern, limit, out fault) is { } regex ? new RegexCheck(regex, pattern, mustMatch, limit) : null;
    }

    /// <summary>The answer's length in characters (Unicode code points) lies within bounds; at least one bound is given.</summary>
    public static Check? Length(int? min, int? max, out string? fault)
    {
        fault = (min, max) switch
        {
            (null, null) => "Length has no bound; give min, max or both.",
            ( < 0, _) or (_, < 0) => "A length is never negative.",
            _ when min > max => $"Length has min {min} above max {max}: nothing could pass.",
            _ => null,
        };
        return fault is null ? new LengthCheck(min, max) : null;
    }

    /// <summary>A number lies within bounds: the whole answer when <paramref name="field"/> is null, else that JSON field.</summary>
    /// <param name="field">Path of a JSON field; null: the whole answer, trimmed.</param>
    /// <param name="min">Least value, inclusive; null: none.</param>
    /// <param name="max">Greatest value, inclusive; null: none.</param>
    /// <param name="fault">What is wrong when the result is null.</param>
    public static Check? Bounds(string? field, decimal? min, decimal? max, out string? fault)
    {
        fault = min is null && max is null ? "Bounds has no bound; give min, max or both."
            : min > max ? $"Bounds has min {min} above max {max}: nothing could pass."
            : null;
        if (fault is not null) return null;
        return TryReadField(field, out var path, out fault) ? new BoundsCheck(path, min, max) : null;
    }

    /// <summary>Every tool call names a declared tool and its arguments parse as a JSON object.</summary>
    /// <param name="required">Whether there must be at least one call.</param>
    /// <param name="bySchema">Whether arguments must follow the parameter schema that the request declared; a schema that cannot be used asks for nothing.</param>
    public static Check ToolCalls(bool required, bool bySchema = false) => new ToolCallsCheck(required, bySchema ? new ToolSchemas() : null);

    private static bool TryReadField(string? field, out FieldPath? path, out string? fault)
    {
        (path, fault) = (null, null);
        if (field is not null) path = FieldPath.Parse(field, out fault);
        return fault is null;
    }
}
