using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Rung.Core.Policies;

namespace Rung.Control.Alerts.Delivery;

/// <summary>
/// Sends messages beside whoever posts them: a bounded queue and one worker for each target, so that a target that hangs holds up neither
/// the control loop nor the others. A message is tried a few times, with waits that double; what cannot be sent is counted and said, and the
/// alert is told again by its reminder. What waits when the process is killed is lost.
/// </summary>
public sealed class AlertDelivery : IAsyncDisposable
{
    private readonly AlertSender sender;
    private readonly DeliveryOptions options;
    private readonly TimeProvider clock;
    private readonly Func<double> chance;
    private readonly Action<DeliveryReport> report;
    private readonly ConcurrentDictionary<string, Lane> lanes = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock starting = new();
    private bool isStopped;
    private long sent;
    private long lost;

    /// <summary>Makes one.</summary>
    /// <param name="sender">Sends one message once.</param>
    /// <param name="options">How.</param>
    /// <param name="clock">The clock of the waits.</param>
    /// <param name="chance">A number from 0 to 1 for every wait: targets that failed together are not tried together.</param>
    /// <param name="report">Told of every try that failed and of every message that ended, from the thread of its worker.</param>
    public AlertDelivery(AlertSender sender, DeliveryOptions options, TimeProvider clock, Func<double> chance, Action<DeliveryReport> report)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(options);
        (this.sender, this.options, this.clock, this.chance, this.report) = (sender, options, clock, chance, report);
    }

    /// <summary>Messages that wait or are being sent, of all targets together.</summary>
    public long Waiting => lanes.Values.Sum(lane => (long)Volatile.Read(ref lane.Waiting));

    /// <summary>Messages that a target took.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Messages that were given up: dropped, refused, or tried too often.</summary>
    public long Lost => Interlocked.Read(ref lost);

    /// <summary>Whether a target has nothing left to send.</summary>
    public bool IsIdle(string target) => !lanes.TryGetValue(target, out var lane) || Volatile.Read(ref lane.Waiting) == 0;

    /// <summary>Puts a message into the queue of its target; never waits. One too many is dropped and reported.</summary>
    public void Post(AlertTarget target, AlertMessage message)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(message);
        if (LaneOf(target.Name) is { } lane)
        {
            Interlocked.Increment(ref lane.Waiting);
            if (lane.Queue.Writer.TryWrite(new Parcel(target, message))) return;
            Interlocked.Decrement(ref lane.Waiting);
        }
        Report(target.Name, message, DeliveryOutcome.None(DeliveryResult.Dropped, $"{options.Waiting} messages wait for it already, or Rung is stopping"), tries: 0, isFinal: true);
    }

    /// <summary>Sends what waits for a little while, and stops.</summary>
    public async Task StopAsync()
    {
        ImmutableArray<Lane> all;
        lock (starting)
        {
            isStopped = true;
            all = [.. lanes.Values];
        }
        foreach (var lane in all) lane.Queue.Writer.TryComplete();
        var done = Task.WhenAll(all.Select(lane => lane.Work));
        try
        {
            await done.WaitAsync(options.Farewell, clock);
        }
        catch (TimeoutException)
        {
            await stopping.CancelAsync();
            await done;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }

    private Lane? LaneOf(string target)
    {
        if (lanes.TryGetValue(target, out var known)) return known;
        lock (starting)
        {
            if (isStopped) return null;
            if (lanes.TryGetValue(target, out known)) return known;
            var lane = new Lane(Channel.CreateBounded<Parcel>(new BoundedChannelOptions(options.Waiting) { SingleReader = true }));
            lane.Work = Task.Run(() => WorkAsync(lane));
            return lanes[target] = lane;
        }
    }

    private async Task WorkAsync(Lane lane)
    {
        await foreach (var (target, message) in lane.Queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await DeliverAsync(target, message);
            }
            catch (OperationCanceledException)
            {
                Report(target.Name, message, DeliveryOutcome.None(DeliveryResult.Dropped, "Rung stopped before it was sent"), tries: 0, isFinal: true);
            }
            Interlocked.Decrement(ref lane.Waiting);
        }
    }

    private async Task DeliverAsync(AlertTarget target, AlertMessage message)
    {
        for (var tries = 1; ; tries++)
        {
            var outcome = await sender.SendAsync(target, message, stopping.Token);
            var isFinal = !outcome.IsWorthAnother || tries >= options.Tries;
            Report(target.Name, message, outcome, tries, isFinal);
            if (isFinal) return;
            await Task.Delay(WaitAfter(tries, outcome.RetryAfter), clock, stopping.Token);
        }
    }

    /// <summary>Half of the wait is fixed and half by chance; never less than the target asked for.</summary>
    private TimeSpan WaitAfter(int tries, TimeSpan? asked)
    {
        var full = Math.Min(options.LongestWait.TotalSeconds, options.FirstWait.TotalSeconds * Math.Pow(2, tries - 1));
        var wait = TimeSpan.FromSeconds(full * (0.5 + chance() / 2));
        return asked is { } least && least > wait ? least : wait;
    }

    private void Report(string target, AlertMessage message, DeliveryOutcome outcome, int tries, bool isFinal)
    {
        if (isFinal) Interlocked.Increment(ref outcome.Result == DeliveryResult.Delivered ? ref sent : ref lost);
        report(new DeliveryReport(target, message, outcome, tries, isFinal));
    }

    private sealed record Parcel(AlertTarget Target, AlertMessage Message);

    private sealed class Lane(Channel<Parcel> queue)
    {
        public int Waiting;

        public Channel<Parcel> Queue { get; } = queue;

        public Task Work { get; set; } = Task.CompletedTask;
    }
}
