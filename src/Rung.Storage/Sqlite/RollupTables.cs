using System.Runtime.InteropServices;
using Rung.Core.Measurement;
using Rung.Core.Statistics;
using Rung.Storage.Rollups;

namespace Rung.Storage.Sqlite;

/// <summary>Adds what changed to the sums of minutes, hours and days. Keeps its statements; not thread-safe.</summary>
internal sealed class RollupTables(Connection connection, RollupNames names) : IDisposable
{
    // Minutes last: what is stored is added into the very sums that hours and days are gathered from.
    private static readonly RollupGrain[] Grains = [RollupGrain.Day, RollupGrain.Hour, RollupGrain.Minute];

    private static readonly string[] Tables = ["rollup_spend", "rollup_model", "rollup_tag", "rollup_tag_times"];

    private readonly Statement _spend = new(connection, $"""
        INSERT INTO rollup_spend (grain, at, key, {string.Join(", ", SpendSums.Columns)}) VALUES (?, ?, ?{string.Concat(SpendSums.Columns.Select(_ => ", ?"))})
        ON CONFLICT (grain, at, key) DO UPDATE SET {string.Join(", ", SpendSums.Columns.Select(column => $"{column} = {column} + excluded.{column}"))}
        """);
    private readonly Statement _model = new(connection, $"SELECT {string.Join(", ", ModelSums.Columns)}, latency, first_byte FROM rollup_model WHERE grain = ? AND at = ? AND model = ?");
    private readonly Statement _setModel = new(connection, $"INSERT OR REPLACE INTO rollup_model (grain, at, model, {string.Join(", ", ModelSums.Columns)}, latency, first_byte) VALUES (?, ?, ?{string.Concat(ModelSums.Columns.Select(_ => ", ?"))}, ?, ?)");
    private readonly Statement _tag = new(connection, "SELECT sums FROM rollup_tag WHERE grain = ? AND at = ? AND tag = ?");
    private readonly Statement _setTag = new(connection, "INSERT OR REPLACE INTO rollup_tag (grain, at, tag, sums) VALUES (?, ?, ?, ?)");
    private readonly Statement _times = new(connection, "SELECT latency, first_byte FROM rollup_tag_times WHERE grain = ? AND at = ? AND tag = ?");
    private readonly Statement _setTimes = new(connection, "INSERT OR REPLACE INTO rollup_tag_times (grain, at, tag, latency, first_byte) VALUES (?, ?, ?, ?, ?)");
    private readonly Statement _unit = new(connection, """
        INSERT INTO rollup_unit (session, tag, first_at_us, last_at_us, calls, sums) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (session, tag) DO UPDATE SET first_at_us = excluded.first_at_us, last_at_us = excluded.last_at_us, calls = excluded.calls, sums = excluded.sums
        """);

    /// <summary>Adds.</summary>
    /// <param name="delta">What changed.</param>
    /// <param name="minutesFrom">The first minute of which there are sums of minutes.</param>
    public void Add(RollupDelta delta, long minutesFrom)
    {
        foreach (var grain in Grains)
        {
            foreach (var ((at, key), sums) in Gathered(delta.Spend, grain, minutesFrom, static () => new SpendSums(), static (sum, more) => sum.Merge(more))) AddSpend(grain, at, key, sums);
            foreach (var ((at, model), sums) in Gathered(delta.Models, grain, minutesFrom, static () => new ModelSums(), static (sum, more) => sum.Merge(more))) AddModel(grain, at, model, sums);
            foreach (var ((at, tag), sums) in Gathered(delta.Tags, grain, minutesFrom, static () => new MeasureSums(), static (sum, more) => sum.Merge(more))) AddTag(grain, at, tag, sums);
        }
        foreach (var (session, tag, sums) in delta.Units) SetUnit(session, tag, sums);
    }

    /// <summary>Deletes the sums of minutes before one.</summary>
    public void DropMinutes(long before)
    {
        foreach (var table in Tables)
        {
            using var delete = new Statement(connection, $"DELETE FROM {table} WHERE grain = {(int)RollupGrain.Minute} AND at < ?");
            delete.Bind(1, before);
            delete.Run();
        }
    }

