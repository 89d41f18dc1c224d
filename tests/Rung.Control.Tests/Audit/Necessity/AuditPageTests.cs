using System.Globalization;
using Rung.Control.Audit;
using Rung.Core.Prices;

namespace Rung.Control.Tests.Audit;

public class AuditPageTests
{
    private static readonly string Page = Read("docs", "audit.md");

    [Fact]
    public void The_worked_example_of_the_page_is_the_arithmetic_of_the_code()
    {
        CallSite[] sites = [.. WorkedExample.Parts.Select(part => part.Site())];
        var reviews = NecessityReview.Of(sites, ModelLadder.Propose(sites, PriceBook.Embedded, SomeSite.Day, []), new AuditAssumptions(), SomeSite.Day);
        foreach (var (part, review) in WorkedExample.Parts.Zip(reviews))
        {
            var row = Page.Split('\n').Single(line => line.StartsWith($"| `{part.Tag}`", StringComparison.Ordinal));
            Assert.Contains($"| {Figures.Number(part.Calls)} | {Figures.Number(part.InputTokens)}, {Figures.Number(part.OutputTokens)} | {Figures.Usd(review.Site.Statistics.CostNanoUsd)} |", row, StringComparison.Ordinal);
            Assert.Contains($"| {review.ProposedTier} | {Figures.Usd(review.SavingNanoUsd!.Value)} |", row, StringComparison.Ordinal);
            if (review.Prove is not null) Assert.Contains($"| {Figures.Usd(review.SavingInterval!.Value.Low)} to {Figures.Usd(review.SavingInterval.Value.High)} |", row, StringComparison.Ordinal);
        }
        var all = Page.Split('\n').Single(line => line.StartsWith("| all |", StringComparison.Ordinal));
        Assert.Contains($"{Figures.Usd(reviews.Sum(review => review.SavingNanoUsd!.Value))}, 47 %", all, StringComparison.Ordinal);
        Assert.Contains($"{Figures.Usd(reviews.Sum(review => review.SavingInterval!.Value.Low))} to {Figures.Usd(reviews.Sum(review => review.SavingInterval!.Value.High))}, 34 % to 54 %", all, StringComparison.Ordinal);
    }

    [Fact]
    public void The_assumptions_of_the_page_are_the_defaults_of_the_code()
    {
        var defaults = new AuditAssumptions();

        Row("tokens for the same text", defaults.Tokenizer, isFactor: true);
        Row("length of the answers", defaults.OutputLength, isFactor: true);
        Row("reasoning tokens", defaults.Reasoning, isFactor: true);
        Row("cached input", defaults.CacheLost, isFactor: false);
        Row("calls that climb one rung, mechanical", defaults.ClimbMechanical, isFactor: false);
        Row("… instruction-following", defaults.ClimbInstruction, isFactor: false);
        Row("… judgement", defaults.ClimbJudgement, isFactor: false);
        Row("calls that a judge", defaults.Judged, isFactor: false);

        void Row(string begin, AssumedRange range, bool isFactor)
        {
            var row = Page.Split('\n').Single(line => line.StartsWith($"| {begin}", StringComparison.Ordinal) && line.Count(character => character == '|') == 5);
            Assert.EndsWith($"| {Word(range.Best)} | {Word(range.Middle)} | {Word(range.Worst)} |", row, StringComparison.Ordinal);

            string Word(int permille) => isFactor ? (permille / 1000m).ToString("0.0", CultureInfo.InvariantCulture) : $"{permille / 10} %";
        }
    }

    private static string Read(params string[] path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Rung.slnx"))) folder = folder.Parent;
        return File.ReadAllText(Path.Combine([folder?.FullName ?? throw new InvalidOperationException("The repository's root is not above the tests."), .. path])).Replace("\r", "", StringComparison.Ordinal);
    }
}
