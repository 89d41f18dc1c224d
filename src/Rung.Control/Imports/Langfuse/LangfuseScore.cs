using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Langfuse;

/// <summary>A score of Langfuse as a judgement, with what it judges.</summary>
internal static class LangfuseScore
{
    /// <summary>The key under which scores of a whole trace are kept, apart from those of observations.</summary>
    public static string OfTrace(string traceId) => "trace:" + traceId;

    /// <summary>Reads a score.</summary>
    /// <returns>Null when it has no place on a scale from 0 to 1: a category, or a number beyond it whose scale nobody states.</returns>
    /// <exception cref="LogRecordException">A field is missing or of a wrong kind.</exception>
    public static (string Target, ImportedVerdict Verdict)? Read(FieldReading fields)
    {
        var name = fields.RequiredName("name");
        var observation = fields.Name("observationId", "observation_id");
        var target = observation ?? OfTrace(fields.RequiredName("traceId", "trace_id"));
        if (fields.NameIfText("dataType", "data_type") == "CATEGORICAL") return null;
        if (fields.Number("value") is not (>= 0 and <= 1 and var value)) return null;
        return (target, new ImportedVerdict(name, (double)value, IsByPerson(fields.NameIfText("source"), name)));
    }

    // ANNOTATION is a person in Langfuse's own pages; what comes by the API under such a name is a user's thumb.
    private static bool IsByPerson(string? source, string name) => source == "ANNOTATION"
        || (source is null or "API" && (Has(name, "user") || Has(name, "feedback") || Has(name, "thumb") || Has(name, "human")));

    private static bool Has(string name, string part) => name.Contains(part, StringComparison.OrdinalIgnoreCase);
}
