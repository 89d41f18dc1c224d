using Rung.Control.Calls;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Calls;

/// <summary>A search as a URL writes it.</summary>
public sealed class CallSearchFormTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Everything_that_is_written_is_looked_for()
    {
        var search = Read(
            ("since", "7d"), ("until", "2026-11-22T08:00"), ("tag", "classify"), ("role", "worker"), ("session", "a/b?c"), ("model", "haiku"), ("tier", "small"), ("status", "answered_unverified"),
            ("escalated", "true"), ("unknown_price", "0"), ("min_cost_usd", "0.000000001"), ("min_ms", "1.5"), ("limit", "7"), ("after", new string('a', 32))).Search!;

        Assert.Equal((Now.AddDays(-7), new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero)), (search.Since, search.Until));
        Assert.Equal(("classify", "worker", "a/b?c", "haiku", "small"), (search.Tag, search.Role, search.Session, search.Model, search.Tier));
        Assert.Equal((CallStatus.AnsweredUnverified, true, false), (search.Status, search.Escalated, search.UnknownPrice));
        Assert.Equal((1L, 1500L, 7, new string('a', 32)), (search.MinCostNanoUsd, search.MinLatencyMicros, search.Limit, search.After));
    }

    [Fact]
    public void Nothing_written_looks_for_everything_and_brackets_for_calls_without_a_tag()
    {
        var all = Read().Search!;
        var untagged = Read(("tag", "(none)")).Search!;

        Assert.Equal((null, null, null, 50), (all.Since, all.Tag, all.After, all.Limit));
        Assert.Equal((true, null), (untagged.Untagged, untagged.Tag));
    }

    [Theory]
    [InlineData("since", "yesterday")]
    [InlineData("status", "fine")]
    [InlineData("escalated", "perhaps")]
    [InlineData("min_cost_usd", "-1")]
    [InlineData("min_cost_usd", "1e30")]
    [InlineData("min_ms", "NaN")]
    [InlineData("limit", "501")]
    [InlineData("limit", "0")]
    [InlineData("after", "'; DROP TABLE call")]
    public void What_cannot_be_read_is_named_with_what_would_be_right(string name, string value)
    {
        var form = Read((name, value));

        Assert.Null(form.Search);
        Assert.StartsWith(name, form.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_field_of_a_search_is_named_once_and_looked_for()
    {
        string[] names =
        [
            "since", "until", "tag", "untagged", "role", "route", "session", "model", "tier", "arm", "revision", "status", "escalated", "failed_over", "unknown_price", "min_cost_usd", "min_ms", "limit", "after",
        ];
        Assert.Equal(names, CallSearchForm.Fields);

        // Each changes what is looked for, or cannot be read: none is passed over.
        var all = Read().Search;
        Assert.All(CallSearchForm.Fields, name => Assert.NotEqual(all, Read((name, "true")).Search));
    }

    [Fact]
    public void A_time_that_ends_before_it_begins_is_refused() => Assert.NotNull(Read(("since", "1h"), ("until", "2h")).Fault);

    private static CallSearchForm Read(params (string Name, string Value)[] fields) =>
        CallSearchForm.Read(name => fields.FirstOrDefault(field => field.Name == name).Value, limit: 50, Now);
}
