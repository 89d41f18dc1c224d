using Rung.Control.Health;
using Rung.Control.Measurement;
using Rung.Control.Steering;
using Rung.Control.Tests.Rollouts;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Health;

public sealed class HealthReadingTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly RolloutWorld _world = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task A_models_attempts_are_told_with_their_endings_times_and_the_last_answer()
    {
        await _world.PublishAsync();
        var calls = Enumerable.Range(1, 20).Select(i => _world.Call(_world.Clock.Now.AddMinutes(-i), "label", null, "large", 1, null)).ToList();
        calls[0].Attempts[0].Outcome = AttemptOutcome.TimedOut;
        calls[1].Attempts[0].Outcome = AttemptOutcome.CheckFailed;
        await _world.Ledger.AppendAsync(calls, None);

        var reading = await ReadAsync();

        // A model that the policy does not know any more comes last.
        Assert.Equal(["mini", "maxi", "large"], reading.Models.Select(model => model.Name));
        var (mini, large) = (reading.Models[0], reading.Models[2]);
        Assert.Equal((0L, null, null), (mini.Attempts, mini.Latency, mini.LastSuccess));
        Assert.Equal("small", Assert.Single(mini.Tiers));
        Assert.Equal((20L, 1L), (large.Attempts, large.Errors));
        Assert.Equal([(AttemptOutcome.CheckFailed, 1L), (AttemptOutcome.TimedOut, 1L)], large.Endings.OrderBy(ending => ending.Outcome));
        Assert.InRange(large.Latency!.Value.P50, 895_000, 905_000);
        Assert.Equal(_world.Clock.Now.AddMinutes(-2), large.LastSuccess); // The check failed an answer: the model was there.
        Assert.Equal(ServedState.Open, reading.Models[1].Served!.State);
        Assert.Null(large.Served);
        Assert.True(reading.LedgerBytes > 0);
        Assert.Null(reading.ContentBytes);
    }

    [Fact]
    public async Task Who_watches_is_whoever_has_the_right_to_act_now()
    {
        await _world.PublishAsync();
        Assert.False((await ReadAsync()).IsWatched);

        await _world.Ledger.TryHoldLeaseAsync(ControlLoop.LeaseName, "one", _world.Clock.Now.AddMinutes(3), None);
        Assert.True((await ReadAsync()).IsWatched);
        _world.Clock.Now += TimeSpan.FromMinutes(4);
        var later = await ReadAsync();
        Assert.False(later.IsWatched);
        Assert.Equal("one", later.Lease!.Holder);
    }

    private Task<HealthReading> ReadAsync()
    {
        var serving = new ServingHealth
        {
            StartedAt = _world.Clock.Now, Revision = 1, LoadedAt = _world.Clock.Now, RunsControl = false, Queues = [],
            Models = [new("mini", "p", ServedState.Closed, TimeSpan.Zero, 0), new("maxi", "p", ServedState.Open, TimeSpan.FromSeconds(5), 1)],
        };
        return HealthReading.ReadAsync(
            _world.Ledger, null, RolloutWorld.Compile(RolloutWorld.Policy).Snapshot!, serving, Period.Last("1h", _world.Clock.Now), _world.Clock.Now, None);
    }
}
