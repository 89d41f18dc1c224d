using System.Text;
using Rung.Core.Prices;

namespace Rung.Core.Tests.Prices;

public class PriceBookMergeTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);
    private static readonly DateTimeOffset Midnight = Some.Day(2026, 11, 22);

    [Fact]
    public void A_changed_price_closes_the_period_in_force_and_begins_a_new_one()
    {
        var book = Some.Book(Some.Entry("acme", "m", input: 2, output: 10));

        var (merged, changes) = Merge(book, Some.Entry("acme", "m", input: 1, output: 5));

        var change = Assert.Single(changes);
        Assert.Equal(PriceChangeKind.Changed, change.Kind);
        var periods = merged.Entries.Single().Periods;
        Assert.Equal(2, periods.Length);
        Assert.Equal(Midnight, periods[0].To);
        Assert.Equal(Midnight, periods[1].From);
        Assert.Equal(Some.Rates(2, 10), merged.Entries[0].At(Midnight.AddTicks(-1))!.Rates);
        Assert.Equal(Some.Rates(1, 5), merged.Entries[0].At(Midnight)!.Rates);
        Assert.Null(book.Entries[0].Periods[0].To); // the old book is as it was
    }

    [Fact]
    public void Importing_the_same_list_again_changes_nothing()
    {
        var list = Some.Entry("acme", "m", input: 1, output: 5);
        var once = Merge(Some.Book(Some.Entry("acme", "m", input: 2, output: 10)), list).Book;

        var (twice, changes) = Merge(once, list);

        Assert.Equal(PriceChangeKind.Unchanged, changes.Single().Kind);
        Assert.Equal(PriceBookFile.Write(once), PriceBookFile.Write(twice));
    }

    [Fact]
    public void A_second_change_on_the_same_day_replaces_the_first()
    {
        var once = Merge(Some.Book(Some.Entry("acme", "m", input: 2, output: 10)), Some.Entry("acme", "m", input: 1, output: 5)).Book;

        var twice = Merge(once, Some.Entry("acme", "m", input: 3, output: 5)).Book;

        Assert.Equal(2, twice.Entries[0].Periods.Length);
        Assert.Equal(Some.Rates(3, 5), twice.Entries[0].At(Midnight)!.Rates);
    }

    [Theory]
    [InlineData("1", "10", PriceChangeKind.Changed)]
    [InlineData("1", "10.000001", PriceChangeKind.Refused)]
    [InlineData("10", "1", PriceChangeKind.Changed)]
    [InlineData("10", "0.999999", PriceChangeKind.Refused)]
    [InlineData("0", "1", PriceChangeKind.Refused)]
    public void A_leap_of_more_than_ten_times_needs_force(string before, string after, PriceChangeKind kind)
    {
        var book = Some.Book(Some.Entry("acme", "m", decimal.Parse(before), output: 10));
        var list = Some.Entry("acme", "m", decimal.Parse(after), output: 10);

        Assert.Equal(kind, Merge(book, list).Changes.Single().Kind);
        Assert.Equal(PriceChangeKind.Changed, PriceBookMerge.Merge(book, Import(list), Today, force: true).Changes.Single().Kind);
        if (kind == PriceChangeKind.Refused) Assert.Equal(PriceBookFile.Write(book)[^40..], PriceBookFile.Write(Merge(book, list).Book)[^40..]);
    }

    [Fact]
    public void What_the_user_stated_stays()
    {
        var book = Some.Book(Some.Entry("acme", "m", input: 2, output: 10, source: "user"));

        var (merged, changes) = Merge(book, Some.Entry("acme", "m", input: 1, output: 5));

        Assert.Equal(PriceChangeKind.Kept, changes.Single().Kind);
        Assert.Equal(Some.Rates(2, 10), merged.Entries[0].At(Midnight)!.Rates);
    }

    [Fact]
    public void A_model_new_to_the_book_begins_on_the_day_of_the_import()
    {
        var (merged, changes) = Merge(Some.Book(), Some.Entry("acme", "m", input: 1, output: 5));

        Assert.Equal(PriceChangeKind.Added, changes.Single().Kind);
        Assert.Equal(Midnight, merged.Entries.Single().Periods.Single().From);
        Assert.Equal("imported on 2026-11-22", merged.Sources["test"]);
        Assert.Equal(Today, merged.Compiled);
    }

    [Fact]
    public void A_price_announced_for_later_still_comes()
    {
        var flash = PriceBook.Embedded.Find("google", "gemini-3.8-flash")!;

        var merged = Merge(PriceBook.Embedded, Some.Entry("google", "gemini-3.8-flash", input: 0.5m, output: 3)).Book.Find("google", "gemini-3.8-flash")!;

        Assert.Equal(3, merged.Periods.Length);
        Assert.Equal(Some.Pico(0.75m), merged.At(Midnight.AddDays(-1))!.Rates.Input);
        Assert.Equal(Some.Pico(0.5m), merged.At(Midnight)!.Rates.Input);
        Assert.Equal(flash.Periods[1], merged.At(Some.Day(2027, 1, 1)));
    }

    [Fact]
    public void A_list_that_leaves_out_details_does_not_erase_them()
    {
        var (merged, changes) = Merge(PriceBook.Embedded, Some.Entry("openai", "gpt-6-sol", input: 2, output: 10));

        Assert.Equal(PriceChangeKind.Unchanged, changes.Single().Kind);
        Assert.Equal(PriceBook.Embedded.Find("openai", "gpt-6-sol")!.Periods, merged.Find("openai", "gpt-6-sol")!.Periods);
    }

    [Fact]
    public void A_new_price_without_the_old_details_says_what_was_lost()
    {
        var change = Merge(PriceBook.Embedded, Some.Entry("openai", "gpt-6-sol", input: 3, output: 10)).Changes.Single();

        Assert.Equal("the list states no context tiers and no cached rate; the book did", change.Reason);
        Assert.Equal((PriceChangeKind.Changed, 500), (change.Kind, change.After!.FlexPermille));
    }

    [Fact]
    public void An_alias_in_a_list_does_not_change_the_model_behind_it()
    {
        var (merged, changes) = Merge(PriceBook.Embedded, Some.Entry("mistral", "mistral-small-latest", input: 9, output: 9));

        Assert.Equal(PriceChangeKind.Kept, changes.Single().Kind);
        Assert.Equal(PriceBook.Embedded.Entries.Count, merged.Entries.Count);
    }

    [Fact]
    public void A_retired_model_stays_without_a_price()
    {
        var (merged, _) = Merge(PriceBook.Embedded, Some.Entry("groq", "llama-3.1-8b-instant", input: 0.05m, output: 0.08m));

        Assert.Null(merged.Find("groq", "llama-3.1-8b-instant")!.At(Midnight));
    }

    [Fact]
    public void The_merged_book_can_be_written_and_read()
    {
        var merged = Merge(PriceBook.Embedded, Some.Entry("openai", "gpt-5", input: 1, output: 9), Some.Entry("acme", "m", input: 1, output: 5)).Book;

        Assert.Equal(PriceBookFile.Write(merged), PriceBookFile.Write(PriceBookFile.Read(PriceBookFile.Write(merged))));
    }

    private static PriceBookMergeResult Merge(PriceBook book, params PriceSchedule[] list) => PriceBookMerge.Merge(book, Import(list), Today, force: false);

    private static PriceImport Import(params PriceSchedule[] entries) => new("test", [.. entries], [], []);
}
