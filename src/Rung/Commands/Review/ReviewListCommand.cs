using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Reviews;

namespace Rung.Commands.Review;

/// <summary><c>rung review list</c>: how far reviews are, and what they say.</summary>
internal static class ReviewListCommand
{
    public static Command Create(TimeProvider clock)
    {
        var tag = ReviewCommand.TagOption("Only this tag.");
        var data = PolicyCommand.DataOption();
        var json = PolicyCommand.JsonOption();
        var command = new Command("list", "Show how far reviews are, and how many answers are good by what people said.") { tag, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return ReviewCommand.GuardAsync(error, async () =>
            {
                await using var opened = await ReviewData.OpenAsync(parsed.GetRequiredValue(data), withLedger: false, clock);
                var plans = await opened.Store.ReadReviewProgressAsync(parsed.GetValue(tag), cancellationToken);
                var estimates = await new ReviewDesk(opened.Store, ledger: null, clock).EstimatesAsync(parsed.GetValue(tag), cancellationToken);
                if (parsed.GetValue(json))
                {
                    Output.WriteJson(output, new { Plans = plans, Quality = estimates });
                }
                else if (plans.Count == 0)
                {
                    Lines.Write(output, "", "No items were planned. Plan them with: rung review plan --tag TAG");
                }
                else
                {
                    ReviewTables.Progress(output, plans);
                    output.WriteLine();
                    ReviewTables.Estimates(output, estimates);
                }
                return ExitCode.Ok;
            });
        });
        return command;
    }
}
