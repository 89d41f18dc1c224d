using System.Collections.Immutable;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Audit;
using Rung.Control.Imports;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Imports;

public class LedgerImportsTests
{
    private static readonly Gen<string> Text = Gen.Elements("", "a", "Größe", "🙂", "a longer name with blanks");
    private static readonly Gen<string?> MaybeText = Gen.OneOf(Gen.Constant<string?>(null), Text.Select(text => (string?)text));
    private static readonly Gen<long?> MaybeLong = Gen.Elements<long?>(null, 0, 1, 123_456, long.MaxValue);
    private static readonly Gen<int?> MaybeInt = Gen.Elements<int?>(null, 0, 1, 4096);
    private static readonly Gen<ulong> Hash = Gen.Elements<ulong>(0, 1, 1UL << 63, ulong.MaxValue);
    private static readonly Gen<int> Length = Gen.Elements(-1, 0, 80, int.MaxValue);
    private static readonly Gen<ImmutableArray<string>> Names = Gen.OneOf(
        Gen.Constant(default(ImmutableArray<string>)), Text.ListOf().Resize(3).Select(names => names.ToImmutableArray()));

    private static Gen<T> Word<T>() where T : struct, Enum => Gen.Elements(Enum.GetValues<T>());

    private static readonly Gen<ImportedCall> Call =
        from texts in Text.ArrayOf(4)
        from maybe in MaybeText.ArrayOf(13)
        from longs in MaybeLong.ArrayOf(4)
        from counts in Gen.Choose(0, int.MaxValue).ArrayOf(9)
        from ints in MaybeInt.ArrayOf(2)
        from granularity in Word<ImportGranularity>()
        from status in Word<ImportedStatus>()
        from tagSource in Word<ImportedTagSource>()
        from usageSource in Word<UsageSource>()
        from tier in Word<ServiceTier>()
        from output in Gen.OneOf(Gen.Constant<RequestedOutput?>(null), Word<RequestedOutput>().Select(form => (RequestedOutput?)form))
        from tools in Names
        from toolCalls in Names
        from flags in Gen.Elements(true, false).ArrayOf(2)
        from ends in Gen.Elements<bool?>(null, true, false)
        from temperature in Gen.Elements<double?>(null, 0, 0.7)
        from score in Gen.Elements<double>(0, 0.5, 1)
        select new ImportedCall
        {
            Source = texts[0], Key = texts[1], Provider = texts[2], Model = texts[3], StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(counts[8]),
            Granularity = granularity, Requests = counts[7], LatencyMicros = longs[0], FirstByteMicros = longs[1], ReportedCostNanoUsd = longs[2],
            Usage = new TokenUsage
            {
                Input = counts[0], CacheRead = counts[1], CacheWrite = counts[2], CacheWriteLong = counts[3], AudioInput = counts[4], Output = counts[5],
                Reasoning = counts[6], AudioOutput = counts[0] / 2, Source = usageSource, Tier = tier, ReportedCostNanoUsd = longs[3],
            },
            PricePermille = 1 + (counts[1] % 6000), Status = status, Error = maybe[0], FinishReason = maybe[1], Tag = maybe[2], TagSource = tagSource,
            Role = maybe[3], Agent = maybe[4], Step = maybe[5], Session = maybe[6], User = maybe[7], Team = maybe[8], Run = maybe[9], RunPosition = ints[0],
            EndsRun = ends, FollowedBy = maybe[10], Verdicts = flags[0] ? [new ImportedVerdict("quality", score, flags[1])] : [], Temperature = temperature,
            MaxTokens = ints[1], Output = output, Effort = maybe[11], Tools = tools, ToolCalls = toolCalls, Simulated = flags[1],
            Content = new CallContent { System = "secret words", Answer = "more of them" },
        };

    private static readonly Gen<CallTraits> Traits =
        from template in Hash.ListOf().Resize(4)
        from hashes in Hash.ArrayOf(4)
        from lengths in Length.ArrayOf(4)
        from shape in Word<OutputShape>()
        from data in Gen.Elements(DataSigns.None, DataSigns.Email | DataSigns.Legal, DataSigns.Secret)
        select new CallTraits
        {
            Template = [.. template], SystemPieces = template.Count / 2, ToolSet = hashes[0], Schema = hashes[1], OutputKey = hashes[2], Prompt = hashes[3],
            SystemChars = lengths[0], MessageChars = lengths[1], Messages = lengths[2], OutputChars = lengths[3], Output = shape, Data = data,
            Opening = "secret words",
        };

    [Fact]
    public void Everything_but_content_survives_the_way_to_a_record_and_back() =>
        Prop.ForAll(Call.ToArbitrary(), Traits.ToArbitrary(), (call, traits) =>
        {
            var (callAgain, traitsAgain) = LedgerImports.ToCall(LedgerImports.ToRecord(call, traits, new CallRating(5), "site"));
            return Whole(callAgain) == Whole(call with { Content = null }) && Whole(traitsAgain) == Whole(traits with { Opening = null });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_word_of_the_content_is_in_the_record() =>
        Prop.ForAll(Call.ToArbitrary(), Traits.ToArbitrary(), (call, traits) =>
            !Whole(LedgerImports.ToRecord(call, traits, new CallRating(null))).Contains("secret", StringComparison.Ordinal)).QuickCheckThrowOnFailure();

    [Fact]
    public void An_unknown_price_stays_unknown()
    {
        var call = new ImportedCall { Source = "otlp", Key = "k", StartedAt = DateTimeOffset.UnixEpoch, Provider = "", Model = "" };
        Assert.Null(LedgerImports.ToRecord(call, new CallTraits(), new CallRating(null)).CostNanoUsd);
        Assert.Equal(0, LedgerImports.ToRecord(call, new CallTraits(), new CallRating(0)).CostNanoUsd);
    }

    [Fact]
    public void The_codes_that_the_report_of_the_ledger_reads_are_these()
    {
        Assert.Equal([0, 1, 2, 3], [(int)ImportedStatus.Unknown, (int)ImportedStatus.Answered, (int)ImportedStatus.Failed, (int)ImportedStatus.ServedFromCache]);
        Assert.Equal([1, 2], [(int)ImportGranularity.Call, (int)ImportGranularity.Bucket]);
    }

    // Every property, so that one that is forgotten in the mapping is found; a list that is not told is told apart from an empty one.
    private static string Whole<T>(T value) => string.Join('\n', typeof(T).GetProperties().Where(property => property.GetIndexParameters().Length == 0)
        .Select(property => $"{property.Name}: {Shown(property.GetValue(value))}"));

    private static string Shown(object? value) => value is ImmutableArray<string> { IsDefault: true } ? "not told" : JsonSerializer.Serialize(value);
}
