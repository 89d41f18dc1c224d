using System.Globalization;

namespace Rung.Control.Imports.Otlp.Evaluations;

/// <summary>The attributes of a span, an event, a log record or a resource that evaluations need; all others are not kept.</summary>
internal sealed class EvaluationAttributes
{
    public const string CallId = "rung.call.id";
    public const string Name = "gen_ai.evaluation.name";
    public const string Value = "gen_ai.evaluation.score.value";
    public const string Label = "gen_ai.evaluation.score.label";
    public const string Error = "error.type";
    public const string Service = "service.name";
    public const string EventName = "event.name";

    /// <summary>Names of the session, the first that is present wins.</summary>
    public static readonly string[] Sessions = ["gen_ai.conversation.id", "session.id"];

    /// <summary>Attributes that only a span of a model call has.</summary>
    public static readonly string[] Models = ["gen_ai.request.model", "gen_ai.response.model", "llm.model_name", "ai.model.id"];

    // Longer values are of no use as a name, an id or a label.
    private const int MostChars = 256;

    private static readonly HashSet<string> s_wanted = [CallId, Name, Value, Label, Error, Service, EventName, .. Sessions, .. Models];

    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);

    /// <summary>Whether an attribute is kept.</summary>
    public static bool Wants(string? key) => key is not null && s_wanted.Contains(key);

    public void Clear() => texts.Clear();

    public void Set(string key, string? value)
    {
        if (value is { Length: > 0 and <= MostChars } && Wants(key)) texts[key] = value;
    }

    public void Set(string key, double value) => Set(key, value.ToString("R", CultureInfo.InvariantCulture));

    public string? Get(string key) => texts.GetValueOrDefault(key);

    public string? First(string[] keys)
    {
        foreach (var key in keys)
        {
            if (Get(key) is { } value) return value;
        }
        return null;
    }

    public double? Number(string key) =>
        double.TryParse(Get(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
