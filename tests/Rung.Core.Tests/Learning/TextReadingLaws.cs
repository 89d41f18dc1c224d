using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Learning.Features;

namespace Rung.Core.Tests.Learning;

public sealed class TextReadingLaws
{
    private static readonly Config s_fixed = Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261122, 1);
    private static readonly Feature[] s_features = [(Feature)0, (Feature)1, (Feature)2];

    [Fact]
    public void Phrases_counted_in_one_pass_are_those_counted_one_by_one()
    {
        var word = Gen.ArrayOf(Gen.Elements('a', 'b', ' ', '≈', '…')).Where(letters => letters.Length > 0).Select(letters => new string(letters[..Math.Min(4, letters.Length)]));
        var groups = Gen.ArrayOf(word, 3).Three();
        var texts = Gen.ArrayOf(Gen.Elements('a', 'b', ' ', '≈', '…', 'x')).Select(letters => new string(letters));

        Prop.ForAll(groups.Zip(texts).ToArbitrary(), drawn =>
        {
            var ((first, second, third), text) = drawn;
            string[][] phrases = [[.. first.Distinct()], [.. second.Distinct()], [.. third.Distinct()]];
            var counted = new PhraseCounter((s_features[0], phrases[0]), (s_features[1], phrases[1]), (s_features[2], phrases[2])).Count(text);

            return s_features.All(feature => counted[(int)feature] == phrases[(int)feature].Sum(phrase => text.AsSpan().Count(phrase)));
        }).Check(s_fixed);
    }

    [Fact]
    public void A_number_is_what_the_framework_reads()
    {
        var digits = Gen.ArrayOf(Gen.Choose(0, 9), 9).Zip(Gen.Choose(1, 9).Zip(Gen.Choose(0, 9)));

        Prop.ForAll(digits.ToArbitrary(), drawn =>
        {
            var (all, (length, decimals)) = drawn;
            var text = string.Concat(all.Take(length)) + (decimals > 0 ? "." + string.Concat(Enumerable.Reverse(all).Take(decimals)) : "");
            var found = Assert.Single(TextNumber.Find(text, limit: 10));

            return found.Value.Equals(double.Parse(text, CultureInfo.InvariantCulture)) && (found.Start, found.End) == (0, text.Length);
        }).Check(s_fixed);
    }
}
