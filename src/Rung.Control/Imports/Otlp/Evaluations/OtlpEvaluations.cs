using System.Text;
using Rung.Core.Spans;

namespace Rung.Control.Imports.Otlp.Evaluations;

/// <summary>What evaluations an export held.</summary>
/// <param name="Verdicts">Verdicts on calls and sessions, each with an id that the same event always gives.</param>
/// <param name="Unusable">Evaluations that name no call and no session, have no score on a known scale, or failed.</param>
/// <param name="Others">Log records that are no evaluation; 0 for traces.</param>
public sealed record OtlpEvaluations(IReadOnlyList<VerdictRecord> Verdicts, int Unusable, int Others)
{
    /// <summary>Why an evaluation cannot be used, and what to send.</summary>
    public const string UnusableBecause =
        "A gen_ai.evaluation.result names no call of this gateway and no session (set rung.call.id, or gen_ai.conversation.id), or has no score from 0 to 1 and no known label.";

    private static readonly byte[] s_name = Encoding.UTF8.GetBytes(EvaluationDraft.EventName);

    /// <summary>Nothing.</summary>
    public static OtlpEvaluations None { get; } = new([], 0, 0);

    /// <summary>
    /// Finds the <c>gen_ai.evaluation.result</c> events of an export that are about a call of this gateway (attribute <c>rung.call.id</c> of the event or of its
    /// span) or a session (<c>gen_ai.conversation.id</c>). An event on the span of another system's model call is left to the import of that call.
    /// </summary>
    /// <param name="body">An export request, unpacked. Without the name of the event in it nothing is decoded.</param>
    /// <param name="isJson">Whether it is JSON, rather than protocol buffers.</param>
    /// <param name="isLogs">Whether it holds log records, rather than spans.</param>
    /// <param name="now">The time of an event that tells none.</param>
    /// <exception cref="FormatException">It cannot be decoded.</exception>
    public static OtlpEvaluations Read(ReadOnlyMemory<byte> body, bool isJson, bool isLogs, DateTimeOffset now)
    {
        if (body.IsEmpty || (!isLogs && body.Span.IndexOf(s_name) < 0)) return None;
        var draft = new EvaluationDraft(now);
        if (isJson) EvaluationJson.Read(body, draft);
        else EvaluationProtobuf.Read(body, isLogs, draft);
        return new OtlpEvaluations(draft.Verdicts, draft.Unusable, draft.Others);
    }
}
