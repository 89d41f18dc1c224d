using System.Text;

namespace Rung.Storage.Sqlite;

/// <summary>
/// Notes the ids of a batch of new calls for the roll-ups, within the transaction that writes them: one row for up to 256 of them, and nothing allocated per call. Not thread-safe.
/// </summary>
internal sealed class RollupQueue(Connection connection) : IDisposable
{
    /// <summary>Most ids in a row: what is rolled up together.</summary>
    private const int MostIds = 256;

    private readonly Statement _state = new(connection, "SELECT before_id FROM rollup_state");
    private readonly Statement _insert = new(connection, "INSERT INTO rollup_pending (calls, ids) VALUES (?, ?)");
    private byte[] _bytes = new byte[MostIds * 33];
    private int _length, _ids;
    private string? _before;

    /// <summary>Begins a batch, inside its transaction.</summary>
    public void Begin()
    {
        (_length, _ids) = (0, 0);
        _state.Next();
        _before = _state.TextOrNull(0);
        _state.Reset();
    }

    /// <summary>Notes a call that is new.</summary>
    public void Add(string id)
    {
        // An older ledger is being rolled up, and it has not come to this id yet: it will meet the call there.
        if (_before is not null && string.CompareOrdinal(id, _before) < 0) return;
        var torn = id.Contains('\n', StringComparison.Ordinal); // Ids of calls are hexadecimal; one that is not stands alone.
        if (torn || _ids == MostIds) End();
        var need = Encoding.UTF8.GetMaxByteCount(id.Length) + 1;
        if (_length + need > _bytes.Length) Array.Resize(ref _bytes, (2 * _bytes.Length) + need);
        if (_ids > 0) _bytes[_length++] = (byte)'\n';
        _length += Encoding.UTF8.GetBytes(id, _bytes.AsSpan(_length));
        _ids++;
        if (torn) End();
    }

    /// <summary>Writes what was noted.</summary>
    public void End()
    {
        if (_ids == 0) return;
        _insert.Bind(1, (long)_ids);
        _insert.Bind(2, _bytes.AsSpan(0, _length));
        _insert.Run();
        (_length, _ids) = (0, 0);
    }

    public void Dispose()
    {
        _state.Dispose();
        _insert.Dispose();
    }
}
