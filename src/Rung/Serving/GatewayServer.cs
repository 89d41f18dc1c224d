using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Rung.Control.Alerts;
using Rung.Control.Audit;
using Rung.Control.Reviews;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Dashboard.Access;
using Rung.Dashboard.Frame;
using Rung.Gateway;
using Rung.Gateway.Intake;
using Rung.Gateway.Recording;
using Rung.Gateway.Shadows;
using Rung.Serving.Dashboard;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Serving;

/// <summary>What a server is started with.</summary>
internal sealed record GatewayServerOptions
{
    /// <summary>Where to listen.</summary>
    public required IReadOnlyList<string> Urls { get; init; }
    /// <summary>The first policy, stored under its revision.</summary>
    public required PolicySnapshot Policy { get; init; }
    /// <summary>The policy file to watch; null for a policy that cannot change.</summary>
    public string? WatchedPath { get; init; }
    /// <summary>The prices of a policy that is read anew.</summary>
    public required PriceBook Prices { get; init; }
    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }
    /// <summary>The gateway's own keys.</summary>
    public ClientKeys Keys { get; init; } = new([]);
    /// <summary>Where captured content goes; null: none is kept, whatever the policy says. Whoever opened it closes it.</summary>
    public ContentStore? Content { get; init; }
    /// <summary>Limits of received traces.</summary>
    public TraceReceiverOptions Traces { get; init; } = new();
    /// <summary>How feedback is taken.</summary>
    public FeedbackReceiverOptions Feedback { get; init; } = new();
    /// <summary>Whether the control loop runs here.</summary>
    public ControlMode Control { get; init; } = ControlMode.Off;
    /// <summary>Who may act on the dashboard.</summary>
    public Operators Operators { get; init; } = Operators.None;
    /// <summary>How long calls that run may go on once the server has been asked to stop; what still runs then loses its connection, and is recorded as a client that has gone. Not negative.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>What is simulated, in a sentence that stands on every page; null: nothing.</summary>
    public string? Simulated { get; init; }
    /// <summary>How the log looks; null for no log.</summary>
    public LogFormat? Log { get; init; } = LogFormat.Text;
}

/// <summary>How the log looks.</summary>
internal enum LogFormat
{
    /// <summary>A line a message, for people.</summary>
    Text,
    /// <summary>A JSON object a message, for collectors.</summary>
    Json,
}

