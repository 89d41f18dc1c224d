using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Commands.Review.Terminal;
using Rung.Control.Reviews;
using Rung.Storage.Content;

namespace Rung.Commands.Review;

/// <summary><c>rung review</c>: a person judges answers, by keys; and what belongs to it.</summary>
internal static class ReviewCommand
{
    /// <summary>The group, and the reviewer itself.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="terminal">Where a person sits; gives null when nobody does.</param>
    public static Command Create(TimeProvider clock, Func<ReviewTerminal?> terminal)
    {
        var tag = TagOption("Only items of this tag.");
        var reviewer = new Option<string?>("--reviewer") { Description = "Your name, as verdicts keep it: no e-mail address (default: the user of this machine).", HelpName = "NAME" };
        var isDouble = new Option<bool>("--double") { Description = "Only items that two people are to judge." };
        var data = PolicyCommand.DataOption();
        var command = new Command("review", "Judge answers that were drawn for people, blind, by keys. Every verdict is stored at once.") { tag, reviewer, isDouble, data };
        command.Subcommands.Add(ReviewPlanCommand.Create(clock));
        command.Subcommands.Add(ReviewListCommand.Create(clock));
        command.Subcommands.Add(ReviewExportCommand.Create(clock));
        command.Subcommands.Add(ReviewAgreementCommand.Create(clock));
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return GuardAsync(error, async () =>
            {
                if (terminal() is not { } seat)
                    return Output.Fail(error, "This is no terminal, and reviewing needs one.", "Review through the gateway (GET /rung/reviews/next, docs/reviews.md), or take the items out: rung review export --out FILE");
                var turn = new ReviewTurn { Tag = parsed.GetValue(tag), Reviewer = ReviewOpinion.RequireName(parsed.GetValue(reviewer) ?? Environment.UserName), DoubleOnly = parsed.GetValue(isDouble) };
                await using var opened = await ReviewData.OpenAsync(parsed.GetRequiredValue(data), withLedger: true, clock);
                var desk = new ReviewDesk(opened.Store, opened.Ledger, clock);
                var sitting = await new ReviewLoop(desk, seat, turn).RunAsync(cancellationToken);
                await SayAsync(output, desk, turn, sitting);
                return ExitCode.Ok;
            });
        });
        return command;
    }

    /// <summary>Runs a command's work: a review that cannot be made becomes a message with its fix.</summary>
    internal static Task<int> GuardAsync(TextWriter error, Func<Task<int>> work) => PolicyCommand.GuardAsync(error, async () =>
    {
        try
        {
            return await work();
        }
        catch (ReviewException e)
        {
            return Output.Fail(error, e.Problem, e.Fix);
        }
    });

    internal static Option<string?> TagOption(string description) => new("--tag") { Description = description, HelpName = "TAG" };

    private static async Task SayAsync(TextWriter output, ReviewDesk desk, ReviewTurn turn, ReviewSitting sitting)
    {
        var said = $"{Lines.Count(sitting.Judged, "verdict")} stored for {turn.Reviewer}{(sitting.Skipped > 0 ? $", {sitting.Skipped:N0} skipped" : "")}.";
        Lines.Write(output, "", sitting.IsDone ? $"{said} Nothing is left for you{(turn.Tag is null ? "" : $" of tag {turn.Tag}")}." : $"{said} Go on with: rung review");
        var plans = await desk.ProgressAsync(turn.Tag, CancellationToken.None);
        if (plans.Count == 0) Lines.Write(output, "", $"No items were planned. Plan them with: rung review plan --tag {turn.Tag ?? "TAG"}");
        else ReviewTables.Progress(output, plans.Take(5));
    }
}
