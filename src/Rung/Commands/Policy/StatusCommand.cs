using System.CommandLine;
using Rung.Gateway.Rollouts;

namespace Rung.Commands.Policy;

/// <summary><c>rung policy status</c>: what a running gateway has in force, and whether it refused something newer.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var gateway = new Option<string>("--gateway") { Description = "The gateway, with or without /v1.", HelpName = "URL", DefaultValueFactory = _ => ServeCommand.DefaultUrl };
        var keyEnv = new Option<string?>("--key-env") { Description = "Environment variable that holds the gateway's key.", HelpName = "NAME" };
        var json = PolicyCommand.JsonOption();
        var command = new Command("status", "Ask a running gateway which policy is in force. Exit code 1 when it refused a newer one.") { gateway, keyEnv, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                var address = parsed.GetRequiredValue(gateway);
                if (!Uri.TryCreate(address.TrimEnd('/') is var bare && bare.EndsWith("/v1", StringComparison.Ordinal) ? bare[..^"/v1".Length] : bare, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
                    return Output.Fail(error, $"--gateway {address} is not an http or https address.", $"Write it as {ServeCommand.DefaultUrl}.");
                string? key = null;
                if (parsed.GetValue(keyEnv) is { } variable && string.IsNullOrEmpty(key = Environment.GetEnvironmentVariable(variable)))
                    return Output.Fail(error, $"The environment variable {variable} is not set.", "Set it to one of the gateway's keys.");

                var status = await GatewayStatus.AskAsync(url, key, cancellationToken);
                if (parsed.GetValue(json)) Output.WriteJson(output, status);
                else Write(output, url, status);
                if (status.Problem is null) return ExitCode.Ok;
                Output.Fail(error, $"the gateway refused a newer policy and still serves revision {status.Revision}.", $"Correct the file, or go back: rung policy rollback {status.Revision} --policy FILE");
                return ExitCode.Faults;
            });
        });
        return command;
    }

    private static void Write(TextWriter output, Uri url, GatewayStatus status)
    {
        output.WriteLine($"gateway   {url.AbsoluteUri.TrimEnd('/')}");
        output.WriteLine($"in force  revision {status.Revision} ({Lines.Short(status.Hash)}), since {Lines.Time(status.LoadedAt)}");
        if (status.Problem is { } problem) Lines.Write(output, "REFUSED   ", $"{(status.ProblemSince is { } since ? $"a newer policy, {Lines.Time(since)}: " : "")}{problem}");
        foreach (var rollout in status.Rollouts) Lines.Write(output, "rollout   ", InWords(rollout));
        foreach (var refusal in status.RolloutsRefused) Lines.Write(output, "REFUSED   ", $"rollout {refusal.Id}: {refusal.Why}");
        if (status.LedgerProblem is { } lost) Lines.Write(output, "LEDGER    ", $"{lost}; what was in force last stays, and is followed again as soon as that is over");
        if (status.ModelsWithoutKey.Count > 0) Lines.Write(output, "no key    ", $"{string.Join(", ", status.ModelsWithoutKey)} (not tried until the key can be read and the policy is loaded again)");
        if (status.VerifiersWithoutKey.Count > 0) Lines.Write(output, "no key    ", $"{string.Join(", ", status.VerifiersWithoutKey)} (unavailable as verifiers until then)");
    }

    private static string InWords(RolloutStatus rollout)
    {
        var tags = rollout.Tags.IsDefaultOrEmpty ? "every call" : string.Join(", ", rollout.Tags);
        var share = rollout.Shadow ? $"copies go to revision {rollout.CandidateRevision}"
            : rollout.CandidateRevision is { } candidate ? $"{rollout.SharePercent:0.##} % on revision {candidate}"
            : $"complete, {rollout.HoldbackPercent:0.##} % held back on revision {rollout.HoldbackRevision}";
        return $"{rollout.Id}: {share}, of {tags}, by {rollout.Unit.ToString().ToLowerInvariant()}";
    }
}
