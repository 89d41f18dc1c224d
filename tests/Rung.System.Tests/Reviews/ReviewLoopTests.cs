using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Rung.Commands.Review.Terminal;
using Rung.Control.Reviews;
using Rung.Control.Tests.Reviews;
using Rung.Core.Spans;
using Rung.Storage.Content;
using Rung.Storage.Verdicts;

namespace Rung.Tests.Reviews;

/// <summary>The reviewer, driven by keys, over real files.</summary>
public sealed class ReviewLoopTests
{
    [Fact]
    public async Task Keys_give_verdicts_that_are_stored_at_once_and_go_to_the_ledger_at_the_end()
    {
        await using var world = await PlannedAsync(60);
        using var terminal = new ScriptedTerminal().Press("?x");
        // Whatever comes: a pair gets "left, only that one good", a single answer a rating of 4.
        var stored = new List<int>();
        terminal.BeforeKey = number =>
        {
            if (number > 2) stored.Add(Judged(world));
            var screen = terminal.Screens[^1];
            if (number is > 2 and <= 32)
                terminal.Press(screen.Contains("Good enough?", StringComparison.Ordinal) ? "o" : screen.Contains("Rating?", StringComparison.Ordinal) ? "4" : screen.Contains("2 right", StringComparison.Ordinal) ? "1" : "r");
        };

        var sitting = await SitAsync(world, terminal);

        Assert.False(sitting.IsDone);
        Assert.Equal(15, sitting.Judged);
        Assert.Equal(sitting.Judged, Judged(world));
        Assert.Equal(stored.Order(), stored); // Each was there before the next key.
        Assert.Equal(sitting.Judged, stored[^1]);
        var items = await world.Store.ReadReviewsAsync(new ReviewQuery { JudgedOnly = true }, default);
        Assert.All(items, entry => Assert.Equal(("ana", entry.Verdicts[0].Preference is null ? 4 : null), (entry.Verdicts[0].Reviewer, entry.Verdicts[0].Rating)));
        Assert.Contains(items, entry => entry.Verdicts[0] is { Choice: ReviewChoice.Left, Good: ReviewGood.Better });
        Assert.Equal(sitting.Judged, await LedgerVerdictsAsync(world));

        Assert.Contains("KEYS", terminal.Screens[1], StringComparison.Ordinal);
        Assert.All(terminal.Screens, screen => Assert.DoesNotContain("-model", screen, StringComparison.Ordinal)); // Blind.
        Assert.All(terminal.Screens, screen => Assert.DoesNotContain("check failed", screen, StringComparison.Ordinal));
        Assert.All(terminal.Screens.SelectMany(screen => screen.Split('\n')), line => Assert.InRange(TextLayout.Cells(line.TrimEnd('\r')), 0, 100));
        Assert.All(terminal.Screens, screen => Assert.DoesNotContain("…", screen, StringComparison.Ordinal)); // No line of keys is cut.
        Assert.Contains("0 of 60 judged (quota 100) · you are ana", terminal.Screens[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_verdict_is_taken_back_and_leaves_no_trace_in_the_ledger()
    {
        await using var world = await PlannedAsync(60);
        using var terminal = new ScriptedTerminal().Press("gub");

        var sitting = await SitAsync(world, terminal);

        var entry = Assert.Single(await world.Store.ReadReviewsAsync(new ReviewQuery { JudgedOnly = true }, default));
        Assert.Equal((1, ReviewChoice.Bad, 2), (sitting.Judged, entry.Verdicts[0].Choice, entry.Verdicts[0].Revision));
        Assert.Contains("Taken back: judge it again.", terminal.Screens[2], StringComparison.Ordinal);
        Assert.Equal(Question(terminal.Screens[0]), Question(terminal.Screens[2]));
        Assert.Equal(1, await LedgerVerdictsAsync(world));
    }

    [Fact]
    public async Task A_comment_goes_with_the_verdict_and_a_skipped_item_does_not_come_again()
    {
        await using var world = await PlannedAsync(60);
        using var terminal = new ScriptedTerminal().Press("cwront{Backspace}g!{Enter}bs");

        await SitAsync(world, terminal);

        var judged = Assert.Single(await world.Store.ReadReviewsAsync(new ReviewQuery { JudgedOnly = true, WithComments = true }, default));
        Assert.Equal("wrong!", judged.Verdicts[0].Comment);
        Assert.Equal(3, terminal.Screens.Select(Question).Distinct().Count());
        using var again = new ScriptedTerminal();
        await SitAsync(world, again);
        Assert.Equal(Question(terminal.Screens[^1]), Question(again.Screens[0]));
    }

    [Fact]
    public async Task Stopping_loses_nothing_and_the_next_sitting_goes_on()
    {
        await using var world = await PlannedAsync(60);
        using var first = new ScriptedTerminal().Press("ggg{Ctrl-C}ggg");
        Assert.Equal(3, (await SitAsync(world, first)).Judged);

        using var second = new ScriptedTerminal().Press(new string('g', 100));
        var sitting = await SitAsync(world, second);

        Assert.Equal((57, true), (sitting.Judged, sitting.IsDone));
        Assert.Equal(60, Judged(world));
        Assert.Equal(60, await LedgerVerdictsAsync(world));
    }

    [Fact]
    public async Task The_very_last_verdict_can_be_taken_back_too()
    {
        await using var world = await PlannedAsync(2);
        using var terminal = new ScriptedTerminal().Press("ggxubq");

        var sitting = await SitAsync(world, terminal);

        Assert.Equal((2, true), (sitting.Judged, sitting.IsDone));
        Assert.Contains("Nothing is left for you.", terminal.Screens[2], StringComparison.Ordinal);
        Assert.Equal(terminal.Screens[2], terminal.Screens[3]); // A key that means nothing here ends nothing.
        Assert.Equal(Question(terminal.Screens[1]), Question(terminal.Screens[4]));
        var verdicts = (await world.Store.ReadReviewsAsync(new ReviewQuery { JudgedOnly = true }, default)).Select(entry => entry.Verdicts[0].Choice).Order();
        Assert.Equal([ReviewChoice.Good, ReviewChoice.Bad], verdicts);
        Assert.Equal(2, await LedgerVerdictsAsync(world));
    }

    [Fact]
    public async Task A_sitting_that_was_killed_is_sent_to_the_ledger_by_the_next_one()
    {
        await using var world = await PlannedAsync(60);
        var shown = (await world.Desk.NextAsync(new ReviewTurn { Reviewer = "ana" }, default))!;
        await world.Desk.GiveAsync(shown.Item.Id, new ReviewOpinion { Reviewer = "ana", Choice = ReviewChoice.Good }, default);

        using var terminal = new ScriptedTerminal();
        await SitAsync(world, terminal);

        Assert.Equal(1, await LedgerVerdictsAsync(world));
    }

    [Fact]
    public async Task An_answer_cannot_write_to_the_terminal_or_turn_the_writing_round()
    {
        const string Evil = "\u001b[2J\u001b]0;title\u0007 \u202eesrever \u2066x\u2069 \u009b31m a\u200bb \tend\r\nnext 漢字";
        await using var world = new ReviewWorld();
        var call = ReviewWorld.Call(1);
        var message = JsonSerializer.SerializeToUtf8Bytes(new { content = Evil });
        await world.Store.AppendCapturesAsync([call with { Request = JsonSerializer.SerializeToUtf8Bytes(new { messages = new[] { new { role = "user", content = Evil } } }), Answers = [call.Answers[0] with { Message = message }] }], default);
        await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);
        using var terminal = new ScriptedTerminal().Press("w");

        await SitAsync(world, terminal);

        Assert.All(terminal.Screens, screen => Assert.DoesNotContain(screen, character => char.IsControl(character) && character is not ('\n' or '\r')));
        Assert.All(terminal.Screens, screen => Assert.DoesNotContain(screen, character => character is '\u202e' or '\u2066' or '\u2069' or '\u200b'));
        Assert.Contains("‹U+001B›[2J‹U+001B›]0;title‹U+0007› ‹U+202E›esrever", terminal.Screens[0], StringComparison.Ordinal);
        Assert.Contains("next 漢字", terminal.Screens[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_answers_stand_one_above_the_other_and_scroll()
    {
        await using var world = new ReviewWorld();
        var call = ReviewWorld.Call(3);
        await world.Store.AppendCapturesAsync([call with { Answers = [.. call.Answers.Select(answer => answer with { Message = Lines(answer.Model[..5], 120) })] }], default);
        await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);
        using var terminal = new ScriptedTerminal().Press(" {End}{Home}j{PageDown}kv");

        await SitAsync(world, terminal);

        var screens = terminal.Screens;
        Assert.Contains("lines 1 to 24 of 246", screens[0], StringComparison.Ordinal);
        Assert.Contains("lines 24 to 47 of 246", screens[1], StringComparison.Ordinal);
        Assert.Contains("lines 223 to 246 of 246", screens[2], StringComparison.Ordinal);
        Assert.Contains("line 119", screens[2], StringComparison.Ordinal);
        Assert.Contains("lines 1 to 24 of 246", screens[3], StringComparison.Ordinal);
        Assert.Contains("lines 2 to 25 of 246", screens[4], StringComparison.Ordinal);
        Assert.Contains("lines 24 to 47 of 246", screens[6], StringComparison.Ordinal);
        Assert.Contains(" │ ", screens[7], StringComparison.Ordinal); // Side by side on demand.
        Assert.All(screens, screen => Assert.Equal(30, screen.Split('\n').Length - 1));
    }

    [Fact]
    public async Task With_colours_the_screen_is_entered_and_left()
    {
        await using var world = await PlannedAsync(60);
        using var terminal = new ScriptedTerminal(ansi: true).Press("?xq");

        await SitAsync(world, terminal);

        Assert.StartsWith("\u001b[?1049h", terminal.Screens[0], StringComparison.Ordinal);
        Assert.EndsWith("\u001b[?1049l", terminal.Rest, StringComparison.Ordinal);
        Assert.All(terminal.Screens, screen => Assert.DoesNotContain("\u001b[3J", screen, StringComparison.Ordinal)); // The scrollback is the person's.
    }

    [Theory]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("abcdefghij", 4, "abcd|efgh|ij")]
    [InlineData("    indented code goes on", 14, "    indented|code goes on")]
    [InlineData("漢字漢字", 4, "漢字|漢字")]
    [InlineData("a\n\nb\n\n", 9, "a||b")]
    [InlineData("", 5, "")]
    public void Text_is_wrapped_by_cells(string text, int width, string expected) => Assert.Equal(expected, string.Join('|', TextLayout.Wrap(text, width)));

    [Fact]
    public void Wrapped_lines_keep_within_their_width_and_lose_nothing_but_blanks() => Prop.ForAll<string, byte>((text, width) =>
    {
        var safe = SafeText.Of(text ?? "");
        var lines = TextLayout.Wrap(safe, 2 + (width % 60));
        return lines.All(line => TextLayout.Cells(line) <= 2 + (width % 60))
            && string.Concat(lines).Replace(" ", "", StringComparison.Ordinal) == safe.Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
    }).QuickCheckThrowOnFailure();

    private static async Task<ReviewWorld> PlannedAsync(int calls)
    {
        var world = new ReviewWorld();
        await world.CaptureAsync(0, calls);
        await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);
        return world;
    }

    private static Task<ReviewSitting> SitAsync(ReviewWorld world, ScriptedTerminal terminal) =>
        new ReviewLoop(world.Desk, terminal.Terminal, new ReviewTurn { Reviewer = "ana" }).RunAsync(default);

    private static int Judged(ReviewWorld world) => world.Desk.ProgressAsync(null, default).GetAwaiter().GetResult().Sum(plan => plan.Judged);

    private static async Task<int> LedgerVerdictsAsync(ReviewWorld world)
    {
        var count = 0;
        await foreach (var verdict in world.Ledger.ReadVerdictsAsync(new VerdictQuery { Kinds = [VerdictKind.Review] }, default)) count += verdict.By == "ana" ? 1 : 0;
        return count;
    }

    private static string Question(string screen) => screen.Split('\n').First(line => line.StartsWith("question ", StringComparison.Ordinal));

    private static byte[] Lines(string word, int count) => JsonSerializer.SerializeToUtf8Bytes(new { content = string.Join('\n', Enumerable.Range(0, count).Select(i => $"{word} line {i}")) });
}
