using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Feedback;

namespace Rung.Control.Tests.Feedback;

public sealed class TextDistanceLaws
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 1).WithMaxTest(300);

    // Few letters and lengths around the 64 bits of a word: there the carries are.
    private static readonly Gen<string> Text =
        from length in Gen.OneOf(Gen.Choose(0, 8), Gen.Choose(60, 70), Gen.Choose(120, 200))
        from letters in Gen.Elements('a', 'b', 'c', 'é').ArrayOf(length)
        select new string(letters);

    private static readonly Arbitrary<(string A, string B)> Pairs = Text.Zip(Text).Select(pair => (pair.Item1, pair.Item2)).ToArbitrary();

    [Fact]
    public void It_is_the_distance_of_the_table_over_the_longer_length() =>
        Prop.ForAll(Pairs, pair =>
        {
            var longer = Math.Max(pair.A.Length, pair.B.Length);
            Assert.Equal(longer == 0 ? 0 : (double)Table(pair.A, pair.B) / longer, TextDistance.Normalised(pair.A, pair.B), 12);
        }).Check(Fixed);

    [Fact]
    public void It_is_symmetric_lies_between_the_difference_of_lengths_and_one_and_is_zero_only_for_equal_texts() =>
        Prop.ForAll(Pairs, pair =>
        {
            var distance = TextDistance.Normalised(pair.A, pair.B);
            Assert.Equal(distance, TextDistance.Normalised(pair.B, pair.A));
            Assert.InRange(distance, Math.Abs(pair.A.Length - pair.B.Length) / (double)Math.Max(1, Math.Max(pair.A.Length, pair.B.Length)), 1);
            Assert.Equal(pair.A == pair.B, distance == 0);
        }).Check(Fixed);

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 1)]
    [InlineData("abc", "xyz", 1)]
    [InlineData("abc", "wxyz", 1)]
    [InlineData("kitten", "sitting", 3 / 7.0)]
    [InlineData("🙂🙂", "🙂🙃", 0.5)]
    public void Known_distances(string a, string b, double expected) => Assert.Equal(expected, TextDistance.Normalised(a, b), 12);

    [Fact]
    public void A_small_change_in_the_middle_of_a_very_long_text_is_exact()
    {
        var text = string.Concat(Enumerable.Range(0, 15_000).Select(number => $"{number} "));
        Assert.Equal(1.0 / text.Length, TextDistance.Normalised(text, text[..40_000] + "x" + text[40_001..]), 12);
    }

    [Fact]
    public void Two_very_long_different_texts_are_compared_by_words_and_keep_the_bounds()
    {
        var left = string.Join(' ', Enumerable.Range(0, 16_000).Select(number => $"w{number}"));
        var half = string.Join(' ', Enumerable.Range(0, 16_000).Select(number => number % 2 == 0 ? $"w{number}" : $"x{number}"));
        Assert.Equal(0.5, TextDistance.Normalised(left, half), 12);
        Assert.Equal(TextDistance.Normalised(half, left), TextDistance.Normalised(left, half));
        Assert.Equal(1, TextDistance.Normalised(left, string.Join(' ', Enumerable.Range(0, 16_000).Select(number => $"y{number}"))));
    }

    private static int Table(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var next = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = next;
            }
        }
        return row[b.Length];
    }
}
