using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rung.Control.Alerts;
using Rung.Control.Steering;
using Rung.Core.Alerts;
using Rung.Core.Prices;
using Rung.Core.Steering;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Serving;

/// <summary>Whether the control loop runs beside the gateway.</summary>
internal enum ControlMode
{
    /// <summary>It runs, and acts.</summary>
    On,
    /// <summary>It does not run here.</summary>
    Off,
    /// <summary>It runs, but moves no route by itself: it says what it would do.</summary>
    Propose,
}

/// <summary>
/// Runs the control loop once a minute. It survives whatever happens in a step: its state is the ledger, so that the next step starts afresh. The gateway never waits
/// for it.
/// </summary>
internal sealed partial class ControlService : BackgroundService
{
    /// <summary>Between two steps.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // One step that fails is nothing; several are.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly AlertDesk _alerts;
    private readonly ControlLoop _loop;
    private readonly TimeProvider _clock;
    private readonly ILogger<ControlService> _logger;
    private bool? _acts;
    private string? _failure;
    private DateTimeOffset _failedAt;
    private ImmutableArray<AlertCondition> _held = []; // What held at the last step that worked.

    /// <summary>Makes one.</summary>
    /// <param name="mode">On, or propose.</param>
    /// <param name="policyPath">The policy file; null: there is none to write.</param>
    /// <param name="alerts">Tells people.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="content">Captured content; null: inputs are not watched.</param>
    /// <param name="prices">The prices.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">The log.</param>
    public ControlService(ControlMode mode, string? policyPath, AlertDesk alerts, Ledger ledger, ContentStore? content, PriceBook prices, TimeProvider clock, ILogger<ControlService> logger)
    {
        (_alerts, _clock, _logger) = (alerts, clock, logger);
        _loop = new ControlLoop(
            ledger, PolicyFileAccess.Of(policyPath, prices, clock), $"{Environment.MachineName} {Environment.ProcessId} {Guid.NewGuid():N}",
            async (conditions, now, token) => await alerts.ObserveAsync(conditions, now, token), content is null ? null : CapturedInputs.Of(ledger, content),
            mode == ControlMode.Propose ? new SteeringFreeze("the command line", "rung serve --control propose", null) : null);
    }

    /// <summary>One step: never throws but when it is to stop.</summary>
    internal async Task StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var step = await _loop.StepAsync(_clock.GetUtcNow(), cancellationToken);
            if (step.Acted != _acts)
            {
                if (step.Acted) Log.Acts(_logger, _loop.Steering.Watches.Count);
                else Log.ActsElsewhere(_logger);
                _acts = step.Acted;
            }
            if (_failure is not null) Log.Recovered(_logger);
            _failure = null;
            _held = step.Conditions;
            foreach (var words in step.Done) Log.Did(_logger, words);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The same failure every minute is one line, not a thousand.
            if (_failure is null) _failedAt = _clock.GetUtcNow();
            if (_failure != e.Message) Log.Failed(_logger, e);
            _failure = e.Message;
            if (_acts == true) await TellFailureAsync(e, cancellationToken);
        }
    }

    // The desk goes on without the ledger. What held before still does, for all that is known.
    private async Task TellFailureAsync(Exception failure, CancellationToken cancellationToken)
    {
        var condition = new AlertCondition
        {
            Key = "control:failed", Kind = AlertKind.Control, Severity = AlertSeverity.Critical, Summary = $"the control loop cannot do its work: {failure.Message}",
            Cause = failure is LedgerException ? "the ledger" : null, Next = "rung control status", Since = _failedAt, For = s_patience,
        };
        try
        {
            await _alerts.ObserveAsync([.. _held.Where(held => held.Key != condition.Key), condition], _clock.GetUtcNow(), cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(_logger, e);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // The first step may read a week of calls: start-up does not wait for it.
        using var timer = new PeriodicTimer(Interval, _clock);
        try
        {
            do
            {
                await Task.Run(() => StepAsync(stoppingToken), stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await _loop.StopAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is LedgerException or ObjectDisposedException)
        {
            // The right to act ends by itself in a few minutes.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4301, LogLevel.Information, "The control loop acts here; it watches {Tags} tag(s)")]
        public static partial void Acts(ILogger logger, int tags);

        [LoggerMessage(4302, LogLevel.Information, "Another process on this data directory runs the control loop; this one takes over when it ends")]
        public static partial void ActsElsewhere(ILogger logger);

        [LoggerMessage(4303, LogLevel.Warning, "Control: {Words}")]
        public static partial void Did(ILogger logger, string words);

        [LoggerMessage(4304, LogLevel.Error, "A step of the control loop failed; calls are served as before, and it tries again in a minute")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(4305, LogLevel.Information, "The control loop works again")]
        public static partial void Recovered(ILogger logger);
    }
}
