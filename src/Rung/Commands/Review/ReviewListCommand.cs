using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Reviews;
using Rung.Storage.Content;

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
                var items = await opened.Store.ReadReviewsAsync(new ReviewQuery { Tag = parsed.GetValue(tag) }, cancellationToken);
                var estimates = Estimates(items);
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

    /// <summary>One a tag and week, and one a tag over all its weeks where there are several.</summary>
    private static List<ReviewEstimate> Estimates(IReadOnlyList<ReviewedItem> items)
    {
        var estimates = new List<ReviewEstimate>();
        foreach (var tag in items.Where(entry => entry.Item.Source == ReviewSource.Call).GroupBy(entry => entry.Item.Tag, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var weeks = tag.Select(entry => entry.Item.Scope).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
            estimates.AddRange(weeks.Select(week => ReviewEstimate.Of(tag.Key, week, tag)));
            if (weeks.Length > 1) estimates.Add(ReviewEstimate.Of(tag.Key, null, tag));
        }
        return estimates;
    }
}
