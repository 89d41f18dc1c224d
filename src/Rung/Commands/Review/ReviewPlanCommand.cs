using System.CommandLine;
using System.Globalization;
using Rung.Commands.Policy;
using Rung.Control.Reviews;
using Rung.Storage.Content;

namespace Rung.Commands.Review;

/// <summary><c>rung review plan</c>: draws what people are to look at.</summary>
internal static class ReviewPlanCommand
{
    public static Command Create(TimeProvider clock)
    {
        var tag = ReviewCommand.TagOption("The tag to plan for.");
        var quota = new Option<int>("--quota")
        {
            Description = $"Items that are aimed at, {ReviewDesign.LeastQuota} to {ReviewDesign.MostQuota}.", HelpName = "N", DefaultValueFactory = _ => ReviewDesign.DefaultQuota,
        };
        var week = new Option<string?>("--week") { Description = "The week, as 2026-W48 (default: the one that runs, which uses up its quota as it passes).", HelpName = "WEEK" };
        var set = new Option<string?>("--set") { Description = "Instead of a week: the reference answers of an eval set, NAME or NAME@VERSION.", HelpName = "SET" };
        var run = new Option<string?>("--run") { Description = "Instead of a week: the answers of an eval run beside their references, for judging a judge.", HelpName = "RUN" };
        var uniform = new Option<double>("--uniform") { Description = "Share of the quota for which all calls have the same chance, 0.5 to 1.", HelpName = "S", DefaultValueFactory = _ => 0.5 };
        var isDouble = new Option<double>("--double") { Description = "Share of the items that two people judge, 0 to 1.", HelpName = "S", DefaultValueFactory = _ => 0.2 };
        var seed = new Option<long?>("--seed") { Description = "Decides who is drawn (default: 1; a plan that is there keeps its own).", HelpName = "N" };
        var data = PolicyCommand.DataOption();
        var json = PolicyCommand.JsonOption();
        var command = new Command("plan", "Draw the answers that people are to judge, by a stated design. Repeat it: what came late tops up.") { tag, quota, week, set, run, uniform, isDouble, seed, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return ReviewCommand.GuardAsync(error, async () =>
            {
                if (parsed.GetValue(quota) is < ReviewDesign.LeastQuota or > ReviewDesign.MostQuota) return Output.Fail(error, $"--quota is {ReviewDesign.LeastQuota} to {ReviewDesign.MostQuota}.", "Usual is 100.");
                if (!(parsed.GetValue(uniform) is >= 0.5 and <= 1)) return Output.Fail(error, "--uniform is 0.5 to 1.", "At least half of the items is drawn with equal chances.");
                if (!(parsed.GetValue(isDouble) is >= 0 and <= 1)) return Output.Fail(error, "--double is 0 to 1.", "Usual is 0.2.");
                if (new[] { parsed.GetValue(set), parsed.GetValue(week), parsed.GetValue(run) }.Count(given => given is not null) > 1)
                    return Output.Fail(error, "--week, --set and --run exclude one another.", "Plan them one after the other.");
                var chosen = ReviewWeek.Of(clock.GetUtcNow());
                if (parsed.GetValue(week) is { } text && !ReviewWeek.TryParse(text, out chosen)) return Output.Fail(error, $"--week \"{text}\" is no week.", "Write it as 2026-W48 (ISO 8601).");

                await using var opened = await ReviewData.OpenAsync(parsed.GetRequiredValue(data), withLedger: true, clock);
                var planner = new ReviewPlanner(opened.Store, opened.Ledger, clock);
                ReviewPlanRequest Request(string name) => new()
                {
                    Tag = name, Quota = parsed.GetValue(quota), UniformShare = parsed.GetValue(uniform), DoubleShare = parsed.GetValue(isDouble), Seed = parsed.GetValue(seed),
                };
                ReviewPlanResult result;
                if (parsed.GetValue(set) is { } name)
                {
                    if (await FindSetAsync(opened.Store, name, cancellationToken) is not { } found) return Output.Fail(error, $"There is no eval set {name}.", "Write it as NAME or NAME@VERSION; see: rung eval list");
                    result = await planner.PlanSetAsync(Request(parsed.GetValue(tag) ?? found.Tag ?? found.Name), found, await opened.Store.ReadEvalRowsAsync(found.Name, found.Version, cancellationToken), cancellationToken);
                }
                else if (parsed.GetValue(run) is { } id)
                {
                    if (await opened.Store.FindEvalRunAsync(id, cancellationToken) is not { } known) return Output.Fail(error, $"There is no eval run {id}.", "See: rung eval report --help");
                    result = await planner.PlanRunAsync(Request(parsed.GetValue(tag) ?? known.Tag), known, cancellationToken);
                }
                else
                {
                    if (parsed.GetValue(tag) is not { Length: > 0 } tagged) return Output.Fail(error, "Which tag is to be planned for?", "Name it: --tag TAG");
                    result = await planner.PlanWeekAsync(Request(tagged), chosen, cancellationToken);
                }
                await new ReviewDesk(opened.Store, opened.Ledger, clock).BookAsync(reviewer: null, ReviewDesk.MayChange, cancellationToken);
                if (parsed.GetValue(json)) Output.WriteJson(output, result);
                else Say(output, result);
                return ExitCode.Ok;
            });
        });
        return command;
    }

    private static async Task<EvalSet?> FindSetAsync(ContentStore store, string name, CancellationToken cancellationToken)
    {
        var at = name.Split('@', 2);
        if (at.Length == 1) return await store.FindEvalSetAsync(name, null, cancellationToken);
        return int.TryParse(at[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? await store.FindEvalSetAsync(at[0], version, cancellationToken) : null;
    }

    private static void Say(TextWriter output, ReviewPlanResult result)
    {
        var plan = result.Plan;
        Lines.Write(output, "", $"{plan.Tag}, {plan.Scope}: {Lines.Count(result.Added, "item")} new in the queue, {result.Drawn - result.Added:N0} there already.");
        Lines.Write(output, "", $"Drawn are {result.Drawn:N0} of {plan.Frame:N0}: {result.Uniform:N0} with equal chances, {result.Targeted:N0} for being uncertain or disputed; "
            + $"{result.Double:N0} for two reviewers, {result.Pairs:N0} side by side.");
        Lines.Write(output, "", result.Aimed < plan.Quota
            ? $"Aimed at {result.Aimed:0} of a quota of {plan.Quota:N0}: the week still runs. Plan again later. Seed {plan.Seed}."
            : $"Aimed at {plan.Quota:N0}; the number varies by chance. Seed {plan.Seed}. Review them with: rung review --tag {plan.Tag}");
    }
}
