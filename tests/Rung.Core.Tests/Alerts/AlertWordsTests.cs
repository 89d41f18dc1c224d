using Rung.Core.Alerts;
using static Rung.Core.Tests.Alerts.SomeAlerts;

namespace Rung.Core.Tests.Alerts;

public class AlertWordsTests
{
    [Fact]
    public void Every_kind_has_a_word_and_a_title_and_is_found_by_its_word()
    {
        var kinds = Enum.GetValues<AlertKind>();

        Assert.Equal(kinds.Length, AlertWords.Kinds.Distinct(StringComparer.Ordinal).Count());
        Assert.All(kinds, kind => Assert.Equal(kind, AlertWords.Kind(AlertWords.Of(kind))));
        Assert.All(kinds, kind => Assert.NotEmpty(AlertWords.Title(kind)));
        Assert.Null(AlertWords.Kind("floor"));
    }

    [Fact]
    public void A_line_says_what_happened_why_and_what_to_do()
    {
        var book = new AlertBook(Times, []);
        var fired = book.Observe([Floor()], [], Start).Transitions[0];
        var over = book.Observe([], [], Start.AddMinutes(25)).Transitions[0];

        Assert.Equal(
            "firing (critical): quality dropped on tier small of intent: 0.951 ± 0.012, floor 0.97, since revision 14. Likely cause: revision 14 moved it to small. Next: rung policy rollback --to 13",
            AlertWords.Line(fired));
        Assert.Equal("over after 25 min: quality dropped on tier small of intent: 0.951 ± 0.012, floor 0.97, since revision 14.", AlertWords.Line(over));
    }

    [Theory]
    [InlineData(45, "45 s")]
    [InlineData(-5, "0 s")]
    [InlineData(60, "1 min")]
    [InlineData(3599, "59 min")]
    [InlineData(4 * 3600, "4 h")]
    [InlineData((4 * 3600) + 610, "4 h 10 min")]
    [InlineData(26 * 3600, "26 h")]
    [InlineData((3 * 86400) + (4 * 3600), "3 d 4 h")]
    public void A_length_of_time_is_said_in_its_two_largest_units(int seconds, string expected) => Assert.Equal(expected, AlertWords.Span(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Changes_are_grouped_by_tag_and_kind_with_the_most_severe_first_and_what_is_over_last()
    {
        var book = new AlertBook(Times, []);
        book.Observe([Floor("done")], [], Start);
        var ceiling = Floor("b") with { Key = "ceiling:b", Kind = AlertKind.CostCeiling, Severity = AlertSeverity.Info };
        var groups = AlertGroup.Of(book.Observe([Floor("b", AlertSeverity.Warning), Floor("b") with { Key = "floor:b:2", Severity = AlertSeverity.Warning }, ceiling, Floor("a")], [], Start.AddMinutes(10)).Transitions);

        Assert.Equal(["a: quality below its floor", "b: quality below its floor", "b: cost above its ceiling", "done: quality below its floor"], groups.Select(group => group.Title));
        Assert.Equal([1, 2, 1, 1], groups.Select(group => group.Transitions.Length));
    }
}
