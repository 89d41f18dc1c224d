using System.Text;
using Rung.Core.Prices;

namespace Rung.Core.Tests.Prices;

public class PriceBookFileTests
{
    [Fact]
    public void A_book_survives_being_written_and_read()
    {
        var book = Some.Book(Some.Entry("acme", "tiny \"q\"", input: 0.000001m, output: 0), Some.Entry("acme", "big", input: 10, output: 50)
            with { Aliases = ["bigger"], Context = 1000, Note = "über", Temperature = "fixed_1", Status = "preview" });
        var entry = book.Entries[1] with
        {
            Periods =
            [
                book.Entries[1].Periods[0] with { To = Some.Day(2026, 2, 1) },
                new PricePeriod
                {
                    From = Some.Day(2026, 2, 1),
                    Rates = Some.Rates(1, 2, 0.1m) with { AudioOutput = 7, CacheWriteLong = 9 },
                    Tiers = [new PriceTier(5, Some.Rates(3, 4))],
                    FlexPermille = 500,
                    PriorityPermille = 1667,
                    Peak = new PeakHours([(60, 240), (1380, 1440)], 2000),
                    PromotionUntil = new DateOnly(2026, 3, 1),
                    Source = "a,b",
                    Confidence = "low",
                },
            ],
        };
        book = Some.Book(book.Entries[0], entry);

        var bytes = PriceBookFile.Write(book);
        var again = PriceBookFile.Read(bytes);

        Assert.Equal(Encoding.UTF8.GetString(bytes), Encoding.UTF8.GetString(PriceBookFile.Write(again)));
        Assert.Equal(1, again.Entries[0].Periods[0].Rates.Input);
        Assert.Equal(entry.Periods[1].Rates, again.Entries[1].Periods[1].Rates);
        Assert.Equal((1380, 1440), again.Entries[1].Periods[1].Peak!.Windows[1]);
        Assert.Equal("a,b", again.Entries[1].Periods[1].Source);
        Assert.Equal(new DateOnly(2026, 3, 1), again.Entries[1].Periods[1].PromotionUntil);
    }

    [Fact]
    public void An_empty_book_can_be_written_and_read() =>
        Assert.Empty(PriceBookFile.Read(PriceBookFile.Write(PriceBook.Empty)).Entries);

    [Theory]
    [InlineData("""{"input":1,"output":2,"cachread":1,"source":["s"]}""", "models[0].periods[0].cachread")]
    [InlineData("""{"input":1,"source":["s"]}""", "models[0].periods[0].output")]
    [InlineData("""{"input":-1,"output":2,"source":["s"]}""", "models[0].periods[0].input")]
    [InlineData("""{"input":0.0000001,"output":2,"source":["s"]}""", "models[0].periods[0].input")]
    [InlineData("""{"input":"1","output":2,"source":["s"]}""", "models[0].periods[0].input")]
    [InlineData("""{"input":1e300,"output":2,"source":["s"]}""", "models[0].periods[0].input")]
    [InlineData("""{"from":"2026-02-01","to":"2026-02-01","input":1,"output":2,"source":["s"]}""", "models[0].periods[0]")]
    [InlineData("""{"from":"2026-02-30","input":1,"output":2,"source":["s"]}""", "models[0].periods[0].from")]
    [InlineData("""{"input":1,"output":2,"source":["s"]},{"input":1,"output":2,"source":["s"]}""", "models[0].periods")]
    [InlineData("""{"input":1,"output":2,"source":["s"],"tiers":[{"above":9,"input":1,"output":1},{"above":9,"input":1,"output":1}]}""", "models[0].periods[0].tiers[1].above")]
    [InlineData("""{"input":1,"output":2,"source":["s"],"peak":{"utc":["5:00-04:00"],"times":2}}""", "models[0].periods[0].peak.utc[0]")]
    [InlineData("""{"input":1,"output":2,"source":["s"],"flex":0.0001}""", "models[0].periods[0].flex")]
    [InlineData("", "models[0].periods")]
    public void A_fault_says_where_it_is(string periods, string path)
    {
        var file = $$"""{"format":"rung-price-book/1","compiled":"2026-01-01","models":[{"provider":"a","model":"m","periods":[{{periods}}]}]}""";

        Assert.Equal(path, Assert.Throws<PriceBookException>(() => PriceBookFile.Read(Encoding.UTF8.GetBytes(file))).Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format":"rung-price-book/2","compiled":"2026-01-01","models":[]}""")]
    [InlineData("""{"format":"rung-price-book/1","compiled":"2026-01-01","models":[1]}""")]
    [InlineData("""{"format":"rung-price-book/1","compiled":"2026-01-01","models":[{"provider":"a","model":"m","aliases":["M"],"periods":[{"input":1,"output":2,"source":["s"]}]}]}""")]
    public void What_is_no_price_book_is_refused(string file) =>
        Assert.Throws<PriceBookException>(() => PriceBookFile.Read(Encoding.UTF8.GetBytes(file)));

    [Fact]
    public void The_documented_example_is_a_price_book()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "prices.md"));
        var start = page.IndexOf("```json\n", StringComparison.Ordinal) + "```json\n".Length;
        var example = page[start..page.IndexOf("```", start, StringComparison.Ordinal)];

        var book = PriceBookFile.Read(Encoding.UTF8.GetBytes(example));

        Assert.Equal(Some.Pico(3.6m), book.Find("openai", "our-sol")!.Periods[1].Tiers.Single().Rates.Input);
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Rung.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
