using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Requests;
using Rung.Core.Spans;

namespace Rung.Storage.Tests;

/// <summary>Generators of calls: wild ones for storage, tame ones with colliding keys for sums.</summary>
internal static class AnyCall
{
    private static readonly DateTimeOffset FirstDay = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Elements("", "classify-intent", "Größe", "标签", "🙂 emoji", "quote'\"", "nul\0inside", "line\nbreak", new string('x', 255), new string('é', 300)),
        ArbMap.Default.GeneratorFor<UnicodeString>().Select(text => text.Get));

    private static readonly Gen<string?> MaybeText = Gen.OneOf(Gen.Constant<string?>(null), Text.Select(text => (string?)text));

    private static readonly Gen<long> WildLong = Gen.OneOf(
        Gen.Elements(0L, 1, -1, long.MaxValue, long.MinValue, int.MaxValue, 1L << 40), Gen.Choose(0, 1_000_000).Select(value => (long)value));

    private static readonly Gen<int> WildInt = Gen.OneOf(Gen.Elements(0, 200, 499, int.MaxValue, int.MinValue), Gen.Choose(100, 599));

    private static readonly Gen<DateTimeOffset> Instant = Gen.Choose(0, int.MaxValue).Select(micros => FirstDay.AddMicroseconds(micros * 1000L + (micros % 1000)));

    private static Gen<long?> Maybe(Gen<long> values) => Gen.OneOf(Gen.Constant<long?>(null), values.Select(value => (long?)value));

    private static Gen<T> Word<T>() where T : struct, Enum => Gen.Elements(Enum.GetValues<T>());

    private static readonly Gen<CheckVerdict> Check =
        from name in Text
        from passed in Gen.Elements(true, false)
        from detail in MaybeText
        from score in Gen.Elements<double?>(null, 0, 1, 0.25, 2.0 / 3)
        select new CheckVerdict(name, passed, detail) { Score = score };

    private static readonly Gen<TokenUsage> WildUsage =
        from counts in WildLong.ArrayOf(8)
        from source in Word<UsageSource>()
        from tier in Word<ServiceTier>()
        from reported in Maybe(WildLong)
        select new TokenUsage
        {
            Input = counts[0], CacheRead = counts[1], CacheWrite = counts[2], CacheWriteLong = counts[3], AudioInput = counts[4], Output = counts[5],
            Reasoning = counts[6], AudioOutput = counts[7], Source = source, Tier = tier, ReportedCostNanoUsd = reported,
        };

    private static readonly Gen<AttemptRecord> WildAttempt =
        from kind in Word<AttemptKind>()
        from outcome in Word<AttemptOutcome>()
        from names in Text.ArrayOf(3)
        from maybe in MaybeText.ArrayOf(3)
        from numbers in Maybe(WildLong).ArrayOf(4)
        from latency in WildLong
        from status in WildInt
        from propensity in Gen.Elements(1.0, 0.5, 1.0 / 3, double.Epsilon)
        from startedAt in Instant
        from usage in WildUsage
        from checks in Check.ListOf().Resize(3)
        select new AttemptRecord
        {
            Ordinal = 0, Kind = kind, Model = names[0], Provider = names[1], Tier = names[2], Propensity = propensity, StartedAt = startedAt,
            Outcome = outcome, HttpStatus = status, LatencyMicros = latency, FirstByteMicros = numbers[0], Usage = usage, CostNanoUsd = numbers[1],
            UpstreamModel = maybe[0], FinishReason = maybe[1], Error = maybe[2], Checks = [.. checks], SavedTokens = numbers[2], SavedMicros = numbers[3],
        };

    /// <summary>Calls with every enum value, nulls, unicode and extreme numbers; ids and instants agree, as the contract says.</summary>
    public static readonly Gen<CallRecord> Wild =
        from startedAt in Instant
        from chance in ArbMap.Default.GeneratorFor<Guid>()
        from texts in Text.ArrayOf(2)
        from maybe in MaybeText.ArrayOf(9)
        from longs in WildLong.ArrayOf(3)
        from nullable in Maybe(WildLong).ArrayOf(2)
        from source in Word<TagSource>()
        from status in Word<CallStatus>()
        from ints in WildInt.ArrayOf(2)
        from streamed in Gen.Elements(true, false)
        from attempts in WildAttempt.ListOf().Resize(4)
        select new CallRecord
        {
            Id = IdOf(startedAt, chance), StartedAt = startedAt, Tag = maybe[0], TagSource = source, Role = maybe[1], Session = maybe[2], User = maybe[3],
            Route = texts[0], Arm = maybe[4], PolicyRevision = longs[0], PolicyHash = texts[1], Streamed = streamed, Status = status, HttpStatus = ints[0],
            LatencyMicros = longs[1], FirstByteMicros = nullable[0], Tier = maybe[5], Model = maybe[6], CostNanoUsd = longs[2],
            UnknownPriceAttempts = ints[1], BaselineNanoUsd = nullable[1], BaselineModel = maybe[7], Reason = maybe[8],
            Attempts = Numbered(attempts),
        };

    private static readonly Gen<AttemptRecord> TameAttempt =
        from rung in Gen.Choose(0, 2)
        from kind in Word<AttemptKind>()
        from outcome in Word<AttemptOutcome>()
        from counts in Gen.Choose(0, 5000).ArrayOf(4)
        from cost in Maybe(Gen.Choose(0, 1_000_000).Select(value => (long)value))
        from firstByte in Maybe(Gen.Choose(0, 1_000).Select(value => (long)value))
        from saved in Maybe(Gen.Choose(0, 900).Select(value => (long)value))
        from startedAt in Instant
        select new AttemptRecord
        {
            Ordinal = 0, Kind = kind, Model = $"model-{rung}", Provider = "openai", Tier = rung == 0 ? "small" : "frontier", Propensity = 1, StartedAt = startedAt,
            Outcome = outcome, LatencyMicros = counts[0], FirstByteMicros = firstByte,
            Usage = new TokenUsage { Input = counts[1], CacheRead = counts[2], Output = counts[3] }, CostNanoUsd = cost,
            SavedTokens = outcome == AttemptOutcome.Doomed ? saved : null, SavedMicros = outcome == AttemptOutcome.Doomed ? saved * 1000 : null,
        };

    /// <summary>Calls with few different keys and realistic amounts.</summary>
    public static readonly Gen<CallRecord> Tame =
        from startedAt in Instant
        from chance in ArbMap.Default.GeneratorFor<Guid>()
        from tag in Gen.Elements("a", "b", "", null)
        from role in Gen.Elements("planner", "worker", null)
        from session in Gen.Elements("s1", "s2", "s3", null)
        from status in Word<CallStatus>()
        from answerer in Gen.Choose(0, 4)
        from latency in Gen.Choose(0, 1_000_000)
        from firstByte in Maybe(Gen.Choose(0, 1_000_000).Select(value => (long)value))
        from baseline in Maybe(Gen.Choose(0, 5_000_000).Select(value => (long)value))
        from attempts in TameAttempt.ListOf().Resize(4)
        select new CallRecord
        {
            Id = IdOf(startedAt, chance), StartedAt = startedAt, Tag = tag, Role = role, Session = session, Route = tag ?? "default",
            PolicyRevision = 1, PolicyHash = "hash", Status = status, LatencyMicros = latency, FirstByteMicros = firstByte,
            Model = answerer > 2 ? null : $"model-{answerer}", Tier = answerer > 2 ? null : answerer == 0 ? "small" : "frontier",
            BaselineNanoUsd = baseline, BaselineModel = baseline is null ? null : "model-2", Attempts = Numbered(attempts),
        };

    /// <summary>The same calls every time.</summary>
    public static CallRecord[] Fixed(Gen<CallRecord> calls, int count) =>
        calls.Sample(size: 10, numberOfSamples: count, seed: new Rnd(20261122, 5)).DistinctBy(call => call.Id).ToArray();

    private static List<AttemptRecord> Numbered(IEnumerable<AttemptRecord> attempts) => attempts.Select((attempt, ordinal) => new AttemptRecord
    {
        Ordinal = ordinal, Kind = attempt.Kind, Model = attempt.Model, Provider = attempt.Provider, Tier = attempt.Tier, Propensity = attempt.Propensity,
        StartedAt = attempt.StartedAt, Outcome = attempt.Outcome, HttpStatus = attempt.HttpStatus, LatencyMicros = attempt.LatencyMicros,
        FirstByteMicros = attempt.FirstByteMicros, Usage = attempt.Usage, CostNanoUsd = attempt.CostNanoUsd, UpstreamModel = attempt.UpstreamModel,
        FinishReason = attempt.FinishReason, Error = attempt.Error, Checks = attempt.Checks, SavedTokens = attempt.SavedTokens, SavedMicros = attempt.SavedMicros,
    }).ToList();

    /// <summary>A UUID version 7 of that instant.</summary>
    public static string IdOf(DateTimeOffset instant, Guid chance) =>
        $"{instant.ToUnixTimeMilliseconds():x12}7{chance.ToString("N")[13..]}";
}
