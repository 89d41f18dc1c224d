using System.CommandLine;
using Rung.Control.Policies;
using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Requests;
using Rung.Recorded;
using Spectre.Console;

namespace Rung.Commands.Policy;

/// <summary><c>rung policy explain</c>, also <c>rung explain</c>: where a call would go, and why, for every step and every model.</summary>
internal static class ExplainCommand
{
    private const int DefaultInputTokens = 1000;
    private const int DefaultOutputTokens = 300;

    public static Command Create(TimeProvider clock)
    {
        var policy = PolicyCommand.PolicyOption($"The policy: {PolicyFinder.Forms}.");
        var data = PolicyCommand.DataOption();
        var tag = new Option<string?>("--tag") { Description = "The job that the call does.", HelpName = "TAG" };
        var role = new Option<string?>("--role") { Description = "The part that the agent plays.", HelpName = "ROLE" };
        var user = new Option<string?>("--user") { Description = "The end user.", HelpName = "USER" };
        var tenant = new Option<string?>("--tenant") { Description = "Who asks: tenant or team.", HelpName = "TENANT" };
        var dataClass = new Option<string?>("--data-class") { Description = "Data classes that the client declares, separated by commas.", HelpName = "CLASS" };
        var needs = new Option<string[]>("--needs") { Description = "What the answering model must be able to do: tools, vision, json_schema, audio, files, logprobs; separated by commas.", HelpName = "NEEDS" };
        var input = new Option<int>("--input-tokens") { Description = "Tokens of the prompt.", HelpName = "N" };
        var most = new Option<int>("--max-tokens") { Description = "The output cap that the client asks for.", HelpName = "N" };
        var economics = new Option<bool>("--economics") { Description = "Also say what the tag's cascade costs on average, and whether it pays." };
        var answer = new Option<int>("--output-tokens") { Description = "With --economics: tokens of an answer.", HelpName = "N", DefaultValueFactory = _ => DefaultOutputTokens };
        var climbRate = new Option<double?>("--climb-rate") { Description = "With --economics: share of the calls that climb, 0 to 1.", HelpName = "R" };
        var outcomes = new Option<string[]>("--outcomes") { Description = "With --economics: recorded outcomes to measure costs and climbs on.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
        var responses = UpstreamCommand.ResponsesOption();
        var json = PolicyCommand.JsonOption();
        var command = new Command("explain", "Show where a call would go and why. Exit code 1 when it would be refused. Sends nothing.")
        {
            policy, data, tag, role, user, tenant, dataClass, needs, input, most,
            economics, answer, climbRate, outcomes, responses, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                var question = new CallQuestion
                {
                    Tag = parsed.GetValue(tag), Role = parsed.GetValue(role), User = parsed.GetValue(user), Tenant = parsed.GetValue(tenant), DataClass = parsed.GetValue(dataClass),
                    Needs = parsed.GetValue(needs) ?? [], InputTokens = parsed.GetValue(input), MaxTokens = parsed.GetValue(most),
                };
                var facts = Understood(question.ToFacts);
                var found = await new PolicyFinder(parsed.GetRequiredValue(data), clock).FindAsync(parsed.GetRequiredValue(policy), cancellationToken);
                var snapshot = found.Snapshot;
                var told = CallAnswer.Of(snapshot, facts);
                var explanation = told.Explanation;
                EconomicsReport? costs = null;
                if (parsed.GetValue(economics))
                {
                    if (parsed.GetValue(climbRate) is { } rate && !(rate is >= 0 and <= 1)) throw new PolicyUnusableException("--climb-rate lies between 0 and 1.", "A quarter of the calls is 0.25.");
                    var recorded = parsed.GetValue(outcomes) is { Length: > 0 } files ? await RecordedOutcomes.ReadAsync(files, parsed.GetValue(responses) ?? [], cancellationToken) : null;
                    if (recorded is not null && facts.Tag is { } measured && snapshot.Tags.TryGetValue(measured, out var route))
                        await TrainingRows.WarnAsync(snapshot, route.CheckTexts, parsed.GetRequiredValue(outcomes), error, cancellationToken);
                    costs = await EconomicsAsync(snapshot, facts, new EconomicsReport.Sources(
                        facts.EstimatedInputTokens > 0 ? facts.EstimatedInputTokens : DefaultInputTokens, Understood(() => CallQuestion.Tokens("output-tokens", parsed.GetValue(answer))),
                        parsed.GetValue(climbRate), recorded, parsed.GetRequiredValue(data)), clock, cancellationToken);
                }
                if (parsed.GetValue(json))
                {
                    Output.WriteJson(output, new
                    {
                        Policy = found.Name, Revision = found.Revision?.Number, snapshot.Hash, explanation.Status, explanation.Route, explanation.Tier, told.Reason,
                        explanation.Steps, explanation.Candidates, Economics = costs,
                    });
                }
                else
                {
                    Write(output, told);
                    if (costs is not null) EconomicsText.Write(output, costs);
                }
                return explanation.Status == DecisionStatus.Decided ? ExitCode.Ok : ExitCode.Faults;
            });
        });
        return command;
    }

    private static async Task<EconomicsReport> EconomicsAsync(
        PolicySnapshot policy, CallFacts facts, EconomicsReport.Sources from, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (facts.Tag is null) throw new PolicyUnusableException("--economics is about one tag.", "Name it: --tag TAG");
        try
        {
            return await EconomicsReport.OfAsync(policy, facts.Tag, from, clock, cancellationToken);
        }
        catch (OutsideNeededException outside)
        {
            throw new PolicyUnusableException(outside.Message, "Give --climb-rate instead of --outcomes.");
        }
    }

    private static void Write(TextWriter output, CallAnswer told)
    {
        Lines.Write(output, "", told.Headline);
        Lines.Write(output, "reason: ", told.Reason);
        output.WriteLine();
        foreach (var step in told.Explanation.Steps) Lines.Write(output, "- ", step);
        output.WriteLine();

        var table = new Table().Border(TableBorder.Simple).AddColumns("model", "tier", "", "why");
        foreach (var candidate in told.Explanation.Candidates)
            table.AddRow(new Text(candidate.Model), new Text(candidate.Tier), new Text(candidate.Chosen ? "chosen" : "dropped"), new Text(candidate.Why));
        PlainTable.Write(output, table);
    }

    /// <summary>Options that make no sense, as a message that names them.</summary>
    private static T Understood<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CallQuestionException e)
        {
            throw new PolicyUnusableException($"--{e.Field} {e.Problem}", e.Fix);
        }
    }
}
