using Rung.Core.Learning.Features;

namespace Rung.Core.Tests.Learning;

public sealed class EquationReaderTests
{
    [Theory]
    [InlineData("3 x 60 = <<3*60=180>>180 meters", 2, 0)]
    [InlineData("3 sprints * 60 meters/sprint = 180 meters", 1, 0)]
    [InlineData("$40 + $24 = $64", 1, 0)]
    [InlineData("60% of 5 = 3", 1, 0)]
    [InlineData("20 / 50 * 100% = 40%", 1, 0)]
    [InlineData("10 / 3 = 3.33", 1, 0)]
    [InlineData("(2 + 3) * 4 = 20.", 1, 0)]
    [InlineData("1,200 - 200 = 1,000", 1, 0)]
    [InlineData("2 + 2 = 5", 1, 1)]
    [InlineData("6 * 7 = 41 and 6 - 7 = -1", 2, 1)]
    [InlineData("a total of 15 + 25 = <<15+2", 1, 0)]
    [InlineData("x = 3, so y = x + 1", 0, 0)]
    [InlineData("12 = 12", 0, 0)]
    [InlineData("no sums at all", 0, 0)]
    public void Calculations_in_prose_are_found_and_recomputed(string text, int found, int wrong)
    {
        var equations = EquationReader.Find(text, TextNumber.Find(text, limit: 100));

        Assert.Equal((found, wrong), (equations.Count, equations.Count(equation => !equation.IsRight)));
    }

    [Fact]
    public void Feature_names_are_stable_words_each_once()
    {
        Assert.Equal(AnswerFeatures.Names.Length, AnswerFeatures.Names.Distinct().Count());
        Assert.Equal(("prompt_chars", "question_without_call"), (AnswerFeatures.Names[0], AnswerFeatures.Names[^1]));
        Assert.Equal((1, 178), (AnswerFeatures.Version, AnswerFeatures.Count));
    }

    [Fact]
    public void How_a_client_escapes_its_tools_does_not_matter()
    {
        static FeatureVector Of(string tools) => AnswerFeatures.Of(
            new Rung.Core.Checks.Answer { Content = "no"u8.ToArray(), Context = new() { Prompt = "q"u8.ToArray(), Given = default, Tools = System.Text.Encoding.UTF8.GetBytes(tools) } },
            promptOnly: false);

        var (plain, escaped) = (Of("[{\"function\":{\"name\":\"find\",\"description\":\"caf\u00e9's\"}}]"), Of("[ {\"function\" : {\"name\":\"find\",\"description\":\"caf\\u00e9\\u0027s\"}} ]"));
        Assert.Equal(plain.Buckets, escaped.Buckets);
        Assert.Equal(plain.Dense, escaped.Dense);
    }
}
