using System.CommandLine;
using System.Globalization;
using System.Net;
using Rung.Commands.Content;
using Rung.Core.Checks;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Dashboard.Access;
using Rung.Gateway.Intake;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Commands;

/// <summary><c>rung serve</c>: the gateway.</summary>
internal static class ServeCommand
{
    public const string DefaultUrl = "http://127.0.0.1:7070";
    public const string DefaultData = ".rung";

    /// <summary>Kubernetes kills after 30 s: this leaves 5 to write what was cut short.</summary>
    private const int DefaultDrainSeconds = 25;

    /// <summary>Environment variable with the gateway's own keys, separated by commas.</summary>
    public const string KeysVariable = "RUNG_KEYS";

    public static Command Create()
    {
        var policy = new Option<string>("--policy") { Description = "The policy file.", HelpName = "FILE", DefaultValueFactory = _ => PolicyFile.DefaultPath };
        var data = new Option<string>("--data") { Description = "The data directory: ledger and policy revisions.", HelpName = "DIR", DefaultValueFactory = _ => DefaultData };
        var urls = new Option<string>("--urls")
        {
            Description = $"Where to listen, several separated by semicolons. Beyond loopback only with keys in {KeysVariable}.", HelpName = "URL", DefaultValueFactory = _ => DefaultUrl,
        };
        var log = new Option<LogFormat>("--log") { Description = "How the log looks: text or json.", DefaultValueFactory = _ => LogFormat.Text };
        var control = new Option<ControlMode>("--control")
        {
            Description = "The control loop: on (rollouts advance, routes below their floor move up, alerts are sent), off, or propose (routes are not moved).", DefaultValueFactory = _ => ControlMode.On,
        };
        var origins = new Option<string?>("--feedback-origins")
        {
            Description = $"Pages that may send feedback from a browser, by their origins, separated by commas; else {FeedbackReceiverOptions.OriginsVariable}.", HelpName = "ORIGINS",
        };
        var keepComments = new Option<int?>("--keep-comments") { Description = "Keep comments of feedback for so many days, 1 to 3650, where the policy does not capture the call itself.", HelpName = "DAYS" };
        var drain = new Option<int>("--drain")
        {
            Description = "Seconds that calls may go on once the gateway was asked to stop, 0 to 3600; what still runs then is cut off.", HelpName = "SECONDS", DefaultValueFactory = _ => DefaultDrainSeconds,
        };
        drain.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var seconds) && seconds is < 0 or > 3600)
                result.AddError($"--drain {seconds} is out of range. Write 0 to 3600 seconds.");
        });
        var command = new Command("serve", "Run the gateway: route every call by its tag, check cheap answers, climb when a check fails.") { policy, data, urls, log, control, origins, keepComments, drain };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(policy), parsed.GetRequiredValue(data), parsed.GetRequiredValue(urls), parsed.GetValue(log), parsed.GetValue(control), TimeSpan.FromSeconds(parsed.GetValue(drain)),
            new FeedbackSwitches(parsed.GetValue(origins), parsed.GetValue(keepComments)), parsed.InvocationConfiguration.Error, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string policyPath, string data, string urls, LogFormat log, ControlMode control, TimeSpan drain, FeedbackSwitches switches, TextWriter error, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        if (!switches.TryRead(error, out var feedback)) return ExitCode.Usage;
        var addresses = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var keys = new ClientKeys((Environment.GetEnvironmentVariable(KeysVariable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (!Operators.TryRead(Environment.GetEnvironmentVariable(Operators.Variable), out var operators, out var wrong))
            return Output.Fail(error, $"{Operators.Variable}: {wrong}", "Write name=token, several separated by commas; tokens stay out of logs and of this message.");
        foreach (var address in addresses)
        {
            if (!Uri.TryCreate(address.Replace("://*", "://0.0.0.0").Replace("://+", "://0.0.0.0"), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
                return Output.Fail(error, $"'{address}' is no address to listen on.", $"Write it as {DefaultUrl}.");
            if (url.Scheme == "https")
                return Output.Fail(error, $"{address}: the gateway has no TLS of its own.", "Listen on http, on loopback, and put a web server with a certificate in front of it.");
            if (!keys.AreRequired && !IsLoopback(url))
                return Output.Fail(error, $"{address} can be reached from other machines, and the gateway has no keys.", $"Set {KeysVariable} to one or more keys (separated by commas), or listen on {DefaultUrl}.");
        }

        PolicyFile file;
        PriceBook prices;
        try
        {
            prices = PricesFile.ReadEffective(named: null, data);
            file = PolicyFile.Read(policyPath, prices, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        }
        catch (PriceBookException e)
        {
            return Output.Fail(error, e.Message, $"Correct your price book, or move it away; see: rung prices check --data {data}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Output.Fail(error, e.Message, "Name one with --policy, or start from an example: rung serve --policy policies/starter.yaml");
        }
        if (file.Compilation.Snapshot is not { } snapshot)
        {
            foreach (var fault in file.Compilation.Faults) await error.WriteLineAsync($"{fault.File}:{fault.Line}:{fault.Column}: {fault.Path}: {fault.Message} {fault.Fix}");
            return Output.Fail(error, $"{policyPath} has {file.Compilation.Faults.Length} fault(s); the gateway did not start.") == 0 ? ExitCode.Ok : ExitCode.Faults;
        }
        try
        {
            await using var ledger = Ledger.Open(data, clock);
            await using var content = ContentDirectory.Open(data, clock);
            var starting = await StartingPolicy.ChooseAsync(ledger, file, snapshot, $"rung serve --policy {policyPath}", prices, clock, cancellationToken);
            using var telemetry = TelemetryExport.Start();
            await using var server = await GatewayServer.StartAsync(
                new GatewayServerOptions { Urls = addresses, Policy = starting.Snapshot, WatchedPath = policyPath, Prices = prices, Clock = clock, Keys = keys, Log = log, Feedback = feedback, Content = content, Control = control, Operators = operators, Drain = drain, OwnPrices = PricesFile.Find(named: null, data), Simulated = SimulatedMark.Read(data) },
                ledger, cancellationToken);
            Announce(error, server, starting, policyPath, data, telemetry, content, control, AccessWords(keys, operators));
            using var signals = new StopSignals(() => error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rung: stopping; calls that run have {drain.TotalSeconds:0} s to end (a second signal: at once)")), cancellationToken);
            await server.WaitAsync(signals.Stop, signals.Hurry);
            return ExitCode.Ok;
        }
        catch (LedgerException e)
        {
            return Output.Fail(error, e.Message);
        }
        catch (IOException e)
        {
            return Output.Fail(error, e.Message, "Choose another address with --urls, or stop what listens there.");
        }
    }

    private static void Announce(TextWriter error, GatewayServer server, StartingPolicy starting, string policyPath, string data, TelemetryExport telemetry, ContentStore content, ControlMode control, string access)
    {
        var snapshot = server.Policies.Snapshot;
        error.WriteLine($"rung: serving on {string.Join(", ", server.Urls)}");
        error.WriteLine($"      look     {server.Urls[0]}/ in a browser{access}");
        error.WriteLine($"      policy   {(starting.Automatic is null ? policyPath : "the ledger's")}, revision {snapshot.Revision} ({snapshot.Hash[..12]}): {Count(snapshot.Ladder.Length, "tier")}, {Count(snapshot.Models.Length, "model")}, {Count(snapshot.Tags.Count, "tag")}");
        if (starting.Automatic is { } automatic)
        {
            error.WriteLine($"               made by rung itself on {automatic.PublishedAt:yyyy-MM-dd HH:mm} UTC: {automatic.Reason}");
            error.WriteLine($"               {policyPath} has not been changed since. To write it there: rung policy rollback {automatic.Number} --policy {policyPath} --data {data}");
        }
        if (starting.Problem is { } problem) error.WriteLine($"      WARNING  {problem}; {policyPath} is in force instead");
        foreach (var rollout in server.Policies.Status.Rollouts)
            error.WriteLine($"      rollout  {rollout.Id}: {(rollout.Shadow ? "in its shadow" : rollout.HoldbackRevision is { } before ? $"complete, {rollout.HoldbackPercent:0.##} % held back on revision {before}," : $"{rollout.SharePercent:0.##} %")} of {(rollout.Tags.IsEmpty ? "every call" : string.Join(", ", rollout.Tags.Take(4)))}{(rollout.CandidateRevision is { } candidate ? $" on revision {candidate}" : "")}");
        foreach (var refusal in server.Policies.Status.RolloutsRefused) error.WriteLine($"      WARNING  rollout {refusal.Id} is not applied. {refusal.Why}");
        error.WriteLine($"      ledger   {Path.Combine(data, Ledger.FileName)}; read it with: rung report --data {data}");
        if (Captured(snapshot) is { Length: > 0 } captured)
        {
            error.WriteLine($"      content  of {captured} is kept in {Path.Combine(data, ContentStore.FileName)}, {Redacted(snapshot)}, {(content.IsEncrypted ? "encrypted" : "NOT encrypted")}; see: rung content list --data {data}");
            if (!content.IsEncrypted) error.WriteLine($"      WARNING  whoever reads that file reads prompts and answers: set {ContentKey.Variable} (openssl rand -base64 32)");
        }
        error.WriteLine($"      clients  base URL {server.Urls[0]}/v1, and the header x-rung-tag: <tag>");
        error.WriteLine($"      traces   POST {server.Urls[0]}/v1/traces (OTLP); see: rung report --imported --data {data}");
        error.WriteLine($"      feedback POST {server.Urls[0]}/rung/feedback; see: rung quality --data {data}");
        error.WriteLine($"      control  {Words(control)}; see: rung control status --data {data}");
        if (PricesFile.Find(named: null, data) is { } book) error.WriteLine($"      prices   {book} over those that ship, as read at this start");
        if (telemetry.Description is { } exported) error.WriteLine($"      OTLP     exports {exported}");
        foreach (var model in server.Policies.Status.ModelsWithoutKey)
            error.WriteLine($"      WARNING  model {model} has no key ({KeyPlace(snapshot.Models.First(known => known.Name == model).Key!)}): it will not be tried");
        foreach (var target in snapshot.Control.Alerts.Where(target => Secrets.Read(target.Url) is null || target.Secret is { } secret && Secrets.Read(secret) is null))
            error.WriteLine($"      WARNING  alert target {target.Name} gets nothing: {KeyPlace(Secrets.Read(target.Url) is null ? target.Url : target.Secret!)}");
        foreach (var verifier in server.Policies.Status.VerifiersWithoutKey)
            error.WriteLine($"      WARNING  verifier {verifier} has no key ({KeyPlace(((HttpVerifier)snapshot.OutsideVerifiers[verifier]).Key!)}): it is unavailable");
    }

    private static string AccessWords(ClientKeys keys, Operators operators) => (keys.AreRequired, operators.Any) switch
    {
        (_, true) => "; sign in as an operator to act",
        (true, false) => $"; read only: sign in with a gateway key, and name who may act in {Operators.Variable}",
        _ => "; whoever uses this machine may look and act",
    };

    private static string Words(ControlMode control) => control switch
    {
        ControlMode.Off => "off: rollouts stay where they are, and nothing watches floors and ceilings",
        ControlMode.Propose => "proposes: rollouts go on, and no route is moved by itself",
        _ => "on: rollouts, floors and ceilings are looked at once a minute",
    };

    // At most a line of names: with many, the number says it.
    private static IEnumerable<Route> Capturing(PolicySnapshot snapshot) =>
        snapshot.Tags.Values.Concat(snapshot.Roles.Values).Append(snapshot.Default).Where(route => route.Capture is not null);

    private static string Redacted(PolicySnapshot snapshot) =>
        Capturing(snapshot).Any(route => route.Capture!.Redact is { IsEmpty: true }) ? "NOT redacted where the policy says redact: []" : "redacted";

    private static string Captured(PolicySnapshot snapshot)
    {
        Route[] routes = [.. Capturing(snapshot).OrderBy(route => route.Name, StringComparer.Ordinal)];
        return routes.Length > 4 ? Count(routes.Length, "route") : string.Join(", ", routes.Select(route => $"{route.Name} ({route.Capture!.Sample:0.##%})"));
    }

    private static string KeyPlace(SecretReference key) =>
        key.Environment is { } variable ? $"{variable} is not set, or holds more than printable ASCII" : $"{key.File} cannot be read, or holds more than printable ASCII";

    private static string Count(int number, string word) => $"{number} {word}{(number == 1 ? "" : "s")}";

    private static bool IsLoopback(Uri url) => url.IsLoopback || IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address);
}
