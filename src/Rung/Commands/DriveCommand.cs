using System.CommandLine;
using System.Net;
using Rung.Commands.Policy;
using Rung.Recorded;
using Rung.Storage;

namespace Rung.Commands;

/// <summary><c>rung drive</c>: sends recorded prompts through a gateway, or runs a policy over them without one, and reports what the policy made of them.</summary>
internal static class DriveCommand
{
    private static readonly Uri s_nowhere = new("http://127.0.0.1");

    public static Command Create() => Create(TimeProvider.System);

    internal static Command Create(TimeProvider clock)
    {
        var outcomes = UpstreamCommand.OutcomesOption();
        var responses = UpstreamCommand.ResponsesOption();
        var standIns = UpstreamCommand.StandInsOption();
        var gateway = new Option<string>("--gateway") { Description = "The gateway, with or without /v1.", HelpName = "URL" };
        var offline = new Option<bool>("--offline") { Description = "Without a gateway: run the policy over the recorded answers in this process." };
        var policy = PolicyCommand.PolicyOption($"With --offline, the policy: {PolicyFinder.Forms}.");
        var data = PolicyCommand.DataOption();
        var decisions = new Option<string>("--decisions") { Description = "Write every call's decision to this file, a line of JSON each.", HelpName = "FILE" };
        var tag = new Option<string>("--tag") { Description = "The tag of every call.", HelpName = "TAG" };
        var tagFromSource = new Option<bool>("--tag-from-source") { Description = "Each row's source is its tag; --tag serves rows without one." };
        var model = new Option<string>("--model") { Description = "The model to ask (default: rung/TAG).", HelpName = "MODEL" };
        var concurrency = new Option<int>("--concurrency") { Description = "Calls at once.", HelpName = "N", DefaultValueFactory = _ => 8 };
        var limit = new Option<int?>("--limit") { Description = "Only the first N prompts.", HelpName = "N" };
        var stream = new Option<bool>("--stream") { Description = "Ask for streams." };
        var attempts = new Option<bool>("--attempts") { Description = "Ask the gateway for every call's attempts (streams always do)." };
        var keyEnv = new Option<string>("--key-env") { Description = "Environment variable that holds the gateway's key.", HelpName = "NAME" };
        var timeout = new Option<double>("--timeout") { Description = "Seconds that a call may take.", HelpName = "S", DefaultValueFactory = _ => 120 };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };

