using System.Globalization;

namespace Rung.Demo.Ledgers;

/// <summary>A call that is about to be made.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Session">By whom.</param>
/// <param name="Job">What for.</param>
internal readonly record struct DueCall(DateTimeOffset At, WorldSession Session, WorldJob Job);

/// <summary>Sessions as they come and go on: the calls of a minute after another, in order of time. Memory: the sessions that go on at one time.</summary>
internal sealed class WorldSessions(WorldTime time, double callsPerDay, DemoChance chance)
{
    private readonly PriorityQueue<WorldSession, (long Ticks, long Number)> _due = new();
    private readonly long[] _numbers = new long[WorldAgents.All.Count];
    private DemoChance _chance = chance;
    private long _enqueued;

    /// <summary>Begins the sessions of a minute.</summary>
    /// <param name="minute">Its first instant.</param>
    public void Arrive(DateTimeOffset minute)
    {
        const double MinutesPerDay = 1440;
        var arrivals = _chance.Count(callsPerDay / MinutesPerDay / WorldAgents.CallsPerSession * time.Busy(minute));
        for (; arrivals > 0; arrivals--)
        {
            var place = DrawAgent();
            var agent = WorldAgents.All[place];
            var number = ++_numbers[place];
            var session = new WorldSession
            {
                Agent = agent, Pace = Math.Exp(0.25 * _chance.Normal()), Length = Math.Exp(0.4 * _chance.Normal()),
                Name = agent.HasSessions ? string.Create(CultureInfo.InvariantCulture, $"{agent.Name}-{number:0000}") : null,
                User = agent.HasSessions ? string.Create(CultureInfo.InvariantCulture, $"user-{_chance.Between(1, 400):000}") : null,
            };
            agent.Jobs(ref _chance, session.Jobs);
            Enqueue(session, minute.AddTicks(_chance.Between(0, 59_999_999) * TimeSpan.TicksPerMicrosecond));
        }
    }

    /// <summary>The next call that begins before an instant.</summary>
    public bool TryNext(DateTimeOffset before, out DueCall call)
    {
        if (!_due.TryPeek(out var session, out var place) || place.Ticks >= before.UtcTicks)
        {
            call = default;
            return false;
        }
        _due.Dequeue();
        call = new DueCall(new DateTimeOffset(place.Ticks, TimeSpan.Zero), session, session.Jobs[session.Done]);
        return true;
    }

    /// <summary>Says that a call has ended: the session thinks, and makes its next one.</summary>
    /// <returns>Whether that was its last call.</returns>
    public bool Ended(WorldSession session, DateTimeOffset at)
    {
        session.Done++;
        if (session.Done == session.Jobs.Count) return true;
        var pause = (long)((0.2 + (session.Agent.Pause * _chance.Waiting())) * 1e6);
        Enqueue(session, at.AddMicroseconds(pause));
        return false;
    }

    private void Enqueue(WorldSession session, DateTimeOffset at) => _due.Enqueue(session, (at.UtcTicks, _enqueued++));

    private int DrawAgent()
    {
        var drawn = _chance.Share();
        for (var place = 0; place < WorldAgents.All.Count - 1; place++)
        {
            drawn -= WorldAgents.All[place].Share;
            if (drawn < 0) return place;
        }
        return WorldAgents.All.Count - 1;
    }
}
