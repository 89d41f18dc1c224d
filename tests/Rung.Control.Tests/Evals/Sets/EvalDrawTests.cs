using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Evals;
using Rung.Control.Evals.Sets;
using Rung.Storage.Content;

namespace Rung.Control.Tests.Evals.Sets;

public sealed class EvalDrawTests
{
    private static readonly Config s_few = Config.QuickThrowOnFailure.WithMaxTest(25).WithReplay(20261122, 7);

    // Size, seed, holdout in percent, how many rows.
    private static readonly Arbitrary<(int Size, int Seed, int Holdout, int Rows)> s_any = (
        from size in Gen.Choose(1, 120)
        from seed in Gen.Choose(0, 1000)
        from holdout in Gen.Elements(0, 10, 50, 80, 100)
        from rows in Gen.Choose(1, 160)
        select (size, seed, holdout, rows)).ToArbitrary();

    [Fact]
    public void Weights_sum_to_the_population_and_the_size_is_kept() => Prop.ForAll(s_any, any =>
    {
        var rows = Questions.Mixed(any.Rows);
        var sample = Questions.Draw(rows, Sampling(any));
        Assert.Equal(rows.Sum(row => row.Mass), sample.Rows.Sum(row => row.Row.Weight), 6);
        Assert.Equal(rows.Sum(row => row.Mass), sample.Mass, 6);
        Assert.Equal(Math.Min(any.Size, sample.Different), sample.Rows.Count);
        Assert.Equal(sample.Rows.Count, sample.Strata.Sum(stratum => stratum.Rows));
        Assert.Equal(any.Rows, sample.Different + sample.ExactDuplicates + sample.NearDuplicates);
        Assert.Equal(Enumerable.Range(0, sample.Rows.Count), sample.Rows.Select(row => row.Row.Position));
        return true;
    }).Check(s_few);

    [Fact]
    public void No_session_and_no_group_is_on_both_sides() => Prop.ForAll(s_any, any =>
    {
        var sample = Questions.Draw(Questions.Mixed(any.Rows), Sampling(any));
        foreach (var session in sample.Rows.Where(row => row.Row.Session is not null).GroupBy(row => row.Row.Session)) Assert.Single(session.Select(row => (row.Row.Part, row.Row.Group)).Distinct());
        foreach (var group in sample.Rows.Where(row => row.Row.Group is not null).GroupBy(row => row.Row.Group)) Assert.Single(group.Select(row => row.Row.Part).Distinct());
        if (any.Holdout == 0) Assert.DoesNotContain(sample.Rows, row => row.Row.Part == EvalPart.Test);
        if (any.Holdout == 100) Assert.DoesNotContain(sample.Rows, row => row.Row.Part == EvalPart.Tune);
        return true;
    }).Check(s_few);

    [Fact]
    public void The_order_of_reading_changes_nothing_and_the_seed_does() => Prop.ForAll(s_any, any =>
    {
        var rows = Questions.Mixed(any.Rows);
        var sample = Questions.RowsOf(Questions.Draw(rows, Sampling(any)));
        var reversed = Questions.RowsOf(Questions.Draw([.. rows.Reverse()], Sampling(any)));
        var mixed = Questions.RowsOf(Questions.Draw([.. rows.OrderBy(row => row.Id, StringComparer.Ordinal)], Sampling(any)));
        Assert.Equal(EvalSetHash.Of(sample), EvalSetHash.Of(reversed));
        Assert.Equal(EvalSetHash.Of(sample), EvalSetHash.Of(mixed));
        Assert.Equal(sample.Select(row => row.Id), reversed.Select(row => row.Id));
        return true;
    }).Check(s_few);

    [Fact]
    public void Another_seed_draws_other_rows()
    {
        var rows = Questions.Mixed(300);
        string Ids(long seed) => string.Join(' ', Questions.Draw(rows, new EvalSampling { Size = 40, Seed = seed }).Rows.Select(row => row.Row.Id));
        Assert.NotEqual(Ids(1), Ids(2));
        Assert.Equal(Ids(1), Ids(1));
    }

