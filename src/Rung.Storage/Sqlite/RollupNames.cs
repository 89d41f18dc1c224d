using Rung.Storage.Rollups;

namespace Rung.Storage.Sqlite;

/// <summary>The names that roll-ups stand by, each under a number. They are only added; what another process added is loaded by <see cref="Load"/>. Not thread-safe.</summary>
internal sealed class RollupNames(Connection connection)
{
    /// <summary>Keys of amounts.</summary>
    public Book<SpendKey> Keys { get; } = new(connection, "rollup_key", ["tag", "role", "route", "tier", "model"],
        row => new SpendKey(row.TextOrNull(1), row.TextOrNull(2), row.TextOrNull(3), row.TextOrNull(4), row.TextOrNull(5)),
        (row, key) =>
        {
            row.Bind(2, key.Tag);
            row.Bind(3, key.Role);
            row.Bind(4, key.Route);
            row.Bind(5, key.Tier);
            row.Bind(6, key.Model);
        });

    /// <summary>Tags.</summary>
    public Book<TagKey> Tags { get; } = new(connection, "rollup_tag_name", ["tag"], row => new TagKey(row.TextOrNull(1)), (row, key) => row.Bind(2, key.Tag));

    /// <summary>Models.</summary>
    public Book<ModelKey> Models { get; } = new(connection, "rollup_model_name", ["tier", "model"], row => new ModelKey(row.Text(1), row.Text(2)),
        (row, key) =>
        {
            row.Bind(2, key.Tier);
            row.Bind(3, key.Model);
        });

    /// <summary>Loads what has been added since; inside a transaction, before anything is looked up.</summary>
    public void Load()
    {
        Keys.Load();
        Tags.Load();
        Models.Load();
    }

    /// <summary>Forgets everything: a transaction that added names was taken back.</summary>
    public void Clear()
    {
        Keys.Clear();
        Tags.Clear();
        Models.Clear();
    }

    /// <summary>Names of one kind, numbered from 1.</summary>
    internal sealed class Book<T>(Connection connection, string table, string[] columns, Func<Statement, T> read, Action<Statement, T> bind)
        where T : notnull
    {
        private readonly Dictionary<T, long> _numbers = [];
        private readonly List<T> _names = [];

        public int Count => _names.Count;

        public T this[long number] => _names[(int)number - 1];

        public bool TryFind(T name, out long number) => _numbers.TryGetValue(name, out number);

        /// <summary>The number of a name; adds it when it is new.</summary>
        public long NumberOf(T name)
        {
            if (_numbers.TryGetValue(name, out var known)) return known;
            using var insert = new Statement(connection, $"INSERT INTO {table} (id, {string.Join(", ", columns)}) VALUES (?{string.Concat(columns.Select(_ => ", ?"))})");
            var number = _names.Count + 1;
            insert.Bind(1, (long)number);
            bind(insert, name);
            insert.Run();
            Keep(name);
            return number;
        }

        public void Load()
        {
            using var rows = new Statement(connection, $"SELECT id, {string.Join(", ", columns)} FROM {table} WHERE id > ? ORDER BY id");
            rows.Bind(1, (long)_names.Count);
            while (rows.Next()) Keep(read(rows));
        }

        public void Clear()
        {
            _numbers.Clear();
            _names.Clear();
        }

        private void Keep(T name)
        {
            _names.Add(name);
            _numbers.Add(name, _names.Count);
        }
    }
}
