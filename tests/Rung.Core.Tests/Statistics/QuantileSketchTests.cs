using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public sealed class QuantileSketchTests
{
    private static readonly Arbitrary<long[]> s_values = Gen.ArrayOf(Gen.OneOf(
        Gen.Choose(1, 1_000_000_000).Select(value => (long)value),
        Gen.Choose(1, 500).Select(value => (long)value),
        Gen.Choose(0, 11).Select(power => (long)Math.Pow(10, power)))).Where(values => values.Length > 0).ToArbitrary();

    [Fact]
    public void Every_quantile_is_within_one_percent_of_the_value_that_has_its_rank() => Prop.ForAll(s_values, Gen.Choose(0, 1000).ToArbitrary(), (values, thousandths) =>
    {
        var share = thousandths / 1000.0;
        var exact = values.Order().ElementAt(Math.Max(1, (int)Math.Ceiling(share * values.Length)) - 1);
        return Math.Abs(Of(values).Quantile(share) - exact) <= 0.0026 * exact;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Two_sketches_that_are_merged_are_the_sketch_of_all() => Prop.ForAll(s_values, s_values, (some, others) =>
    {
        var (merged, all) = (Of(some), Of([.. some, .. others]));
        merged.Merge(Of(others));
        return merged.Count == all.Count && Enumerable.Range(0, 101).All(percent => merged.Quantile(percent / 100.0).Equals(all.Quantile(percent / 100.0)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Counts_up_to_the_end_of_a_bin_are_exact() => Prop.ForAll(s_values, values =>
    {
        var sketch = Of(values);
        return values.All(value => sketch.CountTo(QuantileSketch.BinOf(value)) == values.Count(other => QuantileSketch.BinOf(other) <= QuantileSketch.BinOf(value)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Values_beyond_the_range_are_counted_at_its_ends()
    {
        var sketch = Of([-5, 0, long.MaxValue]);
        Assert.Equal(3, sketch.Count);
        Assert.Equal(1, sketch.Quantile(0));
        Assert.InRange(sketch.Quantile(1), 0.99 * QuantileSketch.Most, 1.01 * QuantileSketch.Most);
    }

    [Fact]
    public void An_empty_sketch_has_no_quantile() => Assert.True(double.IsNaN(new QuantileSketch().Quantile(0.5)));

    private static QuantileSketch Of(IEnumerable<long> values)
    {
        var sketch = new QuantileSketch();
        foreach (var value in values) sketch.Add(value);
        return sketch;
    }
}
