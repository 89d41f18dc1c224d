using Rung.Control.Measurement;
using Rung.Core.Policies;

namespace Rung.Control.Tests.Measurement;

public sealed class QualityPoolTests
{
    private static QualityItem Item(QualitySource source, string subject, double score, string? session = null, double weight = 1, double? probability = null, string? voice = null) => new()
    {
        Source = source, Subject = subject, Session = session, Score = score, Weight = weight, Probability = probability, Voice = voice,
    };

    private static QualityPool Pool(IEnumerable<QualityItem> items)
    {
        var pool = new QualityPool();
        foreach (var item in items) pool.Add(item);
        return pool;
    }

    private static IEnumerable<QualityItem> Reviews(int count, int good) =>
        Enumerable.Range(0, count).Select(number => Item(QualitySource.Review, $"c{number}", number < good ? 1 : 0));

    [Fact]
    public void Below_the_stated_number_of_sessions_nothing_is_said()
    {
        Assert.Null(Pool(Reviews(29, 29)).Estimate().Quality);
        Assert.NotNull(Pool(Reviews(30, 29)).Estimate().Quality);
        Assert.Equal((29, 29), (Pool(Reviews(29, 29)).Estimate().Items, Pool(Reviews(29, 29)).Estimate().Sessions));
    }

    [Fact]
    public void Of_plain_right_and_wrong_it_is_nearly_Wilsons_interval()
    {
        var quality = Pool(Reviews(200, 180)).Estimate().Quality!.Value;
        Assert.Equal(0.9, quality.Estimate, 12);
        Assert.InRange(quality.Low, 0.848, 0.852); // Wilson at 180 of 200: 0.8506 to 0.9344.
        Assert.InRange(quality.High, 0.933, 0.936);
    }

    [Fact]
    public void All_good_is_no_proof_of_perfection()
    {
        var quality = Pool(Reviews(100, 100)).Estimate().Quality!.Value;
        Assert.Equal((1.0, 1.0), (quality.Estimate, quality.High));
        Assert.InRange(quality.Low, 0.95, 0.97);
    }

    [Fact]
    public void What_one_session_says_many_times_is_one_opinion()
    {
        var apart = Pool(Enumerable.Range(0, 400).Select(number => Item(QualitySource.Thumbs, $"c{number}", number % 4 == 0 ? 0 : 1)));
        var together = Pool(Enumerable.Range(0, 400).Select(number => Item(QualitySource.Thumbs, $"c{number}", number / 10 % 4 == 0 ? 0 : 1, session: $"s{number / 10}")));

        Assert.Equal((400, 40), (together.Estimate().Items, together.Estimate().Sessions));
        Assert.Equal(apart.Estimate().Quality!.Value.Estimate, together.Estimate().Quality!.Value.Estimate, 12);
        Assert.True(Width(together) > 2.5 * Width(apart));
    }

    [Fact]
    public void Someone_who_changes_her_mind_counts_with_what_she_said_last_and_many_names_are_one_item()
    {
        var pool = Pool(Reviews(40, 40));
        pool.Add(Item(QualitySource.Review, "c0", 0));
        for (var i = 0; i < 50; i++) pool.Add(Item(QualitySource.Review, "c1", 0, voice: $"name {i}"));

        Assert.Equal(40, pool.Estimate().Items);
        Assert.Equal((38 + (1 / 51.0)) / 40, pool.Estimate().Quality!.Value.Estimate, 12);
    }

    [Fact]
    public void Someone_who_is_not_sure_any_more_counts_no_longer()
    {
        var pool = Pool(Reviews(41, 40));
        pool.Add(Item(QualitySource.Review, "c40", 0, weight: 0));
        pool.Add(Item(QualitySource.Review, "c39", 0, weight: 0, voice: "somebody else"));

        Assert.Equal((40, 1.0), (pool.Estimate().Items, pool.Estimate().Quality!.Value.Estimate));
    }

