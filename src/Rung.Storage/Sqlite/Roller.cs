using Rung.Storage.Rollups;

namespace Rung.Storage.Sqlite;

/// <summary>Takes what waits and adds it to the sums, in one transaction a step. Keeps its statements; not thread-safe.</summary>
internal sealed class Roller(Connection connection) : IDisposable
{
    // The sums of minutes are for the last hours; a window of minutes that is older is read from its calls.
    private static readonly TimeSpan MinutesKept = TimeSpan.FromHours(48);

    private RollupSource? _source;
    private RollupTables? _tables;

    /// <summary>One step.</summary>
    public RollUpProgress Step(int most, DateTimeOffset now)
    {
        if (_source is null)
        {
            _source = new RollupSource(connection);
            _tables = new RollupTables(connection, _source.Names);
        }
        connection.Execute("BEGIN IMMEDIATE"); // From here on nobody else rolls up, here or in another process.
        try
        {
            _source.Names.Load();
            var progress = Step(_source, _tables!, most, now);
            connection.Execute("COMMIT");
            return progress;
        }
        catch
        {
            connection.RollBack();
            _source.Names.Clear(); // Numbers that were given in it may be given to others.
            throw;
        }
    }

    private RollUpProgress Step(RollupSource source, RollupTables tables, int most, DateTimeOffset now)
    {
        var before = RollupState.Read(connection);
        var state = before;
        var kept = RollupParts.Begin(RollupGrain.Hour, RollupDelta.MinuteOf(now - MinutesKept));
        if (kept > state.MinutesFrom)
        {
            tables.DropMinutes(kept);
            state = state with { MinutesFrom = kept };
        }

        var pending = RollupPending.Read(connection, most);
        var delta = new RollupDelta(source, state.MinutesFrom);
        pending.AddTo(delta, source, state.BeforeId);
        var done = pending.Ids.Count + pending.Verdicts.Count;
        if (state.BeforeId is { } end && done < most && pending.CallsLeft + pending.VerdictsLeft == 0)
        {
            var older = source.Older(end, most - done);
            foreach (var call in older) delta.Add(call);
            state = state with { BeforeId = older.Count == most - done ? older[^1].Id : null };
            done += older.Count;
        }
        if (done > 0)
        {
            delta.BookUnits();
            tables.Add(delta, state.MinutesFrom);
            pending.Delete(connection);
        }
        if (state != before) state.Write(connection);
        return new RollUpProgress(done, pending.CallsLeft + pending.VerdictsLeft, state.MissingBefore);
    }

    public void Dispose()
    {
        _source?.Dispose();
        _tables?.Dispose();
    }
}
