using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rung.Control.Feedback;
using Rung.Control.Measurement;
using Rung.Core.Spans;

namespace Rung.Control.Imports.Otlp.Evaluations;

/// <summary>What a decoder fills, and the verdicts that come of it. The same for JSON and for protocol buffers.</summary>
internal sealed class EvaluationDraft(DateTimeOffset now)
{
    /// <summary>Name of the event, on a span or as a log record.</summary>
    public const string EventName = "gen_ai.evaluation.result";

    private const int MostVerdicts = 10_000;
    private const int MostName = 64;
    private const long NanosPerTick = 100;

    public EvaluationAttributes Resource { get; } = new();
    public EvaluationAttributes Span { get; } = new();
    public EvaluationAttributes Event { get; } = new();

    /// <summary>Id of the trace and of the span, as they stand in the export: only ever compared.</summary>
    public string Trace { get; set; } = "";
    public string SpanId { get; set; } = "";
    /// <summary>Nanoseconds since 1970; 0 when not told.</summary>
    public ulong Nanos { get; set; }

    public List<VerdictRecord> Verdicts { get; } = [];

    /// <summary>Evaluations that cannot be used: they name no call and no session, have no score on a known scale, or failed.</summary>
    public int Unusable { get; private set; }

    /// <summary>Log records that are no evaluation.</summary>
    public int Others { get; private set; }

    /// <summary>An event of the span is complete.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="ordinal">Its place among the events of the span.</param>
    public void EndEvent(string? name, int ordinal)
    {
        if (name != EventName) return;
        // On the span of a model call that this gateway did not serve, it is a judgement of that imported call.
        if (Find(EvaluationAttributes.CallId) is null && Span.First(EvaluationAttributes.Models) is not null) return;
        Add(ordinal);
    }

    /// <summary>A log record is complete, its attributes in <see cref="Event"/>.</summary>
    public void EndLog(string? eventName)
    {
        if ((eventName ?? Event.Get(EvaluationAttributes.EventName)) == EventName) Add(ordinal: 0);
        else Others++;
    }

    private string? Find(string key) => Event.Get(key) ?? Span.Get(key);

    private void Add(int ordinal)
    {
        var call = Find(EvaluationAttributes.CallId);
        if (call is not null && !FeedbackReader.IsCallId(call)) call = null;
        var session = Event.First(EvaluationAttributes.Sessions) ?? Span.First(EvaluationAttributes.Sessions);
        if (session is { Length: > FeedbackLimits.Session }) session = session[..FeedbackLimits.Session];
        var score = EvaluationScore.Of(Event.Number(EvaluationAttributes.Value), Encoding.UTF8.GetBytes(Event.Get(EvaluationAttributes.Label) ?? ""));
        if ((call is null && session is null) || score is not { } known || Event.Get(EvaluationAttributes.Error) is not null || Verdicts.Count >= MostVerdicts)
        {
            Unusable++;
            return;
        }
        var name = Cut(Event.Get(EvaluationAttributes.Name));
        Verdicts.Add(new VerdictRecord
        {
            Id = Id(call, session, name, ordinal), CallId = call, Session = session, Kind = VerdictKind.Evaluation, Name = name, Score = known,
            Weight = QualityWeights.Of(VerdictKind.Evaluation), By = By(), At = At(),
        });
    }

    // A collector sends again what it got no answer for: the same event must have the same id.
    private string Id(string? call, string? session, string? name, int ordinal)
    {
        string[] parts = [call ?? "", session ?? "", name ?? "", Trace, SpanId, ordinal.ToString(CultureInfo.InvariantCulture), Nanos.ToString(CultureInfo.InvariantCulture)];
        var text = string.Concat(parts.Select(part => $"{part.Length.ToString(CultureInfo.InvariantCulture)}:{part}"));
        return "ev-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }

    private string By() => Cut(Resource.Get(EvaluationAttributes.Service)) is { } service && !service.Contains('@', StringComparison.Ordinal) ? service : "evaluation";

    private DateTimeOffset At()
    {
        if (Nanos == 0) return now;
        var at = DateTimeOffset.UnixEpoch.AddTicks((long)(Nanos / NanosPerTick)); // At most the year 2554.
        return at > now + FeedbackLimits.Ahead ? now : at;
    }

    private static string? Cut(string? text) => text is { Length: > MostName } ? text[..MostName] : text;
}
