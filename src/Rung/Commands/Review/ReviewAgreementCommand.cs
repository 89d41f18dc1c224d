using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Reviews;
using Rung.Storage.Content;

namespace Rung.Commands.Review;

/// <summary><c>rung review agreement</c>: whether two people say the same.</summary>
internal static class ReviewAgreementCommand
{
    public static Command Create(TimeProvider clock)
    {
        var tag = ReviewCommand.TagOption("Only this tag.");
        var data = PolicyCommand.DataOption();
        var json = PolicyCommand.JsonOption();
        var command = new Command("agreement", "Show how far two reviewers agree on the items that both judged, by tag.") { tag, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return ReviewCommand.GuardAsync(error, async () =>
            {
                await using var opened = await ReviewData.OpenAsync(parsed.GetRequiredValue(data), withLedger: false, clock);
                var agreements = ReviewAgreement.Of(await opened.Store.ReadReviewsAsync(new ReviewQuery { Tag = parsed.GetValue(tag), JudgedOnly = true }, cancellationToken));
                if (parsed.GetValue(json)) Output.WriteJson(output, new { Tags = agreements });
                else if (agreements.Count == 0) Lines.Write(output, "", "Nobody has judged anything yet. Review with: rung review");
                else ReviewTables.Agreement(output, agreements);
                return ExitCode.Ok;
            });
        });
        return command;
    }
}
