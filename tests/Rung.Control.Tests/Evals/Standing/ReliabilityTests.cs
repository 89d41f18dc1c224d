using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Evals.Standing;
using Rung.Core.Measurement;
using Rung.Core.Spans;
using Rung.Storage;

namespace Rung.Control.Tests.Evals.Standing;

/// <summary>Whether a verifier's scores mean what they say.</summary>
public sealed class ReliabilityTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rung-reliability-");
    private Ledger ledger = null!;

    public Task InitializeAsync()
    {
        ledger = Ledger.Open(folder.FullName, TimeProvider.System);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await ledger.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Scores_that_mean_what_they_say_lie_on_the_diagonal()
    {
        // Of 20 answers that were scored 0.25, 5 are good; of 20 scored 0.75, 15.
        var pairs = Enumerable.Range(0, 40).Select(i => new ScoredOutcome(i < 20 ? 0.25 : 0.75, i % 20 < (i < 20 ? 5 : 15) ? 1 : 0, 1)).ToList();

        var found = Reliability.Of(QualitySignal.Judge, pairs);

        Assert.Equal((40, 0, 0), (found.Pairs, found.CalibrationError!.Value, found.Leaning!.Value));
        Assert.Equal(0.1875, found.Brier!.Value, 12); // p(1 − p) of both bins.
        Assert.Equal([2, 7], found.Curve.Index().Where(entry => entry.Item.Answers > 0).Select(entry => entry.Index));
        Assert.DoesNotContain(found.Curve, bin => bin.IsOff);
    }

    [Fact]
    public void A_verifier_that_is_too_sure_is_found_out_and_weights_count()
    {
        // Scored 0.95; the good ones were sampled certainly, the bad ones one in four: one good answer in five.
        var pairs = Enumerable.Range(0, 40).Select(i => new ScoredOutcome(0.95, i % 2, i % 2 == 0 ? 4 : 1)).ToList();

        var found = Reliability.Of(QualitySignal.Judge, pairs);

        var bin = Assert.Single(found.Curve, bin => bin.Answers > 0);
        Assert.Equal(0.2, bin.Outcome!.Value.Estimate, 12);
        Assert.True(bin.IsOff);
        Assert.Equal((-0.75, 0.75), (Math.Round(found.Leaning!.Value, 12), Math.Round(found.CalibrationError!.Value, 12)));
    }

    [Fact]
    public void The_error_is_never_less_than_the_leaning_and_bins_hold_every_pair() =>
        Prop.ForAll(
            Gen.Choose(0, 1000).Two().Select(pair => new ScoredOutcome(pair.Item1 / 1000.0, pair.Item2 / 1000.0, 1 + (pair.Item1 % 5))).ListOf().ToArbitrary(),
            pairs =>
            {
                var found = Reliability.Of(QualitySignal.Feedback, [.. pairs]);
                var turned = Reliability.Of(QualitySignal.Feedback, [.. pairs.AsEnumerable().Reverse()]);
                return found.Curve.Sum(bin => bin.Answers) == pairs.Count && found.CalibrationError == turned.CalibrationError
                    && (pairs.Count == 0 ? found.CalibrationError is null : found.CalibrationError >= Math.Abs(found.Leaning!.Value) - 1e-9 && found.CalibrationError <= 1 + 1e-9)
                    && found.Curve.All(bin => bin.Outcome is not { } outcome || (outcome.Low <= outcome.Estimate && outcome.Estimate <= outcome.High));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task The_ledger_is_read_verdict_by_verdict_with_the_score_of_the_answer_that_was_served()
    {
        await ledger.AppendAsync([Call(1, 0.9), Call(2, 0.3), Call(3, null)], default);
        await ledger.AppendVerdictsAsync(
            [
                Verdict("a", 1, VerdictKind.Review, 1) with { SampledAt = 0.5 }, Verdict("b", 2, VerdictKind.Thumbs, 0), Verdict("c", 3, VerdictKind.Judge, 1),
                Verdict("d", 1, VerdictKind.Judge, 1) with { Weight = 0 }, Verdict("e", 2, VerdictKind.Judge, 0) with { At = s_noon.AddDays(-2) },
            ], default);

        var reading = await ReliabilityReading.ReadAsync(ledger, "sort", s_noon.AddHours(-1), s_noon.AddHours(1), default);

        Assert.Equal((3, 1, false), (reading.Verdicts, reading.Unscored, reading.IsCut)); // Weightless ones and those of other days do not count.
        Assert.Equal([QualitySignal.Judge, QualitySignal.Feedback], reading.Signals.Select(curve => curve.Signal));
        Assert.Equal((0.9, 1.0), (reading.Signals[0].Curve[9].MeanScore, reading.Signals[0].Curve[9].Outcome!.Value.Estimate));
        Assert.False(reading.Signals[0].IsEnough);
        Assert.Empty((await ReliabilityReading.ReadAsync(ledger, "other", s_noon.AddHours(-1), s_noon.AddHours(1), default)).Signals);
    }

    private static string Id(int number) => s_noon.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture) + number.ToString("x20", CultureInfo.InvariantCulture);

    private static CallRecord Call(int number, double? score) => new()
    {
        Id = Id(number), StartedAt = s_noon, Tag = "sort", Route = "sort", Tier = "small", Model = "haiku", Status = CallStatus.Answered, PolicyRevision = 1, PolicyHash = "x", CostNanoUsd = 1, LatencyMicros = 10,
        Attempts =
        [
            new AttemptRecord
            {
                Ordinal = 0, Kind = AttemptKind.First, Model = "haiku", Provider = "openai", Tier = "small", Propensity = 1, Outcome = AttemptOutcome.Completed, StartedAt = s_noon,
                Checks = score is { } known ? [new CheckVerdict("verifier", true, null) { Score = known }] : [],
            },
        ],
    };

    private static VerdictRecord Verdict(string id, int call, VerdictKind kind, double score) => new() { Id = id, CallId = Id(call), Kind = kind, Score = score, Weight = 1, By = "somebody", At = s_noon };
}