        var command = new Command("drive", "Send recorded prompts through a gateway (or run a policy over them offline) and grade the answers by the recording.")
        {
            outcomes, responses, standIns, gateway, offline, policy, data, decisions, tag, tagFromSource, model, concurrency, limit, stream, attempts, keyEnv, timeout, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var isOffline = parsed.GetValue(offline);
            if (isOffline == (parsed.GetValue(gateway) is not null)) return Output.Fail(error, "Give either --gateway or --offline.", "A gateway: --gateway URL; none: --offline --policy POLICY.yaml");
            if (isOffline && parsed.GetValue(stream)) return Output.Fail(error, "There are no streams without a gateway.", "Leave out --stream, or drive a gateway.");
            var url = s_nowhere;
            if (!isOffline && (!Uri.TryCreate(parsed.GetValue(gateway), UriKind.Absolute, out url) || url.Scheme is not ("http" or "https")))
            {
                return Output.Fail(error, $"--gateway {parsed.GetValue(gateway)} is not an http or https address.");
            }
            if (parsed.GetValue(tag) is null && !parsed.GetValue(tagFromSource)) return Output.Fail(error, "The calls have no tag.", "Give --tag TAG, --tag-from-source, or both.");
            if (!TryKey(parsed.GetValue(keyEnv), out var key)) return Output.Fail(error, $"The environment variable {parsed.GetValue(keyEnv)} is not set.");

            try
            {
                var options = new DriveOptions
                {
                    Gateway = url,
                    Tag = parsed.GetValue(tag),
                    TagFromSource = parsed.GetValue(tagFromSource),
                    Model = parsed.GetValue(model),
                    Concurrency = parsed.GetValue(concurrency),
                    Limit = parsed.GetValue(limit),
                    Stream = parsed.GetValue(stream),
                    ReadAttempts = parsed.GetValue(attempts),
                    Key = key,
                    Timeout = TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                };
                var reading = new RecordedReading { StandIns = parsed.GetValue(standIns) };
                var recorded = await RecordedOutcomes.ReadAsync(parsed.GetRequiredValue(outcomes), parsed.GetValue(responses) ?? [], reading, cancellationToken);
                UpstreamCommand.ReportReading(recorded, error);

                var found = isOffline ? await new PolicyFinder(parsed.GetRequiredValue(data), clock).FindAsync(parsed.GetRequiredValue(policy), cancellationToken) : null;
                if (found?.Snapshot is { } snapshot)
                {
                    var routes = snapshot.Tags.Values.Where(route => options.TagFromSource || route.Name == options.Tag);
                    await TrainingRows.WarnAsync(snapshot, [.. routes.SelectMany(route => route.CheckTexts)], parsed.GetRequiredValue(outcomes), error, cancellationToken);
                }
                var (report, calls) = found is not null
                    ? RunOffline(recorded, options, found, clock, error)
                    : await DriveAsync(recorded, options, error, cancellationToken);
                if (parsed.GetValue(decisions) is { } file) DriveDecisions.Write(file, options, calls);
                if (parsed.GetValue(json)) Output.WriteJson(output, report);
                else DriveTable.Write(output, report);
                return report.Answered == report.Prompts ? ExitCode.Ok : ExitCode.Faults;
            }
            catch (GatewayUnreachableException unreachable)
            {
                return Output.Fail(error, unreachable.Message, "Start one with: rung serve --policy POLICY.yaml");
            }
            catch (OutsideNeededException outside)
            {
                return Output.Fail(error, outside.Message, "Such checks can be tried through a gateway only: rung serve, rung upstream and rung drive --gateway.");
            }
            catch (PolicyUnusableException unusable)
            {
                foreach (var line in unusable.Details) await error.WriteLineAsync(line);
                return Output.Fail(error, unusable.Message, unusable.Fix);
            }
            catch (LedgerException unusable)
            {
                return Output.Fail(error, $"{unusable.Path}: {unusable.Problem}", unusable.Fix);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCode.Faults; // Stopped while the files were read: there is nothing to report yet.
            }
            catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or OverflowException)
            {
                return Output.Fail(error, unusable.Message);
            }
        });
        return command;
    }

    private static (DriveReport Report, IReadOnlyList<(DriveCall, OfflineCall?)> Calls) RunOffline(
        RecordedOutcomes recorded, DriveOptions options, NamedPolicy found, TimeProvider clock, TextWriter error)
    {
        var snapshot = found.Snapshot;
        foreach (var tier in snapshot.Ladder.Where(tier => tier.Pool.Count > 1))
            error.WriteLine($"rung: {tier.Name} has {tier.Pool.Count} models; a gateway shares calls among them, here the first of the least priority takes them all");
        var report = new OfflineDrive(recorded).Run(snapshot, found.Name, options, clock.GetUtcNow(), out var calls);
        return (report, [.. calls.Select(call => (call.Call, (OfflineCall?)call.Decided))]);
    }

    private static async Task<(DriveReport Report, IReadOnlyList<(DriveCall, OfflineCall?)> Calls)> DriveAsync(RecordedOutcomes recorded, DriveOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        var progress = new DriveProgressLine(error, isTerminal: error == Console.Error && !Console.IsErrorRedirected, TimeProvider.System);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = options.Concurrency,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            AllowAutoRedirect = false, // A key is for the address that was named.
            ConnectTimeout = TimeSpan.FromSeconds(5),
        });
        try
        {
            var (report, calls) = await new RecordedDrive(recorded).RunCallsAsync(options, http, TimeProvider.System, progress, cancellationToken);
            return (report, [.. calls.Select(call => (call, (OfflineCall?)null))]);
        }
        finally
        {
            progress.Clear();
        }
    }

    private static bool TryKey(string? name, out string? key)
    {
        key = name is null ? null : Environment.GetEnvironmentVariable(name);
        return name is null || !string.IsNullOrEmpty(key);
    }
}
