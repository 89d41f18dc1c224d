using System.Runtime.InteropServices;
using Rung.Core.Measurement;
using Rung.Storage.Rollups;

namespace Rung.Storage.Sqlite;

/// <summary>Reads a window of the roll-ups, and what waits beside them, in the caller's transaction.</summary>
internal sealed class RollupReader : IDisposable
{
    // What a reading adds up itself. A roller that keeps up leaves a second's calls; with more than this waiting, a reading says so.
    private const int MostPending = 4096;

    private readonly Connection _connection;
    private readonly RollupQuery _query;
    private readonly RollupSource _source;
    private readonly RollupState _state;
    private readonly long _from, _to;
    private readonly Dictionary<(long At, SpendKey Key), SpendSums> _spend = [];
    private readonly Dictionary<(long At, TagKey Tag), MeasureSums> _tags = [];
    private readonly Dictionary<(long At, ModelKey Model), ModelSums> _models = [];

    private RollupReader(Connection connection, RollupQuery query)
    {
        (_connection, _query) = (connection, query);
        (_from, _to) = (RollupDelta.MinuteOf(query.From), RollupDelta.MinuteOf(query.To));
        _source = new RollupSource(connection);
        _source.Names.Load();
        _state = RollupState.Read(connection);
    }

    public static RollupReading Run(Connection connection, RollupQuery query)
    {
        using var reader = new RollupReader(connection, query);
        return reader.Run();
    }

    private RollupReading Run()
    {
        var pending = RollupPending.Read(_connection, MostPending);
        foreach (var part in RollupParts.Of(_from, _to, _query.Series ?? RollupGrain.Day, _state.MinutesFrom))
        {
            if (part.Grain is { } grain) AddStored(grain, part);
            else AddPast(part);
        }
        var delta = new RollupDelta(_source, long.MinValue);
        pending.AddTo(delta, _source, _state.BeforeId);
        delta.BookUnits();
        Add(delta);
        return new RollupReading
        {
            Spend = [.. _spend.OrderBy(row => row.Key.At).Select(row => new SpendRow(Instant(row.Key.At), row.Key.Key.Tag, row.Key.Key.Role, row.Key.Key.Route, row.Key.Key.Tier, row.Key.Key.Model, row.Value))],
            Tags = [.. _tags.Where(row => row.Value.Calls > 0).OrderBy(row => row.Key.At).ThenBy(row => row.Key.Tag.Tag, StringComparer.Ordinal).Select(row => new TagRow(Instant(row.Key.At), row.Key.Tag.Tag, row.Value))],
            Models = [.. _models.OrderBy(row => row.Key.At).Select(row => new ModelRow(Instant(row.Key.At), row.Key.Model.Tier, row.Key.Model.Model, row.Value.ToOutcomes(), row.Value.Latency, row.Value.FirstByte))],
            Pending = pending.CallsLeft, MissingBefore = _state.MissingBefore,
        };
    }

    private void AddStored(RollupGrain grain, RollupPart part)
    {
        if (_query.Spend is { } by) AddSpend(by, grain, part);
        if (_query.Tags) AddTags(grain, part);
        if (_query.Tags && _query.Times) AddTimes(grain, part);
        if (_query.Models) AddModels(grain, part);
    }

    private void AddSpend(SpendBy by, RollupGrain grain, RollupPart part)
    {
        var names = _source.Names.Keys;
        var keys = new SpendKey?[names.Count + 1];
        for (var number = 1; number < keys.Length; number++)
        {
            if (_query.Tag is null || names[number].Tag == _query.Tag) keys[number] = names[number].Only(by);
        }
        using var rows = Window($"SELECT at, key, {string.Join(", ", SpendSums.Columns)} FROM rollup_spend", grain, part);
        while (rows.Next())
        {
            if (keys[rows.Integer(1)] is not { } key) continue;
            var sums = CollectionsMarshal.GetValueRefOrAddDefault(_spend, (Bucket(rows.Integer(0)), key), out _) ??= new SpendSums();
            for (var i = 0; i < SpendSums.Columns.Length; i++) sums.Add(i, rows.Integer(2 + i));
        }
    }

    private void AddTags(RollupGrain grain, RollupPart part)
    {
        using var rows = Window("SELECT at, tag, sums FROM rollup_tag", grain, part);
        while (rows.Next())
        {
            if (SumsAt(rows) is { } sums) sums.MergeCounts(rows.Bytes(2));
        }
    }

