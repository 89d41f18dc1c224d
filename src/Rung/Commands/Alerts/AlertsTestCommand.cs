using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Alerts.Delivery;
using Rung.Core.Policies;
using Rung.Serving;

namespace Rung.Commands.Alerts;

/// <summary><c>rung alerts test</c>: sends a marked message to the targets of a policy, and says what came back.</summary>
internal static class AlertsTestCommand
{
    public static Command Create(TimeProvider clock)
    {
        var target = new Option<string?>("--target") { Description = "Only this target of the policy; else all of them.", HelpName = "NAME" };
        var policy = PolicyCommand.PolicyOption("The policy file, with its alert targets.");
        var json = PolicyCommand.JsonOption();
        var command = new Command("test", "Send a message that says it is a test to the alert targets of a policy, once, and say what came back. Exit code 1 when one did not take it.") { target, policy, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                var path = parsed.GetRequiredValue(policy);
                var compilation = new PolicyFinder(ServeCommand.DefaultData, clock).FromFile(path).File.Compilation;
                if (compilation.Snapshot is not { } snapshot) return Output.Fail(error, $"{path} has {Lines.Count(compilation.Faults.Length, "fault")}.", $"See them: rung policy lint {path}");
                var all = snapshot.Control.Alerts;
                if (all.IsEmpty) return Output.Fail(error, $"{path} names no alert targets.", "Add one: alerts: { oncall: { url: { env: RUNG_ALERT_URL }, format: slack } }");
                AlertTarget[] wanted = parsed.GetValue(target) is { } name ? [.. all.Where(known => known.Name == name)] : [.. all];
                if (wanted.Length == 0) return Output.Fail(error, $"{path} names no alert target {Lines.Clean(parsed.GetValue(target)!)}.", $"Its targets: {string.Join(", ", all.Select(known => known.Name))}.");

                using var sender = new AlertSender(Secrets.Read, clock);
                var results = new List<(AlertTarget Target, DeliveryOutcome Outcome)>();
                foreach (var known in wanted)
                {
                    await error.WriteLineAsync($"Sending a test to {known.Name} …");
                    results.Add((known, await sender.SendAsync(known, AlertMessage.Test(known.Name, clock.GetUtcNow(), link: null), cancellationToken)));
                }
                if (parsed.GetValue(json)) Output.WriteJson(output, new { Targets = results.Select(result => new { result.Target.Name, result.Target.Format, Signed = result.Target.Secret is not null, result.Outcome.Result, result.Outcome.Status, What = result.Outcome.Words, result.Outcome.Answer }) });
                else foreach (var (known, outcome) in results) Write(output, known, outcome);
                return results.TrueForAll(result => result.Outcome.Result == DeliveryResult.Delivered) ? ExitCode.Ok : ExitCode.Faults;
            });
        });
        return command;
    }

    private static void Write(TextWriter output, AlertTarget target, DeliveryOutcome outcome)
    {
        var took = outcome.Result == DeliveryResult.Delivered ? "took it" : "did NOT take it";
        var answer = outcome.Answer.Length == 0 ? "" : $", and said: {outcome.Answer}";
        Lines.Write(output, "", $"{target.Name} ({target.Format.ToString().ToLowerInvariant()}{(target.Secret is null ? "" : ", signed")}) {took}: {outcome.Words}{answer}");
    }
}