/// <summary>A gateway that listens: the web server, the pipeline, the ledger's writer, the store of content, the policy's watcher, the receivers of traces and of feedback.</summary>
internal sealed class GatewayServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private GatewayServer(WebApplication app, PolicyHolder policies)
    {
        this.app = app;
        Policies = policies;
        Urls = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
    }

    /// <summary>Where it listens, with the ports it got.</summary>
    public IReadOnlyList<string> Urls { get; }

    /// <summary>The policy in force.</summary>
    public PolicyHolder Policies { get; }

    /// <summary>Ends when the server was asked to stop and the calls that ran have ended, or <see cref="GatewayServerOptions.Drain"/> is over.</summary>
    /// <param name="stop">Asks to stop: it listens no more, and calls that run go on.</param>
    /// <param name="hurry">Asks not to wait for them any longer.</param>
    public async Task WaitAsync(CancellationToken stop, CancellationToken hurry)
    {
        using var asked = stop.Register(app.Lifetime.StopApplication);
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var told = app.Lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());
        await stopping.Task;
        await StopAsync(hurry);
    }

    /// <summary>
    /// Starts listening. Sockets complete inline and requests run on their thread: nothing on the path blocks, and a hand-over to another
    /// thread would cost more than the work.
    /// </summary>
    /// <exception cref="IOException">An address is in use or is no address of this machine.</exception>
    public static async Task<GatewayServer> StartAsync(GatewayServerOptions options, Ledger ledger, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls([.. options.Urls]).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // The policy's own limit holds, with an error that says so.
            kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            kestrel.Limits.MaxConcurrentConnections = 20_000;
            kestrel.Limits.MinResponseDataRate = null; // A model may think for long between two chunks.
        });
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            sockets.IOQueueCount = 0;
        });
        builder.Services.AddRoutingCore();
        AddLog(builder.Logging, options.Log);

        var policies = new PolicyHolder(options.Policy, Secrets.Read, options.Clock);
        ShadowJudging? judging = null; // Made with the log, which there is only once the application has been built.
        builder.Services.AddRungGateway(new GatewayOptions
        {
            JudgeShadow = (pair, token) => judging is { } judge ? judge.JudgeAsync(pair, token) : Task.FromResult(new ShadowJudgement(IsJudged: false, CostNanoUsd: 0)),
            Policies = policies,
            Append = ledger.AppendAsync,
            // Reading a file must not hold up a socket's thread.
            Find = (id, token) => Task.Run(() => ledger.FindCallAsync(id, token), token),
            Clock = options.Clock,
            Chance = Random.Shared.NextDouble,
            Keys = options.Keys,
            Keep = options.Content is { } captured ? (batch, token) => captured.AppendCapturesAsync([.. batch.Select(CapturedCalls.Of)], token) : null,
        });
        if (options.Content is { } store)
            builder.Services.AddHostedService(services => new ContentSweeper(store, options.Clock, services.GetRequiredService<ILogger<ContentSweeper>>()));
        var seed = (ulong)Random.Shared.NextInt64();
        builder.Services.AddSingleton(services => new ShadowJudging(ledger.AppendAsync, ledger.AppendVerdictsAsync, seed, options.Clock, services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton(services => new RolloutWatcher(policies, ledger, new StoredPolicies(ledger, options.Prices, options.Clock), options.Clock, services.GetRequiredService<ILogger<RolloutWatcher>>()));
        builder.Services.AddHostedService(services => new PolicyWatcher(
            options.WatchedPath, policies, ledger, services.GetRequiredService<RolloutWatcher>(), options.Prices, options.Clock, services.GetRequiredService<ILogger<PolicyWatcher>>()));
        var destination = new TraceDestination(new CallRater(options.Prices, fixedDate: null).Rate, call => TraitReader.Read(call, keepOpening: false), ledger.AppendImportedAsync);
        builder.Services.AddSingleton(services => new TraceSweeper(destination, options.Traces, options.Clock, services.GetRequiredService<ILogger<TraceSweeper>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<TraceSweeper>());
        builder.Services.AddSingleton(services => new TraceReceiver(services.GetRequiredService<TraceSweeper>(), ledger.AppendVerdictsAsync, options.Keys, options.Traces, options.Clock));
        builder.Services.AddSingleton(services =>
            new FeedbackReceiver(FeedbackDesks.Of(options, ledger, policies), options.Keys, options.Feedback, options.Clock, services.GetRequiredService<ILogger<FeedbackReceiver>>()));
        builder.Services.AddSingleton(services => new ReviewPages(options.Content is { } content ? new ReviewDesk(content, ledger, options.Clock) : null, options.Keys, options.Operators, services.GetRequiredService<ILogger<ReviewPages>>()));
        if (options.Content is { } reviewed)
            builder.Services.AddHostedService(services => new ReviewBooking(new ReviewDesk(reviewed, ledger, options.Clock), options.Clock, services.GetRequiredService<ILogger<ReviewBooking>>()));
        builder.Services.AddHostedService(services => new RollupService(ledger, services.GetRequiredService<ILogger<RollupService>>()));
        AlertService.Add(builder.Services, options, ledger, policies);
        builder.Services.AddSingleton(services => new CallPages(ledger, services.GetRequiredService<CallRecorder>(), options.Keys, options.Operators, options.Clock, services.GetRequiredService<ILogger<CallPages>>()));
        if (options.Control != ControlMode.Off)
        {
            builder.Services.AddHostedService(services =>
                new ControlService(options.Control, options.WatchedPath, services.GetRequiredService<AlertDesk>(), ledger, options.Content, options.Prices, options.Clock, services.GetRequiredService<ILogger<ControlService>>()));
        }
        DashboardWiring.Add(builder.Services, options, ledger, policies);
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = options.Drain;
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore; // No side job may take the gateway down.
        });

        var app = builder.Build();
        try
        {
            judging = app.Services.GetRequiredService<ShadowJudging>();
            // Before the first call: a unit that is on a candidate must not come back to the old policy for the length of a restart.
            await app.Services.GetRequiredService<RolloutWatcher>().StepAsync(cancellationToken);
            app.UseRungGateway();
            app.Services.GetRequiredService<TraceReceiver>().Map(app);
            app.Services.GetRequiredService<FeedbackReceiver>().Map(app);
            app.Services.GetRequiredService<ReviewPages>().Map(app);
            app.Services.GetRequiredService<AlertPages>().Map(app);
            app.Services.GetRequiredService<CallPages>().Map(app);
            app.MapDashboard();
            await app.StartAsync(cancellationToken);
            return new GatewayServer(app, policies);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        // The recorder may have stopped before the last calls ended: what they posted since is written here.
        await app.Services.GetRequiredService<CallRecorder>().FlushAsync(CancellationToken.None);
        await app.Services.GetRequiredService<ContentTap>().FlushAsync(CancellationToken.None);
        await app.Services.GetRequiredService<TraceSweeper>().StepAsync(all: true, CancellationToken.None);
        await app.DisposeAsync();
    }

    private async Task StopAsync(CancellationToken hurry)
    {
        try
        {
            await app.StopAsync(hurry);
        }
        catch (Exception e) when (e is OperationCanceledException || e is AggregateException many && many.InnerExceptions.All(one => one is OperationCanceledException))
        {
            // The time was over before all calls had ended: they have been cut off by now.
        }
    }

    private static void AddLog(ILoggingBuilder logging, LogFormat? format)
    {
        logging.ClearProviders();
        TelemetryExport.AddAlertRecords(logging);
        if (format is null) return;
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // An address in use is said by the command, in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        // The host's own request log would make an activity for every request.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (format == LogFormat.Json) logging.AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        else
        {
            logging.AddSimpleConsole(simple =>
            {
                simple.SingleLine = true;
                simple.TimestampFormat = "yyyy-MM-dd HH:mm:ss'Z' ";
                simple.UseUtcTimestamp = true;
                simple.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }
    }
}