    [Fact]
    public void Planted_duplicates_are_left_out_and_the_row_that_stays_stands_for_them()
    {
        var rows = Enumerable.Range(0, 60).Select(i => Questions.Row(i)).ToList();
        for (var i = 0; i < 10; i++)
        {
            rows.Add(Questions.Row(1000 + i, Questions.Text(i))); // The same request again.
            rows.Add(Questions.Row(2000 + i, Questions.Text(i + 22).TrimEnd() + " thanks")); // Nearly the same, at least 24 words.
        }
        var long22 = Enumerable.Range(0, 10).Count(i => Questions.Text(i + 22).Split(' ').Length >= 14);

        var sample = Questions.Draw(rows, new EvalSampling());

        Assert.Equal(10, sample.ExactDuplicates);
        Assert.Equal(long22, sample.NearDuplicates);
        Assert.Equal(70 - long22, sample.Different);
        Assert.Equal(rows.Count, sample.Rows.Sum(row => row.Row.Weight), 6);
        Assert.Equal(10 + long22, sample.Rows.Count(row => row.Row.Weight == 2));
    }

    [Fact]
    public void A_template_that_all_requests_share_does_not_make_them_alike()
    {
        var template = string.Join(' ', Enumerable.Range(0, 300).Select(i => $"rule{i} says so"));
        var rows = Enumerable.Range(0, 50).Select(i => Questions.Row(i, template + " " + Questions.Text(i))).ToArray();
        Assert.Equal(50, Questions.Draw(rows, new EvalSampling()).Different);
    }

    [Fact]
    public void The_same_question_with_other_tools_is_another_row_of_the_same_group()
    {
        var text = Questions.Text(22);
        EvalSourceRow With(string tools, string origin)
        {
            var request = ChatForm.RequestOf(null, text, null, tools);
            return new EvalSourceRow { Id = EvalSourceRow.IdOf(request, origin), Request = request, Origin = origin };
        }
        var rows = new[] { With("""[{"type":"function","function":{"name":"a"}}]""", "file a:1"), With("""[{"type":"function","function":{"name":"b"}}]""", "file a:2") };
        var sample = Questions.Draw(rows, new EvalSampling());
        Assert.Equal(2, sample.Rows.Count);
        Assert.Single(sample.Rows.Select(row => row.Row.Group).Distinct());
        Assert.NotNull(sample.Rows[0].Row.Group);
    }

    [Fact]
    public void At_likeness_one_near_duplicates_stay_but_never_part()
    {
        var rows = Enumerable.Range(0, 40).SelectMany(i => new[] { Questions.Row(i, Questions.Text(22)+" x"+i), Questions.Row(i + 1000) }).ToArray();
        var sample = Questions.Draw(rows, new EvalSampling { NearDuplicates = 1 });
        var alike = sample.Rows.Where(row => int.Parse(row.Row.CallId!.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture) < 1000).ToArray();
        Assert.Equal(40, alike.Length);
        Assert.Single(alike.Select(row => (row.Row.Group, row.Row.Part)).Distinct());
    }

    [Fact]
    public void Rare_outcomes_are_drawn_above_their_share_and_weigh_less()
    {
        var rows = Enumerable.Range(0, 1000).Select(i => Questions.Row(i) with { Outcome = i % 100 == 0 ? "no answer" : "served cheap" }).ToArray();
        var sample = Questions.Draw(rows, new EvalSampling { Size = 50 });
        var rare = sample.Rows.Where(row => row.Source.Outcome == "no answer").ToArray();
        Assert.True(rare.Length >= 2, $"{rare.Length} of 50 rows, where the share alone would give 0 or 1");
        Assert.Equal(10, rare.Sum(row => row.Row.Weight), 6);
        Assert.Equal(1000, sample.Rows.Sum(row => row.Row.Weight), 6);
    }

    [Fact]
    public void Weighted_means_over_many_seeds_meet_the_mean_of_the_population()
    {
        // What a row is worth depends on its mass and its outcome: a sample that ignored either would be off.
        var rows = Questions.Mixed(240);
        double Worth(EvalSourceRow row) => (row.Outcome == "climbed" ? 1 : 0) + (row.Mass > 1 ? 0.5 : 0) + (Convert.ToInt32(row.CallId![1..], System.Globalization.CultureInfo.InvariantCulture) % 5 == 0 ? 0.3 : 0);
        var truth = rows.Sum(row => row.Mass * Worth(row)) / rows.Sum(row => row.Mass);
        var means = Enumerable.Range(1, 30).Select(seed =>
        {
            var sample = Questions.Draw(rows, new EvalSampling { Size = 60, Seed = seed });
            return sample.Rows.Sum(row => row.Row.Weight * Worth(row.Source)) / sample.Rows.Sum(row => row.Row.Weight);
        }).ToArray();
        var (mean, deviation) = (means.Average(), Math.Sqrt(means.Select(value => Math.Pow(value - means.Average(), 2)).Average()));
        Assert.True(Math.Abs(mean - truth) < 3 * deviation / Math.Sqrt(means.Length), $"truth {truth:0.0000}, mean {mean:0.0000}, deviation of one {deviation:0.0000}");
    }

