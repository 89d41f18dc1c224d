using Rung.Control.Reviews;
using Rung.Storage.Content;
using Spectre.Console;

namespace Rung.Commands.Review.Terminal;

/// <summary>How a sitting ended.</summary>
/// <param name="Judged">Verdicts given, those taken back not counted.</param>
/// <param name="Skipped">Items skipped.</param>
/// <param name="IsDone">Whether nothing was left, as opposed to being stopped.</param>
internal readonly record struct ReviewSitting(int Judged, int Skipped, bool IsDone);

/// <summary>
/// One person judging items by keys. Each verdict is stored before the next item is shown. To the ledger, which never forgets, they go when the sitting ends: until
/// then they can be taken back. After a crash the next sitting sends them.
/// </summary>
internal sealed class ReviewLoop(ReviewDesk desk, ReviewTerminal terminal, ReviewTurn turn)
{
    private const string EnterScreen = "\u001b[?1049h";
    private const string LeaveScreen = "\u001b[?1049l";

    private readonly Stack<GivenReview> given = new();
    private ReviewView? view;

    /// <summary>Runs until nothing is left or the person stops.</summary>
    public async Task<ReviewSitting> RunAsync(CancellationToken cancellationToken)
    {
        var isAnsi = terminal.Console.Profile.Capabilities.Ansi;
        if (isAnsi) terminal.Console.Write(new ControlCode(EnterScreen)); // What was said does not stay in the scrollback.
        try
        {
            await desk.BookAsync(turn.Reviewer, TimeSpan.Zero, cancellationToken); // What an earlier sitting left behind.
            await AdvanceAsync("", cancellationToken);
            while (view is not null ? await StepAsync(cancellationToken) : await EndAsync(cancellationToken))
            {
                // Everything happens in the condition.
            }
        }
        finally
        {
            if (isAnsi) terminal.Console.Write(new ControlCode(LeaveScreen));
        }
        await desk.BookAsync(turn.Reviewer, TimeSpan.Zero, CancellationToken.None);
        return new ReviewSitting(given.Count(one => one.Verdict.Choice != ReviewChoice.Skip), given.Count(one => one.Verdict.Choice == ReviewChoice.Skip), IsDone: view is null);
    }

