using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Langfuse;

/// <summary>What a trace knows that its observations may not: labels, user, session, name.</summary>
internal sealed record LangfuseTraceNames
{
    /// <summary>Labels that the caller put on the trace.</summary>
    public required IReadOnlyList<string> Labels { get; init; }
    /// <summary>Its name.</summary>
    public string? Name { get; init; }
    /// <summary>The end user.</summary>
    public string? User { get; init; }
    /// <summary>The session.</summary>
    public string? Session { get; init; }

    /// <summary>Whether nothing is known.</summary>
    public bool IsEmpty => Labels.Count == 0 && Name is null && User is null && Session is null;

    /// <summary>Reads the record of a trace.</summary>
    public static LangfuseTraceNames Read(FieldReading fields) => new()
    {
        Labels = fields.List("tags"), Name = fields.Name("name"), User = fields.Name("userId", "user_id"), Session = fields.Name("sessionId", "session_id"),
    };

    /// <summary>Reads what newer exports and pages repeat on every observation.</summary>
    public static LangfuseTraceNames ReadOnObservation(FieldReading fields) => new()
    {
        Labels = fields.List("tags", "trace_tags"), Name = fields.Name("traceName", "trace_name"), User = fields.Name("userId", "user_id"), Session = fields.Name("sessionId", "session_id"),
    };

    /// <summary>This, and the other's where this knows nothing.</summary>
    public LangfuseTraceNames Or(LangfuseTraceNames? other) => other is null ? this : new LangfuseTraceNames
    {
        Labels = Labels.Count > 0 ? Labels : other.Labels, Name = Name ?? other.Name, User = User ?? other.User, Session = Session ?? other.Session,
    };
}