    [Fact]
    public void Rows_that_a_file_holds_out_stay_held_out_with_all_that_belongs_to_them()
    {
        var rows = Enumerable.Range(0, 30).Select(i => Questions.Row(i) with { GroupHint = $"g{i / 3}", Part = i == 4 ? EvalPart.Test : i < 15 ? EvalPart.Tune : null }).ToArray();
        var sample = Questions.Draw(rows, new EvalSampling());
        EvalPart Of(int i) => sample.Rows.Single(row => row.Source.CallId == $"c{i}").Row.Part;
        Assert.Equal([EvalPart.Test, EvalPart.Test, EvalPart.Test], new[] { Of(3), Of(4), Of(5) });
        Assert.Equal([EvalPart.Tune, EvalPart.Tune, EvalPart.Tune], new[] { Of(0), Of(6), Of(14) });
    }

    [Fact]
    public void Groups_name_nobody()
    {
        var rows = Enumerable.Range(0, 4).Select(i => Questions.Row(i) with { Session = "session-of-ada" }).ToArray();
        Assert.All(Questions.Draw(rows, new EvalSampling()).Rows, row => Assert.Matches("^g-[0-9a-f]{16}$", row.Row.Group));
    }

    [Fact]
    public void Of_too_many_rows_some_are_drawn_first_and_stand_for_the_others()
    {
        var (small, other) = (new BoundedRows(50, 3), new BoundedRows(50, 3));
        for (var i = 0; i < 200; i++)
        {
            small.Add(Questions.Row(i));
            other.Add(Questions.Row(199 - i));
        }
        Assert.Equal(200, small.Seen);
        Assert.Equal(200, small.Take().Sum(row => row.Mass), 6);
        Assert.Equal(small.Take().Select(row => row.Id).Order(), other.Take().Select(row => row.Id).Order());
    }

    [Fact]
    public void Rows_that_are_too_large_together_are_thinned_out_the_same_way_in_any_order()
    {
        var rows = Enumerable.Range(0, 100).Select(i => Questions.Row(i, Questions.Text(i) + new string('x', i % 10 * 100))).ToArray();
        string[] Kept(IEnumerable<EvalSourceRow> read)
        {
            var bounded = new BoundedRows(1000, 5, mostBytes: 20_000);
            foreach (var row in read) bounded.Add(row);
            var taken = bounded.Take();
            Assert.True(taken.Sum(row => row.Request.Length) <= 20_000);
            Assert.InRange(taken.Count, 20, 80);
            Assert.Equal(100, taken.Sum(row => row.Mass), 6);
            return [.. taken.Select(row => row.Id).Order(StringComparer.Ordinal)];
        }
        Assert.Equal(Kept(rows), Kept(rows.Reverse()));
        Assert.Equal(Kept(rows), Kept(rows.OrderBy(row => row.Request.Length)));
    }

    [Fact]
    public void Nothing_to_draw_from_and_impossible_wishes_are_said()
    {
        Assert.Contains("no rows", Assert.Throws<EvalException>(() => Questions.Draw([], new EvalSampling())).Problem, StringComparison.Ordinal);
        foreach (var wrong in (EvalSampling[])[new() { Size = 0 }, new() { Holdout = 1.1 }, new() { Holdout = double.NaN }, new() { NearDuplicates = 0.2 }])
        {
            Assert.Throws<EvalException>(() => Questions.Draw([Questions.Row(1)], wrong));
        }
    }

    private static EvalSampling Sampling((int Size, int Seed, int Holdout, int Rows) any) => new() { Size = any.Size, Seed = any.Seed, Holdout = any.Holdout / 100.0 };
}
