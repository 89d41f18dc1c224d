using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rung.Core.Statistics;

namespace Rung.Core.Rollouts;

/// <summary>Plans as they are stored, and verdicts as they are recorded: JSON text with snake_case names.</summary>
public static class RolloutPlanJson
{
    /// <summary>A plan as JSON, one line.</summary>
    public static string Write(RolloutPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return JsonSerializer.Serialize(new PlanShape(
            plan.Tags, plan.Stages, plan.MinTime.TotalSeconds, plan.MinSample, Word(plan.Unit), plan.Salt, plan.Holdback,
            [.. plan.Guards.Select(guard => new GuardShape(GuardWords.Of(guard.Metric), guard.Margin, guard.CapNanoUsd))],
            plan.Alpha, plan.VerdictLag.TotalSeconds, plan.Shadow is { } shadow ? new ShadowShape(shadow.Sample, shadow.MaxNanoUsd, shadow.Judgements) : null),
            RolloutJsonContext.Default.PlanShape);
    }

    /// <summary>Reads a plan that <see cref="Write(RolloutPlan)"/> has written.</summary>
    /// <exception cref="JsonException">It is no plan; the message says why.</exception>
    public static RolloutPlan Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var shape = JsonSerializer.Deserialize(json, RolloutJsonContext.Default.PlanShape) ?? throw new JsonException("The plan of a rollout is null.");
        if (shape.Salt is null) throw new JsonException("The plan of a rollout has no salt.");
        return new RolloutPlan
        {
            Tags = shape.Tags.IsDefault ? [] : shape.Tags, Stages = shape.Stages.IsDefault ? [] : shape.Stages, MinTime = TimeSpan.FromSeconds(shape.MinTimeSeconds), MinSample = shape.MinSample,
            Unit = UnitOf(shape.Unit), Salt = shape.Salt, Holdback = shape.Holdback, Guards = shape.Guards.IsDefault ? [] : [.. shape.Guards.Select(GuardOf)], Alpha = shape.Alpha,
            VerdictLag = TimeSpan.FromSeconds(shape.VerdictLagSeconds), Shadow = shape.Shadow is { } shadow ? new ShadowTerms(shadow.Sample, shadow.MaxNanoUsd, shadow.Judgements) : null,
        };
    }

    /// <summary>A verdict as JSON, one line: the numbers that a decision was made on.</summary>
    public static string Write(RolloutVerdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return JsonSerializer.Serialize(ShapeOf(verdict), RolloutJsonContext.Default.VerdictShape);
    }

    /// <summary>Writes a verdict into a larger document.</summary>
    public static void Write(Utf8JsonWriter json, RolloutVerdict verdict)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(verdict);
        JsonSerializer.Serialize(json, ShapeOf(verdict), RolloutJsonContext.Default.VerdictShape);
    }

    /// <summary>Reads a verdict that <see cref="Write(RolloutVerdict)"/> has written; numbers are rounded as it rounds them, and a bound that is missing is none: infinite.</summary>
    /// <exception cref="JsonException">It is no verdict; the message says why.</exception>
    public static RolloutVerdict ReadVerdict(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var shape = JsonSerializer.Deserialize(json, RolloutJsonContext.Default.VerdictShape) ?? throw new JsonException("The verdict of a rollout is null.");
        return new RolloutVerdict
        {
            Decision = shape.Decision switch
            {
                "advance" => RolloutDecision.Advance, "roll_back" => RolloutDecision.RollBack, "hold" => RolloutDecision.Hold,
                _ => throw new JsonException($"The verdict of a rollout has the unknown decision {shape.Decision}."),
            },
            Why = shape.Why ?? "", CallsExposed = shape.CallsExposed, NotBefore = shape.NotBefore, Guards = shape.Guards.IsDefault ? [] : [.. shape.Guards.Select(ReadingOf)],
        };
    }

    /// <summary>The word of a decision: <c>advance</c>, <c>hold</c> or <c>roll_back</c>.</summary>
    public static string Word(RolloutDecision decision) => decision switch { RolloutDecision.Advance => "advance", RolloutDecision.RollBack => "roll_back", _ => "hold" };

    /// <summary>The word of a unit, as of <c>--unit</c>.</summary>
    public static string Word(RolloutUnit unit) => unit switch { RolloutUnit.User => "user", RolloutUnit.Key => "key", RolloutUnit.Call => "call", _ => "session" };

    private static RolloutUnit UnitOf(string? word) => word switch
    {
        "session" => RolloutUnit.Session,
        "user" => RolloutUnit.User,
        "key" => RolloutUnit.Key,
        "call" => RolloutUnit.Call,
        _ => throw new JsonException($"The plan of a rollout has the unknown unit {word}."),
    };

    private static Guard GuardOf(GuardShape guard) => GuardWords.TryMetric(guard.Metric, out var metric)
        ? new Guard(metric, guard.Margin) { CapNanoUsd = guard.CapNanoUsd }
        : throw new JsonException($"The plan of a rollout has the unknown guard {guard.Metric}.");

    private static GuardReading ReadingOf(ReadingShape reading) => new()
    {
        Guard = GuardOf(new GuardShape(reading.Guard, reading.Margin, null)),
        State = reading.State switch { "held" => GuardState.Held, "broken" => GuardState.Broken, _ => GuardState.Open },
        Candidate = reading.Candidate, Current = reading.Current,
        Worse = reading.Worse is { } worse ? new Interval(worse, reading.WorseLow ?? double.NegativeInfinity, reading.WorseHigh ?? double.PositiveInfinity) : null,
        Margin = reading.StageMargin, CandidateCount = reading.CandidateCount, CurrentCount = reading.CurrentCount, HarmEvidence = reading.HarmEvidence, SafetyEvidence = reading.SafetyEvidence,
        Words = reading.Words ?? "",
    };

    private static VerdictShape ShapeOf(RolloutVerdict verdict) => new(
        Word(verdict.Decision), verdict.Why, verdict.CallsExposed, verdict.NotBefore,
        [.. verdict.Guards.Select(reading => new ReadingShape(
            GuardWords.Of(reading.Guard.Metric), GuardSentence.Word(reading.State), Finite(reading.Candidate), Finite(reading.Current),
            Finite(reading.Worse?.Estimate), Finite(reading.Worse?.Low), Finite(reading.Worse?.High), reading.Margin, reading.Guard.Margin,
            reading.CandidateCount, reading.CurrentCount, Math.Round(reading.HarmEvidence, 6), Math.Round(reading.SafetyEvidence, 6), reading.Words))]);

    /// <summary>JSON has no infinity: a bound that is none is null.</summary>
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? Math.Round(number, 9) : null;
}

internal sealed record PlanShape(
    ImmutableArray<string> Tags, ImmutableArray<int> Stages, double MinTimeSeconds, int MinSample, string Unit, string Salt, int Holdback,
    ImmutableArray<GuardShape> Guards, double Alpha, double VerdictLagSeconds, ShadowShape? Shadow);

internal sealed record GuardShape(string Metric, double Margin, long? CapNanoUsd);

internal sealed record ShadowShape(double Sample, long MaxNanoUsd, int Judgements);

internal sealed record VerdictShape(string Decision, string Why, long CallsExposed, DateTimeOffset? NotBefore, ImmutableArray<ReadingShape> Guards);

internal sealed record ReadingShape(
    string Guard, string State, double? Candidate, double? Current, double? Worse, double? WorseLow, double? WorseHigh, double StageMargin, double Margin,
    long CandidateCount, long CurrentCount, double HarmEvidence, double SafetyEvidence, string Words);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PlanShape))]
[JsonSerializable(typeof(VerdictShape))]
internal sealed partial class RolloutJsonContext : JsonSerializerContext;