    // In the order of the tables: neighbours lie on one page.
    private static IEnumerable<KeyValuePair<(long At, TKey Key), TSums>> Gathered<TKey, TSums>(
        Dictionary<(long At, TKey Key), TSums> changes, RollupGrain grain, long minutesFrom, Func<TSums> empty, Action<TSums, TSums> merge)
        where TKey : notnull
        where TSums : class
    {
        if (grain == RollupGrain.Minute) return changes.Where(change => change.Key.At >= minutesFrom).OrderBy(change => change.Key.At);
        var gathered = new Dictionary<(long At, TKey Key), TSums>();
        foreach (var ((at, key), sums) in changes)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(gathered, (RollupParts.Begin(grain, at), key), out _);
            merge(sum ??= empty(), sums);
        }
        return gathered.OrderBy(change => change.Key.At);
    }

    private void AddSpend(RollupGrain grain, long at, in SpendKey key, SpendSums sums)
    {
        _spend.Bind(1, (long)grain);
        _spend.Bind(2, at);
        _spend.Bind(3, names.Keys.NumberOf(key));
        for (var i = 0; i < SpendSums.Columns.Length; i++) _spend.Bind(4 + i, sums[i]);
        _spend.Run();
    }

    private void AddModel(RollupGrain grain, long at, in ModelKey model, ModelSums sums)
    {
        var number = names.Models.NumberOf(model);
        if (Found(_model, grain, at, number))
        {
            for (var i = 0; i < ModelSums.Outcomes; i++) sums.Add(i + 1, _model.Integer(i));
            sums.Latency.Merge(_model.Bytes(ModelSums.Outcomes));
            sums.FirstByte.Merge(_model.Bytes(ModelSums.Outcomes + 1));
            _model.Reset();
        }
        Place(_setModel, grain, at, number);
        for (var i = 0; i < ModelSums.Outcomes; i++) _setModel.Bind(4 + i, sums[i + 1]);
        _setModel.Bind(4 + ModelSums.Outcomes, sums.Latency.ToBytes());
        _setModel.Bind(5 + ModelSums.Outcomes, sums.FirstByte.ToBytes());
        _setModel.Run();
    }

    private void AddTag(RollupGrain grain, long at, TagKey tag, MeasureSums sums)
    {
        var number = names.Tags.NumberOf(tag);
        // Verdicts and sessions that moved bring no times.
        if (sums.Calls > 0) AddTimes(grain, at, number, sums.Latency, sums.FirstByte);
        if (Found(_tag, grain, at, number))
        {
            sums.MergeCounts(_tag.Bytes(0));
            _tag.Reset();
        }
        Place(_setTag, grain, at, number);
        _setTag.Bind(4, sums.CountsToBytes());
        _setTag.Run();
    }

    private void AddTimes(RollupGrain grain, long at, long tag, QuantileSketch latency, QuantileSketch firstByte)
    {
        var (all, first) = (latency, firstByte);
        if (Found(_times, grain, at, tag))
        {
            all.Merge(_times.Bytes(0));
            first.Merge(_times.Bytes(1));
            _times.Reset();
        }
        Place(_setTimes, grain, at, tag);
        _setTimes.Bind(4, all.ToBytes());
        _setTimes.Bind(5, first.ToBytes());
        _setTimes.Run();
    }

    private void SetUnit(string session, TagKey tag, SessionSums sums)
    {
        if (sums.Calls == 0) return;
        _unit.Bind(1, session);
        _unit.Bind(2, names.Tags.NumberOf(tag));
        _unit.Bind(3, UnixMicros.From(sums.First));
        _unit.Bind(4, UnixMicros.From(sums.Last));
        _unit.Bind(5, sums.Calls);
        _unit.Bind(6, sums.ToBytes());
        _unit.Run();
    }

    private static bool Found(Statement select, RollupGrain grain, long at, long number)
    {
        Place(select, grain, at, number);
        return select.Next();
    }

    private static void Place(Statement statement, RollupGrain grain, long at, long number)
    {
        statement.Bind(1, (long)grain);
        statement.Bind(2, at);
        statement.Bind(3, number);
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[_spend, _model, _setModel, _tag, _setTag, _times, _setTimes, _unit]) statement.Dispose();
    }
}