    private void AddTimes(RollupGrain grain, RollupPart part)
    {
        using var rows = Window("SELECT at, tag, latency, first_byte FROM rollup_tag_times", grain, part);
        while (rows.Next())
        {
            if (SumsAt(rows) is not { } sums) continue;
            sums.Latency.Merge(rows.Bytes(2));
            sums.FirstByte.Merge(rows.Bytes(3));
        }
    }

    private void AddModels(RollupGrain grain, RollupPart part)
    {
        using var rows = Window($"SELECT at, model, {string.Join(", ", ModelSums.Columns)}{(_query.Times ? ", latency, first_byte" : "")} FROM rollup_model", grain, part);
        while (rows.Next())
        {
            var sums = CollectionsMarshal.GetValueRefOrAddDefault(_models, (Bucket(rows.Integer(0)), _source.Names.Models[rows.Integer(1)]), out _) ??= new ModelSums();
            for (var i = 0; i < ModelSums.Outcomes; i++) sums.Add(i + 1, rows.Integer(2 + i));
            if (!_query.Times) continue;
            sums.Latency.Merge(rows.Bytes(2 + ModelSums.Outcomes));
            sums.FirstByte.Merge(rows.Bytes(3 + ModelSums.Outcomes));
        }
    }

    // A part of an hour whose minutes are gone: its calls once more, but for those that are not in the sums yet.
    private void AddPast(RollupPart part)
    {
        var waiting = new HashSet<string>(RollupPending.Read(_connection, int.MaxValue).Ids, StringComparer.Ordinal);
        var delta = new RollupDelta(_source, long.MinValue, isPast: true);
        foreach (var call in _source.Between(InstantOf(part.From), InstantOf(part.To)))
        {
            var isOlder = _state.BeforeId is { } before && string.CompareOrdinal(call.Id, before) < 0;
            if (!isOlder && !waiting.Contains(call.Id)) delta.Add(call);
        }
        delta.BookUnits();
        Add(delta, part.From, part.To);
    }

    private void Add(RollupDelta delta) => Add(delta, _from, _to);

    private void Add(RollupDelta delta, long from, long to)
    {
        foreach (var ((at, key), sums) in delta.Spend)
        {
            if (at < from || at >= to || _query.Spend is not { } by || _query.Tag is not null && key.Tag != _query.Tag) continue;
            (CollectionsMarshal.GetValueRefOrAddDefault(_spend, (Bucket(at), key.Only(by)), out _) ??= new SpendSums()).Merge(sums);
        }
        foreach (var ((at, tag), sums) in delta.Tags)
        {
            if (at < from || at >= to || !_query.Tags || _query.Tag is not null && tag.Tag != _query.Tag) continue;
            (CollectionsMarshal.GetValueRefOrAddDefault(_tags, (Bucket(at), tag), out _) ??= new MeasureSums()).Merge(sums);
        }
        foreach (var ((at, model), sums) in delta.Models)
        {
            if (at < from || at >= to || !_query.Models) continue;
            (CollectionsMarshal.GetValueRefOrAddDefault(_models, (Bucket(at), model), out _) ??= new ModelSums()).Merge(sums);
        }
    }

    private MeasureSums? SumsAt(Statement row)
    {
        var tag = _source.Names.Tags[row.Integer(1)];
        if (_query.Tag is not null && tag.Tag != _query.Tag) return null;
        return CollectionsMarshal.GetValueRefOrAddDefault(_tags, (Bucket(row.Integer(0)), tag), out _) ??= new MeasureSums();
    }

    private Statement Window(string select, RollupGrain grain, RollupPart part)
    {
        var rows = new Statement(_connection, $"{select} WHERE grain = ? AND at >= ? AND at < ?");
        rows.Bind(1, (long)grain);
        rows.Bind(2, part.From);
        rows.Bind(3, part.To);
        return rows;
    }

    private long Bucket(long minute) => _query.Series is { } series ? RollupParts.Begin(series, minute) : 0;

    private DateTimeOffset? Instant(long bucket) => _query.Series is null ? null : InstantOf(bucket);

    private static DateTimeOffset InstantOf(long minute) => DateTimeOffset.UnixEpoch.AddTicks(minute * TimeSpan.TicksPerMinute);

    public void Dispose() => _source.Dispose();
}
