using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Checks;
using Check = Rung.Core.Checks.Check;

namespace Rung.Core.Tests.Checks;

public sealed class CitesCheckTests
{
    private const string Given = "[doc-1] The bridge  was opened in 1932\nby the King’s engineer – “a fine man”.\n[doc-12] It cost £6 million.";

    [Theory]
    [InlineData("It says \"the bridge was opened in 1932.\"")]
    [InlineData("It says “The bridge was opened […] by the king's engineer - \"a fine man\"”.")]
    [InlineData("Es heißt „It cost £6 million“")]
    [InlineData("«it COST £6 million»")]
    [InlineData("No quotation of length: \"a\" and 5\" pipes; \"It cost £6 million.\"")]
    public void A_quotation_that_occurs_passes(string answer) => Assert.True(Judge(Quotes(), answer).Passed, Judge(Quotes(), answer).Detail);

    [Theory]
    [InlineData("It says \"the bridge was closed in 1932\".", "does not occur in what was given")]
    [InlineData("It says \"by the king's engineer … the bridge was opened\".", "does not occur")]
    [InlineData("It says nothing.", "The answer holds 0 citations; at least 1 was expected")]
    [InlineData("An open \"mark and then\n\nthe bridge", "0 citations")]
    public void A_quotation_that_does_not_occur_fails(string answer, string reason) => Assert.Contains(reason, Judge(Quotes(), answer).Detail, StringComparison.Ordinal);

    [Fact]
    public void Ids_occur_whole()
    {
        var ids = CheckFactory.Cites(false, @"\[(doc-\d+)\]", 2, out _)!;

        Assert.True(Judge(ids, "see [doc-1] and [doc-12]").Passed);
        Assert.Equal("The id \"doc-2\" does not occur in what was given; name only what was given.", Judge(ids, "see [doc-1] and [doc-2]").Detail);
        Assert.False(Judge(ids, "see [doc-1]").Passed);
        Assert.False(Judge(CheckFactory.Cites(false, @"ref\d", 1, out _)!, "ref1", "xref12").Passed);
    }

    [Fact]
    public void What_makes_no_check_is_refused_with_a_sentence()
    {
        Assert.Null(CheckFactory.Cites(false, null, 1, out var nothing));
        Assert.Null(CheckFactory.Cites(true, "(", 1, out var broken));
        Assert.Null(CheckFactory.Cites(true, @"(?=a)b", 1, out var backtracking));
        Assert.All([nothing, broken, backtracking], fault => Assert.False(string.IsNullOrEmpty(fault)));
        Assert.False(Quotes().Evaluate(Some.Answer("\"the bridge was opened\"")).Passed); // Nobody knows what was given.
    }

    [Fact]
    public void Whatever_is_quoted_from_what_was_given_occurs() => Prop.ForAll(
        Arb.From(Gen.Elements("a", "B c", "d.", " ", "\n", "é", "it's", "…", "-", "🐲", "9").ListOf().Select(parts => string.Concat(parts))), text =>
        {
            var quoted = text.Replace("\n", " ", StringComparison.Ordinal);
            return Judge(CheckFactory.Cites(true, null, 0, out _)!, $"It says \"{quoted}\".", $"It says {text}").Passed;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261121, 4711));

    private static Check Quotes() => CheckFactory.Cites(true, null, 1, out _)!;

    private static CheckResult Judge(Check check, string answer, string given = Given) =>
        check.Evaluate(Some.Answer(answer) with { Context = new CallContext { Prompt = default, Given = Encoding.UTF8.GetBytes(given) } });
}
