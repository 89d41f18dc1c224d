using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Checks;

namespace Rung.Core.Tests.Checks;

public sealed class ArithmeticScanTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(20261121, 4711);

    [Theory]
    [InlineData("12 * 3 = 36")]
    [InlineData("3 x 60 = 180 meters")]
    [InlineData("3x60=180")]
    [InlineData("$4.50 + $2 = $6.50")]
    [InlineData("1,200/4=300")]
    [InlineData("50% of 80 = 40")]
    [InlineData("1/2 of 80 = 40")]
    [InlineData("80 * 25% = 20")]
    [InlineData("12/50 = 24%")]
    [InlineData("12 / 50 * 100 = 24%")]
    [InlineData("100% - 30% = 70%")]
    [InlineData("3 apples + 5 apples = 8 apples")]
    [InlineData("$2/hour * 3 hours = $6")]
    [InlineData("**3 * 60 = 180**")]
    [InlineData("- 3 * 60 = 180 meters.")]
    [InlineData("1. 3 + 4 = 7")]
    [InlineData("So in total he has (3 + 4) * 2 = 14 of them, which is a lot")]
    [InlineData("(so 3 + 4 = 7)")]
    [InlineData("\\frac{3}{4} \\times 8 = 6")]
    [InlineData("\\(3 \\cdot 4 = \\boxed{12}\\)")]
    [InlineData("$3 \\times 1{,}200 = 3600$ \\text{ metres}")]
    [InlineData("2^10 = 1024")]
    [InlineData("2**3 = 8")]
    [InlineData("5² = 25")]
    [InlineData("10 / 3 = 3.33")]
    [InlineData("2/3 = 0.667")]
    [InlineData("10 / 3 ≈ 3")]
    [InlineData("1000 / 3 = 333")]
    [InlineData("3 - 5 = -2")]
    [InlineData("-3 + 5 = 2")]
    [InlineData("48 / 2 = 24 - so she sold 24")]
    [InlineData("5 times 4 plus 2 = 22")]
    [InlineData("20 divided by 4 = 5")]
    [InlineData("2(3 + 4) = 14")]
    [InlineData("9 = 4 + 5")]
    public void An_equation_that_holds_is_found_and_right(string text)
    {
        var counts = ArithmeticScan.Of(text);
        Assert.Equal((1, 0), (counts.Found, counts.Wrong));
    }

    [Theory]
    [InlineData("12 * 3 = 37", "12 * 3 = 37", "36")]
    [InlineData("Each day she runs 3 x 60 = 170 meters in all.", "3 x 60 = 170 meters in all", "180")]
    [InlineData("$4.50 + $2 = $6.75", "4.50 + $2 = $6.75", "6.5")]
    [InlineData("1,200/4=3,00", "1,200/4=3", "300")]
    [InlineData("50% of 80 = 30", "50% of 80 = 30", "40")]
    [InlineData("20-5=16", "20-5=16", "15")]
    [InlineData("7/2 = 4", "7/2 = 4", "3.5")]
    [InlineData("\\frac{3}{4} \\times 8 = 7", "\\frac{3}{4} \\times 8 = 7", "6")]
    [InlineData("a total of 3 + 4 = 8", "3 + 4 = 8", "7")]
    [InlineData("10 / 3 = 3.35", "10 / 3 = 3.35", "3.3333")]
    public void An_equation_that_does_not_hold_is_wrong_and_told(string text, string equation, string left)
    {
        var counts = ArithmeticScan.Of(text);
        Assert.Equal((1, 1, equation, left), (counts.Found, counts.Wrong, counts.FirstWrong, counts.LeftValue));
    }

    [Theory]
    [InlineData("x = 5")]
    [InlineData("5 = x")]
    [InlineData("x + 5 = 8")]
    [InlineData("2x + 3 = 7")]
    [InlineData("3 + y = 9 and 2 * z = 9")]
    [InlineData("2024-01-02 = the second of January")]
    [InlineData("2024-01-02 = 7")]
    [InlineData("12/25/2024 = 3")]
    [InlineData("pages 3-5 = 12")]
    [InlineData("version 1.2.3 = 7")]
    [InlineData("at 3:30 + 1 = 9")]
    [InlineData("f(3) + 4 = 9")]
    [InlineData("sqrt(16) + 1 = 6")]
    [InlineData("\\sqrt{16} + 1 = 6")]
    [InlineData("a == 3 + 4 == 8")]
    [InlineData("if 3 + 4 >= 8")]
    [InlineData("name = \"3 + 4\"")]
    [InlineData("2 * 1 hour = 120 minutes")]
    [InlineData("4 * 25 cents = $1")]
    [InlineData("2 1/2 + 1 = 3.5")]
    [InlineData("twice 4 + 2 = 10")]
    [InlineData("half of 80 + 5 = 45")]
    [InlineData("80 - 20% = 64")]
    [InlineData("2 * $3 million = $6000000")]
    [InlineData("Day 5 = 3 + 4")]
    [InlineData("3A + 37 = 85")]
    [InlineData("240 boys / Total students = 40%")]
    [InlineData("12.8 / (1 - 3/5) = 12.8 / 2/5")]
    [InlineData("1 x 1 hour + 1 x 30 minutes = 90 minutes")]
    [InlineData("4 dozens + 2 = 50")]
    [InlineData("1e3 * 2 = 7")]
    [InlineData("5 / 0 = 7")]
    [InlineData("3 + 4 = seven")]
    [InlineData("3 + 4 = x + 1")]
    [InlineData("= 12")]
    [InlineData("====")]
    [InlineData("7 / 2 = 3 remainder 1")]
    [InlineData("7 ÷ 2 = 3 r1")]
    [InlineData("3 + 5 = 1 (mod 7)")]
    [InlineData("mod 7: 3 + 5 = 1")]
    [InlineData("In base 8, 7 + 1 = 10")]
    [InlineData("101 + 11 = 1000 in binary")]
    [InlineData("0b11 + 1 = 4")]
    [InlineData("1'000 + 500 = 1'500")]
    [InlineData("sin 30 + 1 = 1.5")]
    [InlineData("$2 - 50 cents = $1.50")]
    [InlineData("5 ft + 6 in = 66 in")]
    [InlineData("")]
    public void What_is_no_equation_or_may_mean_something_else_is_never_wrong(string text) => Assert.Equal(0, ArithmeticScan.Of(text).Wrong);

    [Theory]
    [InlineData("3 * 4 = 2 * 6 = 12", 2, 0)]
    [InlineData("Speed = 60 / 3 = 20 mph", 1, 0)]
    [InlineData("3 * 60 = 180 + 20 = 200", 2, 0)]
    [InlineData("3 + 4 = 7 and 5 + 6 = 12", 2, 1)]
    [InlineData("3*60=<<3*60=180>>180 meters", 2, 0)]
    [InlineData("3*60=<<3*60=170>>170 meters", 2, 2)]
    [InlineData("1 + 1 = 2\n2 + 2 = 5\r\n3 + 3 = 6", 3, 1)]
    [InlineData("<<3*60=180", 1, 0)]
    public void Chains_lines_and_annotations_are_counted_one_by_one(string text, int found, int wrong)
    {
        var counts = ArithmeticScan.Of(text);
        Assert.Equal((found, wrong), (counts.Found, counts.Wrong));
    }

    [Fact]
    public void A_sum_is_right_and_its_neighbour_is_wrong() => Prop.ForAll(Arb.From(Gen.Choose(-5000, 5000).SelectMany(a => Gen.Choose(1, 5000).Select(b => (a, b)))), pair =>
    {
        var (a, b) = pair;
        var right = new[] { $"{a} + {b} = {a + b}", $"{a} * {b} = {(long)a * b}", $"{a} + {b} * 2 = {a + (b * 2)}", $"({a} - {b}) * 3 = {(a - b) * 3}" };
        Assert.All(right, text => Assert.Equal((1, 0), Counts(text)));
        Assert.Equal((1, 1), Counts($"{a} + {b} = {a + b + 1}"));
    }).Check(Fixed);

    [Fact]
    public void No_text_makes_it_throw_or_count_more_wrong_than_found() => Prop.ForAll(
        Arb.From(Gen.Elements("1", "23", ".5", " ", "=", "+", "-", "*", "/", "(", ")", "{", "}", "%", "x", "of", "\\frac", "<<", ">>", "^", "**", "²", "$", "≈", "\\", "ab", "\n", ",", "9999999999", "\ud800").ListOf().Select(parts => string.Concat(parts))),
        text =>
        {
            var counts = ArithmeticScan.Of(Encoding.UTF8.GetBytes(text));
            return counts.Wrong <= counts.Found && counts.Wrong > 0 == (counts.FirstWrong is not null);
        }).Check(Fixed);

    [Theory]
    [InlineData("(")]
    [InlineData("{")]
    [InlineData("2^")]
    [InlineData("9^9^")]
    [InlineData("1+")]
    [InlineData("1 ")]
    [InlineData("\\frac{")]
    [InlineData("=")]
    [InlineData("9")]
    [InlineData("1-1=")]
    public void Long_and_deep_texts_are_bounded(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 20_000)) + "1 = 2";
        Assert.True(ArithmeticScan.Of(text).Found >= 0);
    }

    [Fact]
    public void The_check_says_what_to_correct()
    {
        var check = CheckFactory.Arithmetic(0.01m, required: true, out _)!;

        Assert.True(check.Evaluate(Some.Answer("3 * 60 = 180")).Passed);
        Assert.Equal("1 of 2 equations in the answer does not hold: \"3 * 60 = 170\", but the left side is 180; correct it and what follows from it.", Some.Detail(check, "3 * 60 = 170\n1 + 1 = 2"));
        Assert.Contains("no equation", Some.Detail(check, "It is 180."), StringComparison.Ordinal);
        Assert.True(Some.Passes(CheckFactory.Arithmetic(0.01m, required: false, out _)!, "It is 180."));
        Assert.Null(CheckFactory.Arithmetic(-1, required: false, out var fault));
        Assert.NotNull(fault);
    }

    private static (int Found, int Wrong) Counts(string text)
    {
        var counts = ArithmeticScan.Of(text);
        return (counts.Found, counts.Wrong);
    }
}
