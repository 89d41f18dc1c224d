using System.Text;
using Rung.Core.Prices;

namespace Rung.Core.Tests.Prices;

public class PriceBookTests
{
    private static readonly string[] KnownCapabilities = ["tools", "vision", "json_schema", "audio", "files", "reasoning", "logprobs"];

    [Fact]
    public void The_book_that_ships_is_whole()
    {
        var book = PriceBook.Embedded;

        Assert.Equal(92, book.Entries.Count);
        Assert.Equal(new DateOnly(2026, 11, 21), book.Compiled);
        Assert.Equal(new DateOnly(2026, 10, 27), book.NewestObservation);
        Assert.All(book.Entries, entry => Assert.All(entry.Periods, period =>
            Assert.All(period.Source.Split(','), key => Assert.Contains(key, book.Sources.Keys))));
        Assert.All(book.Entries, entry => Assert.Subset(KnownCapabilities.ToHashSet(), entry.Capabilities.ToHashSet()));
        Assert.Same(book, PriceBook.Embedded);
    }

    [Fact]
    public void The_book_that_ships_is_written_as_the_writer_writes_it()
    {
        var book = PriceBook.Embedded;
        using var resource = typeof(PriceBook).Assembly.GetManifestResourceStream("Rung.Core.Prices.price-book.json")!;
        using var text = new StreamReader(resource);

        Assert.Equal(text.ReadToEnd(), Encoding.UTF8.GetString(PriceBookFile.Write(book)));
    }

    [Fact]
    public void No_local_model_has_a_price_of_zero()
    {
        Assert.Null(PriceBook.Embedded.Find("ollama", "llama3.2"));
        Assert.Null(PriceBook.Embedded.Find("ollama", "*"));
    }

    [Theory]
    [InlineData("openai", "gpt-5", "gpt-5")]
    [InlineData("OpenAI", "GPT-5", "gpt-5")]
    [InlineData("openai", "gpt-5.6", "gpt-5.6-sol")] // alias
    [InlineData("openai", "gpt-5-2025-08-07", "gpt-5")] // alias
    [InlineData("openai", "gpt-5-2031-01-01", "gpt-5")] // date suffix
    [InlineData("anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5")]
    [InlineData("anthropic", "claude-haiku-4-5-20991231", "claude-haiku-4-5")]
    [InlineData("openai", "openai/gpt-5-mini", "gpt-5-mini")]
    [InlineData("google", "models/gemini-2.5-pro", "gemini-2.5-pro")]
    [InlineData("anthropic", "anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5")]
    [InlineData("anthropic", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5")]
    [InlineData("anthropic", "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5")]
    [InlineData("anthropic", "claude-opus-4-6@20260205", "claude-opus-4-6")]
    [InlineData("anthropic", "claude-opus-4-6@default", "claude-opus-4-6")]
    [InlineData("groq", "openai/gpt-oss-20b", "openai/gpt-oss-20b")] // the prefix is part of the id
    [InlineData("minimax", "minimax/minimax-m3:free", "MiniMax-M3")]
    [InlineData("openai", "gpt-4o-2024-05-13", "gpt-4o-2024-05-13")] // a snapshot with its own price is no gpt-4o
    public void A_model_is_found_by_every_name_it_goes_by(string provider, string model, string id) =>
        Assert.Equal(id, PriceBook.Embedded.Find(provider, model)?.Model);

    [Theory]
    [InlineData("openai", "gpt-5-m")]
    [InlineData("openai", "gpt-5-turbo")]
    [InlineData("openai", "gpt")]
    [InlineData("openai", "")]
    [InlineData("openai", "-20250101")]
    [InlineData("openai", "openai/")]
    [InlineData("anthropic", "claude-opus-5-6")]
    [InlineData("anthropic", "claude-opus-5-20261399")] // no such month
    [InlineData("azure", "gpt-5")] // prices belong to a provider
    [InlineData("openai", "ft:gpt-5:acme::1")]
    [InlineData("", "gpt-5")]
    public void A_name_the_book_does_not_know_has_no_price(string provider, string model) =>
        Assert.Null(PriceBook.Embedded.Find(provider, model));

    [Fact]
    public void No_model_is_found_by_the_beginning_of_its_name()
    {
        Assert.Equal(5_000_000, PriceBook.Embedded.Find("anthropic", "claude-opus-5")!.Periods[^1].Rates.Input);
        Assert.Equal(4_000_000, PriceBook.Embedded.Find("anthropic", "claude-opus-5-5")!.Periods[^1].Rates.Input);
    }

    [Fact]
    public void Finding_allocates_nothing()
    {
        var book = PriceBook.Embedded;
        Assert.NotNull(book.Find("anthropic", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) _ = book.Find("anthropic", "us.anthropic.claude-sonnet-4-5-20250929-v1:0");

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_users_book_wins_over_the_one_that_ships()
    {
        var own = Some.Book(Some.Entry("openai", "gpt-5", input: 7, output: 9, source: "user"), Some.Entry("acme", "own", input: 1, output: 1));

        var book = PriceBook.Embedded.OverlaidBy(own);

        Assert.Equal(93, book.Entries.Count);
        Assert.Equal(7_000_000, book.Find("openai", "gpt-5")!.Periods[0].Rates.Input);
        Assert.NotNull(book.Find("acme", "own"));
        Assert.NotNull(book.Find("openai", "gpt-5-mini"));
    }
}