    /// <summary>Shows, waits for a key and acts on it. False: the person stops.</summary>
    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var page = ReviewScreen.Render(view!, terminal.Console.Profile.Width, terminal.Console.Profile.Height);
        ReviewScreen.Show(terminal.Console, page.Lines);
        if (await terminal.Keys.ReadAsync(cancellationToken) is not { } key || IsControlC(key)) return false;
        view = view! with { Message = "" };
        switch (view.Step)
        {
            case ReviewStep.Help:
                view = view with { Step = ReviewStep.Verdict, Top = 0 };
                return true;
            case ReviewStep.Comment:
                view = Write(view, key);
                return true;
            case ReviewStep.Good:
                await GoodAsync(key, cancellationToken);
                return true;
            case ReviewStep.Rating:
                if (key.KeyChar is >= '1' and <= '5') await GiveAsync(key.KeyChar >= '3' ? ReviewChoice.Good : ReviewChoice.Bad, null, key.KeyChar - '0', cancellationToken);
                else if (key.Key == ConsoleKey.Escape) view = view with { Step = ReviewStep.Verdict };
                return true;
            default:
                return Scroll(key, page.LastTop, page.BodyHeight) || await VerdictAsync(key, page, cancellationToken);
        }
    }

    /// <summary>Nothing is left; but the last verdict can still be taken back. False: the sitting is over.</summary>
    private async Task<bool> EndAsync(CancellationToken cancellationToken)
    {
        if (given.Count == 0) return false;
        ReviewScreen.Show(terminal.Console, ReviewScreen.End(given.Peek().Verdict.Choice == ReviewChoice.Skip));
        if (await terminal.Keys.ReadAsync(cancellationToken) is not { } key || IsControlC(key)) return false;
        if (key.KeyChar is 'u' or 'U') await TakeBackAsync(cancellationToken);
        else if (key.Key is ConsoleKey.Escape or ConsoleKey.Enter || key.KeyChar is 'q' or 'Q' or '\r' or '\n') return false;
        return true;
    }

    private async Task<bool> VerdictAsync(ConsoleKeyInfo key, ReviewPage page, CancellationToken cancellationToken)
    {
        if (key.Key == ConsoleKey.Escape || key.KeyChar is 'q' or 'Q') return false;
        var isPair = view!.Shown.IsPair;
        switch (char.ToLowerInvariant(key.KeyChar))
        {
            case '1' when isPair:
                view = view with { Step = ReviewStep.Good, Choice = ReviewChoice.Left };
                break;
            case '2' when isPair:
                view = view with { Step = ReviewStep.Good, Choice = ReviewChoice.Right };
                break;
            case '=' or '0' when isPair:
                view = view with { Step = ReviewStep.Good, Choice = ReviewChoice.Tie };
                break;
            case 'r' when !isPair: // Not the digits at once: whoever has just compared two answers would press 1 for "left".
                view = view with { Step = ReviewStep.Rating };
                break;
            case 'g':
                await GiveAsync(ReviewChoice.Good, null, null, cancellationToken);
                break;
            case 'b':
                await GiveAsync(ReviewChoice.Bad, null, null, cancellationToken);
                break;
            case 'n':
                await GiveAsync(ReviewChoice.Unsure, null, null, cancellationToken);
                break;
            case 's':
                await GiveAsync(ReviewChoice.Skip, null, null, cancellationToken);
                break;
            case 'u':
                await TakeBackAsync(cancellationToken);
                break;
            case 'c':
                view = view with { Step = ReviewStep.Comment };
                break;
            case 'w':
                view = view with { IsWhole = !view.IsWhole, Top = 0 };
                break;
            case 'v' when isPair:
                view = view with { IsStacked = !page.IsStacked, Top = 0 };
                break;
            case '?' or 'h':
                view = view with { Step = ReviewStep.Help, Top = 0 };
                break;
            default:
                view = view with { Message = "That key does nothing here; ? explains them." };
                break;
        }
        return true;
    }

    private async Task GoodAsync(ConsoleKeyInfo key, CancellationToken cancellationToken)
    {
        var choice = view!.Choice;
        ReviewGood? good = char.ToLowerInvariant(key.KeyChar) switch
        {
            'g' => ReviewGood.Both,
            'b' => ReviewGood.Neither,
            'o' when choice != ReviewChoice.Tie => ReviewGood.Better,
            _ => null,
        };
        if (good is not null) await GiveAsync(choice, good, null, cancellationToken);
        else view = view with { Step = key.Key == ConsoleKey.Escape ? ReviewStep.Verdict : ReviewStep.Good };
    }

    private async Task GiveAsync(ReviewChoice choice, ReviewGood? good, int? rating, CancellationToken cancellationToken)
    {
        var id = view!.Shown.Item.Id;
        try
        {
            var opinion = new ReviewOpinion { Reviewer = turn.Reviewer, Choice = choice, Good = good, Rating = rating, Comment = view.Comment };
            given.Push(await desk.GiveAsync(id, opinion, cancellationToken));
            await AdvanceAsync(choice == ReviewChoice.Skip ? "Skipped; u brings it back." : $"Stored: {Said(choice, good, rating)}; u takes it back.", cancellationToken);
        }
        catch (ReviewException e)
        {
            await AdvanceAsync(e.Message, cancellationToken); // Deleted, or judged by others meanwhile: go on with the next.
        }
    }

    private async Task TakeBackAsync(CancellationToken cancellationToken)
    {
        if (!given.TryPop(out var last))
        {
            view = view! with { Message = "There is nothing to take back in this sitting." };
            return;
        }
        await desk.TakeBackAsync(last.Verdict.Item, last.Verdict.Reviewer, cancellationToken);
        view = new ReviewView
        {
            Shown = last.Shown, Reviewer = turn.Reviewer, Comment = last.Verdict.Comment ?? "", Message = "Taken back: judge it again.", Progress = await ProgressAsync(last.Shown, cancellationToken),
        };
    }

    private async Task AdvanceAsync(string message, CancellationToken cancellationToken)
    {
        var shown = await desk.NextAsync(turn, cancellationToken);
        view = shown is null ? null : new ReviewView { Shown = shown, Reviewer = turn.Reviewer, Message = message, Progress = await ProgressAsync(shown, cancellationToken) };
    }

    private async Task<ReviewProgress?> ProgressAsync(ReviewCase shown, CancellationToken cancellationToken) =>
        (await desk.ProgressAsync(shown.Item.Tag, cancellationToken)).FirstOrDefault(progress => progress.Plan.Scope == shown.Item.Scope);

    private bool Scroll(ConsoleKeyInfo key, int lastTop, int page)
    {
        var top = Math.Min(view!.Top, lastTop);
        int? to = key.Key switch
        {
            ConsoleKey.DownArrow => top + 1,
            ConsoleKey.UpArrow => top - 1,
            ConsoleKey.PageDown => top + page - 1,
            ConsoleKey.PageUp => top - page + 1,
            ConsoleKey.Home => 0,
            ConsoleKey.End => lastTop,
            _ => key.KeyChar switch { 'j' => top + 1, 'k' => top - 1, ' ' => top + page - 1, _ => null },
        };
        if (to is not { } wanted) return false;
        view = view with { Top = Math.Clamp(wanted, 0, lastTop) };
        return true;
    }

    private static ReviewView Write(ReviewView view, ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                return view with { Step = ReviewStep.Verdict, Message = view.Comment.Length == 0 ? "" : "The comment goes with your verdict." };
            case ConsoleKey.Escape:
                return view with { Step = ReviewStep.Verdict, Comment = "" };
            case ConsoleKey.Backspace:
                return view with { Comment = view.Comment.Length == 0 ? "" : view.Comment[..^(view.Comment.Length > 1 && char.IsSurrogatePair(view.Comment[^2], view.Comment[^1]) ? 2 : 1)] };
            default:
                return char.IsControl(key.KeyChar) || view.Comment.Length >= ReviewVerdict.MostComment ? view : view with { Comment = view.Comment + key.KeyChar };
        }
    }

    private static bool IsControlC(ConsoleKeyInfo key) => key.KeyChar == '\u0003' || (key.Key == ConsoleKey.C && key.Modifiers.HasFlag(ConsoleModifiers.Control));

    private static string Said(ReviewChoice choice, ReviewGood? good, int? rating)
    {
        var said = choice switch
        {
            ReviewChoice.Left => "left is better",
            ReviewChoice.Right => "right is better",
            ReviewChoice.Tie => "a tie",
            ReviewChoice.Good => "good",
            ReviewChoice.Bad => "bad",
            _ => "not sure",
        };
        var enough = good switch { ReviewGood.Both => ", both good", ReviewGood.Better => ", only that one good", ReviewGood.Neither => ", neither good", _ => "" };
        return said + enough + (rating is null ? "" : $" ({rating} of 5)");
    }
}
