using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rung.Control.Evals.Asking;
using Rung.Control.Evals.Scoring;
using Rung.Core.Comparisons;
using Rung.Core.Policies;
using Rung.Core.Requests;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Judging;

/// <summary>
/// Asks a judge: a route like any other, so that its pins, caps and price hold. A verdict that is not of the asked form is asked for again, at most twice;
/// every question is booked.
/// </summary>
internal sealed class JudgeDesk
{
    /// <summary>Most questions for one verdict.</summary>
    public const int MostQuestions = 3;

    private const int LongestEcho = 2_000;
    private static readonly JsonWriterOptions s_plainly = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IModelAsker asker;
    private readonly bool takesSchema;

    private readonly string aboutTag;
    private readonly string? session;

    private JudgeDesk(string tag, string? model, bool takesSchema, string aboutTag, ScoringWorld world)
    {
        (Tag, Model, this.takesSchema, asker, this.aboutTag, session) = (tag, model, takesSchema, world.Asker, aboutTag, world.Session);
        Fences = new Fences(world.Seed);
    }

    /// <summary>The tag whose route is asked.</summary>
    public string Tag { get; }

    /// <summary>The model that is asked; null: the route chooses.</summary>
    public string? Model { get; }

    /// <summary>Marks around what is judged.</summary>
    public Fences Fences { get; }

    /// <summary>A judge behind a tag.</summary>
    /// <param name="tag">The judge's tag.</param>
    /// <param name="aboutTag">The tag whose answers are judged: its pins hold too.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="world">Who asks, and the seed of the fences.</param>
    /// <exception cref="EvalException">The policy has no such tag.</exception>
    public static JudgeDesk Of(string tag, string aboutTag, PolicySnapshot policy, ScoringWorld world)
    {
        if (!policy.Tags.TryGetValue(tag, out var route)) throw new EvalException($"The judge's tag {tag} is not in the policy.", "Add it under \"tags\": the judge is a route like any other.");
        var takesSchema = true;
        foreach (var index in route.Tier.Pool) takesSchema &= policy.Models[index].Can.HasFlag(ModelNeeds.JsonSchema);
        return new JudgeDesk(tag, model: null, takesSchema, aboutTag, world);
    }

    /// <summary>A model that is asked under the tag that it judges for: a verifier of a route.</summary>
    public static JudgeDesk OfModel(string model, string tag, PolicySnapshot policy, ScoringWorld world) =>
        new(tag, model, policy.Models.FirstOrDefault(known => known.Name == model)?.Can.HasFlag(ModelNeeds.JsonSchema) ?? false, tag, world);

    /// <summary>Asks until a verdict of the asked form comes, at most <see cref="MostQuestions"/> times.</summary>
    public async Task<JudgeReply> AskAsync(JudgeQuestion question, EvalRow row, CancellationToken cancellationToken)
    {
        var reply = new JudgeReply();
        string? malformed = null;
        for (var i = 0; i < MostQuestions; i++)
        {
            var answer = await asker.AskAsync(
                new ModelQuestion
                {
                    Model = Model, Tag = Tag, AboutTag = aboutTag, DataClass = row.DataClass, User = row.User, Session = session, Purpose = AskPurpose.Judge,
                    Request = Body(question, malformed),
                },
                cancellationToken);
            reply = reply with
            {
                Model = answer.Model ?? reply.Model, Version = answer.UpstreamModel ?? reply.Version, CallId = answer.CallId ?? reply.CallId, Attempts = i + 1,
                CostNanoUsd = reply.CostNanoUsd + answer.CostNanoUsd, UnknownPriceAttempts = reply.UnknownPriceAttempts + answer.UnknownPriceAttempts,
            };
            if (answer.Status != AskStatus.Answered)
            {
                return reply with
                {
                    Kind = FailureKind.NoVerdict,
                    Why = answer.Status == AskStatus.Forbidden ? $"A pin keeps this row away from the judge {Tag}." : $"The judge {Tag} could not be asked: {answer.Why ?? "every attempt failed."}",
                };
            }
            var said = MessageReading.Answer(answer.Message, answer.FinishReason, context: null);
            if (said is { Refused: false } && question.Read(said.Content) is { } verdict) return reply with { Score = verdict.Score, Reason = verdict.Reason };
            malformed = said is null ? "" : Encoding.UTF8.GetString(said.Content.Span);
        }
        return reply with { Kind = FailureKind.MalformedVerdict, Why = $"The judge {Tag} gave no verdict of the asked form in {MostQuestions} questions." };
    }

    private ReadOnlyMemory<byte> Body(JudgeQuestion question, string? malformed)
    {
        using var body = new MemoryStream(question.Instructions.Length + question.Material.Length + 1024);
        using (var json = new Utf8JsonWriter(body, s_plainly))
        {
            json.WriteStartObject();
            json.WriteStartArray("messages");
            Message(json, "system", question.Instructions);
            Message(json, "user", question.Material);
            if (malformed is not null)
            {
                if (!string.IsNullOrWhiteSpace(malformed)) Message(json, "assistant", malformed.Length > LongestEcho ? malformed[..LongestEcho] : malformed);
                Message(json, "user", $"That was not the asked form. Reply with the JSON object alone: {question.Form}");
            }
            json.WriteEndArray();
            json.WriteNumber("temperature", 0);
            if (takesSchema)
            {
                json.WriteStartObject("response_format");
                json.WriteString("type", "json_schema");
                json.WriteStartObject("json_schema");
                json.WriteString("name", "verdict");
                json.WriteBoolean("strict", true);
                json.WritePropertyName("schema");
                json.WriteRawValue(question.Schema);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return body.ToArray();
    }

    private static void Message(Utf8JsonWriter json, string role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", content);
        json.WriteEndObject();
    }
}
