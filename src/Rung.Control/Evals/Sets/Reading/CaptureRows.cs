using System.Text.Json;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Sets.Reading;

/// <summary>Reads captured calls that a set can be drawn from.</summary>
public static class CaptureRows
{
    /// <summary>Reads.</summary>
    /// <param name="store">The store.</param>
    /// <param name="query">Which calls.</param>
    /// <param name="referenceTier">The tier whose answers are references; null: no policy is at hand, and none are.</param>
    /// <param name="seed">Decides which calls stay where there are more than <see cref="EvalPopulation.MostRows"/>.</param>
    /// <param name="progress">Is told now and then how many were read; null for nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<EvalPopulation> ReadAsync(
        ContentStore store, CaptureQuery query, string? referenceTier, long seed, Action<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(query);
        var rows = new BoundedRows(EvalPopulation.MostRows, seed);
        var (bad, examples) = (0, new List<string>());
        await foreach (var call in store.ReadCapturesAsync(query, cancellationToken))
        {
            try
            {
                rows.Add(RowOf(call, referenceTier));
            }
            catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
            {
                bad++;
                if (examples.Count < 5) examples.Add($"call {call.CallId}: {(e is FormatException ? e.Message : "Its content is no request that can be read.")}");
            }
            if (rows.Seen % 500 == 0) progress?.Invoke(rows.Seen);
        }
        return new EvalPopulation { Rows = rows.Take(), Seen = rows.Seen, Bad = bad, BadExamples = examples };
    }

    private static EvalSourceRow RowOf(CapturedCall call, string? referenceTier)
    {
        using var parsed = JsonDocument.Parse(call.Request);
        if (parsed.RootElement.ValueKind != JsonValueKind.Object || !parsed.RootElement.TryGetProperty("messages", out _)) throw new FormatException("It has no messages.");
        var request = ChatForm.RequestOf(parsed.RootElement);
        var origin = $"call {call.CallId}";
        // What the reference tier answered in production, if the client got it and nothing was wrong with it.
        var captured = referenceTier is null ? null : call.Answers.LastOrDefault(answer => answer is { Served: true, Passed: true, FinishReason: not "length" } && answer.Tier == referenceTier);
        return new EvalSourceRow
        {
            Id = EvalSourceRow.IdOf(request, origin), Request = request, Origin = origin, CallId = call.CallId, CalledAt = call.StartedAt, Session = call.Session, User = call.User,
            DataClass = call.DataClass, Tag = call.Tag, Outcome = OutcomeOf(call, referenceTier), Mass = 1 / call.SampledAt,
            Captured = captured is null ? default(ReadOnlyMemory<byte>) : Message(captured.Message), CapturedBy = captured?.Model,
        };
    }

    private static byte[] Message(ReadOnlyMemory<byte> message)
    {
        using var parsed = JsonDocument.Parse(message);
        return ChatForm.Compact(parsed.RootElement);
    }

    private static string OutcomeOf(CapturedCall call, string? referenceTier)
    {
        if (call.Answers.LastOrDefault(answer => answer.Served) is not { } served) return "no answer";
        if (call.Answers.Select(answer => answer.Tier).Distinct(StringComparer.Ordinal).Count() > 1) return "climbed";
        if (!served.Passed) return "failed a check";
        if (served.FinishReason == "length") return "cut off";
        return referenceTier is not null && served.Tier == referenceTier ? "served by the reference tier" : "served cheap";
    }
}
