using Microsoft.Extensions.Logging;
using Rung.Core.Spans;
using Rung.Gateway.Recording;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Recording;

/// <summary>The queue between the hot path and a ledger that takes nothing for a while.</summary>
public sealed class CallRecorderTests : IDisposable
{
    private const string Problem = "/data/rung.db: the file was moved or deleted. Put it back.";

    private readonly ManualClock _clock = new();
    private readonly KeptLog _log = new();
    private readonly LoggerFactory _loggers;
    private readonly List<string> _taken = [];
    private bool _isLost = true;

    public CallRecorderTests() => _loggers = new LoggerFactory([_log]);

    public void Dispose() => _loggers.Dispose();

    [Fact]
    public async Task A_ledger_that_takes_nothing_is_told_once_a_minute_and_what_waits_is_written_when_it_is_back()
    {
        using var recorder = Recorder(capacity: 2);
        recorder.Post(Call(1));
        await recorder.StepAsync(CancellationToken.None); // Tried, and kept.
        for (var i = 2; i < 6; i++) recorder.Post(Call(i)); // Two of four find room.

        Assert.Equal((3, 2L, true, Problem), (recorder.Waiting, recorder.Dropped, recorder.IsFailing, recorder.Problem));
        var first = Assert.Single(_log.Lines);
        Assert.StartsWith($"Error The ledger takes no calls; 1 wait, and are tried again. {Problem}", first, StringComparison.Ordinal);

        for (var second = 0; second < 125; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await recorder.StepAsync(CancellationToken.None);
        }
        Assert.Equal(3, _log.Lines.Count);
        Assert.StartsWith($"Error The ledger still takes no calls: 3 wait, 2 in all were served but not recorded. {Problem}", _log.Lines.Last(), StringComparison.Ordinal);

        _isLost = false;
        await recorder.StepAsync(CancellationToken.None);
        Assert.Equal(["c1", "c2", "c3"], _taken);
        Assert.Equal((0, 2L, false, null), (recorder.Waiting, recorder.Dropped, recorder.IsFailing, recorder.Problem));
        Assert.StartsWith("Information The ledger takes calls again", _log.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_that_are_not_written_when_the_gateway_stops_are_counted_and_told()
    {
        using var recorder = Recorder(capacity: 100);
        for (var i = 0; i < 5; i++) recorder.Post(Call(i));

        await recorder.StopAsync(CancellationToken.None);
        await recorder.EndAsync(CancellationToken.None);

        Assert.Equal(5, recorder.Dropped);
        Assert.Contains(_log.Lines, line => line.StartsWith($"Error 5 calls were served but could not be recorded before the gateway stopped. {Problem}", StringComparison.Ordinal));
    }

    private CallRecorder Recorder(int capacity) => new(
        (batch, _) =>
        {
            if (_isLost) return Task.FromException(new IOException(Problem));
            _taken.AddRange(batch.Select(call => call.Id));
            return Task.CompletedTask;
        },
        new DetailRedaction(new PolicyHolder(TestGateway.Compile(Yaml.Alone("http://127.0.0.1:1/v1")), _ => null, _clock)), new RecorderOptions { QueueCapacity = capacity }, _clock, _loggers.CreateLogger<CallRecorder>());

    private CallRecord Call(int number) => new() { Id = $"c{number}", StartedAt = _clock.GetUtcNow(), Route = "t", PolicyRevision = 1, PolicyHash = "hash", Status = CallStatus.Answered };
}
