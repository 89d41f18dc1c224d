using System.Collections.Immutable;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Spans;
using Rung.Storage.Imports;

namespace Rung.Storage.Tests.Imports;

/// <summary>Generators of imported calls: wild ones for storage, tame ones with colliding keys for sums.</summary>
internal static class AnyImport
{
    private static readonly DateTimeOffset FirstDay = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Elements("", "classify-intent", "Größe", "标签", "🙂 emoji", "quote'\"", "nul\0inside", "line\nbreak", new string('x', 255), new string('é', 300)),
        ArbMap.Default.GeneratorFor<UnicodeString>().Select(text => text.Get));

    private static readonly Gen<string?> MaybeText = Gen.OneOf(Gen.Constant<string?>(null), Text.Select(text => (string?)text));

    private static readonly Gen<long> WildLong = Gen.OneOf(
        Gen.Elements(0L, 1, -1, long.MaxValue, long.MinValue, 1L << 40), Gen.Choose(0, 1_000_000).Select(value => (long)value));

    private static readonly Gen<int?> MaybeInt = Gen.OneOf(Gen.Constant<int?>(null), Gen.Elements<int?>(0, 1, int.MaxValue, 4096));

    private static readonly Gen<ulong?> MaybeHash = Gen.Elements<ulong?>(null, 1, 0x8000_0000_0000_0000, ulong.MaxValue, 42);

    private static readonly Gen<ImmutableArray<string>> Names = Gen.OneOf(
        Gen.Constant(default(ImmutableArray<string>)), Text.ListOf().Resize(4).Select(names => names.ToImmutableArray()));

    private static readonly Gen<ImportedJudgement> Judgement =
        from name in Text
        from score in Gen.Elements<double>(0, 1, 0.25, 2.0 / 3)
        from byPerson in Gen.Elements(true, false)
        select new ImportedJudgement(name, score, byPerson);

    private static Gen<long?> Maybe(Gen<long> values) => Gen.OneOf(Gen.Constant<long?>(null), values.Select(value => (long?)value));

    private static readonly Gen<DateTimeOffset> Instant = Gen.Choose(0, int.MaxValue).Select(micros => FirstDay.AddMicroseconds(micros * 1000L + (micros % 1000)));

    /// <summary>Rows with nulls, unicode, extreme numbers and lists of every kind.</summary>
    public static readonly Gen<ImportedRecord> Wild =
        from startedAt in Instant
        from texts in Text.ArrayOf(4)
        from maybe in MaybeText.ArrayOf(14)
        from counts in WildLong.ArrayOf(9)
        from numbers in Maybe(WildLong).ArrayOf(5)
        from ints in MaybeInt.ArrayOf(7)
        from codes in Gen.Choose(0, 255).ArrayOf(9)
        from hashes in MaybeHash.ArrayOf(4)
        from template in Gen.Elements<ulong>(0, 1, ulong.MaxValue, 7).ListOf().Resize(5)
        from tools in Names
        from toolCalls in Names
        from ends in Gen.Elements<bool?>(null, true, false)
        from temperature in Gen.Elements<double?>(null, 0, 0.7, 1.0 / 3)
        from verdicts in Judgement.ListOf().Resize(3)
        select new ImportedRecord
        {
            Source = texts[0], Key = texts[1], StartedAt = startedAt, Granularity = codes[0], Requests = counts[8], Provider = texts[2], Model = texts[3],
            Usage = new TokenUsage
            {
                Input = counts[0], CacheRead = counts[1], CacheWrite = counts[2], CacheWriteLong = counts[3], AudioInput = counts[4], Output = counts[5],
                Reasoning = counts[6], AudioOutput = counts[7], Source = (UsageSource)(codes[1] % 4), Tier = (ServiceTier)(codes[2] % 3), ReportedCostNanoUsd = numbers[4],
            },
            ReportedCostNanoUsd = numbers[0], CostNanoUsd = numbers[1], PricePermille = codes[3] * 100, LatencyMicros = numbers[2], FirstByteMicros = numbers[3],
            Status = codes[4], Error = maybe[0], FinishReason = maybe[1], Tag = maybe[2], TagSource = codes[5], SiteTag = maybe[3], Role = maybe[4],
            Agent = maybe[5], Step = maybe[6], Session = maybe[7], User = maybe[8], Team = maybe[9], Run = maybe[10], RunPosition = ints[0], EndsRun = ends,
            FollowedBy = maybe[11], Temperature = temperature, MaxTokens = ints[1], RequestedOutput = ints[2], Effort = maybe[12], Tools = tools,
            ToolCalls = toolCalls, Simulated = codes[6] > 127, Template = [.. template], SystemPieces = codes[7], ToolSet = hashes[0], Schema = hashes[1],
            SystemChars = ints[3], MessageChars = ints[4], Messages = ints[5], OutputShape = codes[8], OutputKey = hashes[2], OutputChars = ints[6],
            Prompt = hashes[3], DataSigns = codes[0], Verdicts = [.. verdicts],
        };

    /// <summary>Rows with few different keys and realistic amounts.</summary>
    public static readonly Gen<ImportedRecord> Tame =
        from startedAt in Instant
        from key in Gen.Choose(0, int.MaxValue)
        from names in Gen.Elements("a", "b", null).ArrayOf(4)
        from model in Gen.Elements("m-1", "m-2", "")
        from source in Gen.Elements("otlp", "litellm")
        from counts in Gen.Choose(0, 5000).ArrayOf(3)
        from requests in Gen.Elements(1, 1, 1, 250)
        from status in Gen.Choose(0, 3)
        from amounts in Maybe(Gen.Choose(0, 1_000_000).Select(value => (long)value)).ArrayOf(4)
        select new ImportedRecord
        {
            Source = source, Key = $"{key}", StartedAt = startedAt, Granularity = requests == 1 ? 1 : 2, Requests = requests, Provider = "openai", Model = model,
            Usage = new TokenUsage { Input = counts[0], CacheRead = counts[1], Output = counts[2] }, CostNanoUsd = amounts[0], ReportedCostNanoUsd = amounts[1],
            LatencyMicros = requests == 1 ? amounts[2] : null, FirstByteMicros = requests == 1 ? amounts[3] : null, Status = status, Tag = names[0],
            SiteTag = names[1], Role = names[2], Session = names[3],
        };

    /// <summary>The same calls every time, with different ids.</summary>
    public static ImportedRecord[] Fixed(Gen<ImportedRecord> calls, int count) =>
        calls.Sample(size: 10, numberOfSamples: count, seed: new Rnd(20261122, 9)).DistinctBy(call => call.Id).ToArray();

    /// <summary>A call by everything that is in it.</summary>
    public static string Of(ImportedRecord call) => JsonSerializer.Serialize(new
    {
        call, Tools = call.Tools.IsDefault ? null : call.Tools.ToArray(), ToolCalls = call.ToolCalls.IsDefault ? null : call.ToolCalls.ToArray(),
    }, s_withoutLists);

    // A default array cannot be written: the two lists that may be one stand beside.
    private static readonly JsonSerializerOptions s_withoutLists = new()
    {
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver
        {
            Modifiers =
            {
                type =>
                {
                    if (type.Type != typeof(ImportedRecord)) return;
                    foreach (var property in type.Properties) property.ShouldSerialize = property.Name is "Tools" or "ToolCalls" ? (_, _) => false : null;
                },
            },
        },
    };
}