    [Fact]
    public void Samples_count_by_the_inverse_of_their_probability()
    {
        // 1,000 calls, 100 of them hard: all hard ones were judged and a tenth of the others.
        var items = Enumerable.Range(0, 100).Select(number => Item(QualitySource.Judge, $"hard{number}", number < 40 ? 1 : 0, probability: 1))
            .Concat(Enumerable.Range(0, 90).Select(number => Item(QualitySource.Judge, $"easy{number}", 1, probability: 0.1)));
        var source = Assert.Single(Pool(items).Sources());
        Assert.Equal(0.94, source.Estimate.Quality!.Value.Estimate, 12);
        Assert.True(source.IsRandomSample);
    }

    [Fact]
    public void Many_thumbs_do_not_outvote_reviews_and_few_reviews_do_not_decide_alone()
    {
        var thumbs = Enumerable.Range(0, 10_000).Select(number => Item(QualitySource.Thumbs, $"t{number}", 0, weight: QualityWeights.Of(Core.Spans.VerdictKind.Thumbs)));
        var many = Pool(thumbs.Concat(Reviews(100, 100)));
        var few = Pool(thumbs.Concat(Reviews(2, 2)));

        Assert.InRange(many.Estimate().Quality!.Value.Estimate, 0.7, 0.8);
        Assert.InRange(few.Estimate().Quality!.Value.Estimate, 0.2, 0.3);
        Assert.Equal([QualitySource.Review, QualitySource.Thumbs], many.Sources().Select(source => source.Source));
        Assert.False(many.Sources()[1].IsRandomSample);
        Assert.Equal(1, many.Sources().Sum(source => source.Share), 12);
    }

    [Fact]
    public void Over_repeated_draws_the_interval_covers_the_true_quality_about_as_often_as_it_says()
    {
        const int Repetitions = 400;
        var covered = 0;
        for (var seed = 0; seed < Repetitions; seed++)
        {
            var chance = new Random(seed);
            var pool = new QualityPool();
            for (var session = 0; session < 80; session++)
            {
                // A session has a level of its own; together they are right in 80 of 100.
                var level = chance.NextDouble() < 0.5 ? 0.65 : 0.95;
                for (var call = 0; call < 3; call++)
                {
                    pool.Add(Item(QualitySource.Review, $"{session}/{call}", chance.NextDouble() < level ? 1 : 0, $"s{session}"));
                    pool.Add(Item(QualitySource.Judge, $"{session}/{call}", chance.NextDouble() < level ? 1 : 0, $"s{session}", weight: 0.5));
                }
            }
            if (pool.Estimate().Quality!.Value.Covers(0.8)) covered++;
        }
        Assert.InRange(covered, Repetitions * 0.92, Repetitions * 0.985);
    }

    [Theory]
    [InlineData(200, 0.8, FloorState.Met)]
    [InlineData(120, 0.8, FloorState.Broken)]
    [InlineData(164, 0.8, FloorState.CannotBeSaid)]
    public void A_floor_is_met_or_broken_only_when_the_whole_interval_says_so(int good, double floor, FloorState expected)
    {
        var standing = QualityReading.Standing(new Floor("judge", floor, null), Pool(Reviews(200, good)));
        Assert.Equal(expected, standing.State);
    }

    [Fact]
    public void A_floor_looks_only_at_the_kinds_that_it_names()
    {
        var standing = QualityReading.Standing(new Floor("feedback", 0.5, null), Pool(Reviews(200, 0)));
        Assert.Equal(FloorState.CannotBeSaid, standing.State);
        Assert.Contains("0 of 30", standing.Words);
        Assert.Equal(FloorState.CannotBeSaid, QualityReading.Standing(new Floor("check", 0.5, "frontier"), Pool(Reviews(200, 0))).State);
    }

    private static double Width(QualityPool pool) => pool.Estimate().Quality is { } quality ? quality.High - quality.Low : 0;
}
