using System.Runtime.InteropServices;
using System.Text;
using SQLitePCL;

namespace Rung.Storage.Sqlite;

/// <summary>
/// One prepared statement on SQLite's own interface, kept for the life of its connection. It remembers what is bound: SQLite keeps
/// bindings over a reset, so a parameter that has not changed since the row before costs a comparison instead of a native call.
/// Not thread-safe.
/// </summary>
internal sealed unsafe class Statement : IDisposable
{
    private const int SlotBytes = 256;

    private readonly Connection _connection;
    private readonly sqlite3_stmt _handle;
    private readonly Bound[] _bound;
    private readonly nint _native;
    private byte* _slots; // One slot per parameter: SQLite reads short texts where they lie, instead of copying them.

    /// <summary>Prepares.</summary>
    /// <exception cref="LedgerException">The text does not compile against the schema, or the file cannot be read.</exception>
    public Statement(Connection connection, string sql)
    {
        _connection = connection;
        connection.Check(raw.sqlite3_prepare_v3(connection.Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out _handle));
        _bound = new Bound[raw.sqlite3_bind_parameter_count(_handle) + 1];
        _native = _handle.DangerousGetHandle(); // Used only while this object, which owns the handle, is alive.
        _slots = (byte*)NativeMemory.Alloc((nuint)_bound.Length, SlotBytes);
    }

    /// <summary>Binds an integer; parameters count from 1.</summary>
    public void Bind(int parameter, long value)
    {
        ref var bound = ref _bound[parameter];
        if (bound.Kind == BoundKind.Integer && bound.Bits == value) return;
        _connection.Check(NativeBinding.BindInteger(_native, parameter, value));
        bound = new Bound(BoundKind.Integer, value, null);
    }

    /// <summary>Binds an integer or NULL.</summary>
    public void Bind(int parameter, long? value)
    {
        if (value is { } known) Bind(parameter, known);
        else BindNull(parameter);
    }

    /// <summary>Binds a real number.</summary>
    public void Bind(int parameter, double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        ref var bound = ref _bound[parameter];
        if (bound.Kind == BoundKind.Real && bound.Bits == bits) return;
        _connection.Check(raw.sqlite3_bind_double(_handle, parameter, value));
        bound = new Bound(BoundKind.Real, bits, null);
    }

    /// <summary>Binds a real number or NULL.</summary>
    public void Bind(int parameter, double? value)
    {
        if (value is { } known) Bind(parameter, known);
        else BindNull(parameter);
    }

    /// <summary>Binds a text or NULL.</summary>
    public void Bind(int parameter, string? value)
    {
        if (value is null)
        {
            BindNull(parameter);
            return;
        }
        ref var bound = ref _bound[parameter];
        if (bound.Kind == BoundKind.Text && string.Equals(bound.Text, value, StringComparison.Ordinal)) return;

        var slot = _slots + (parameter * SlotBytes);
        if (Encoding.UTF8.TryGetBytes(value, new Span<byte>(slot, SlotBytes), out var length))
        {
            _connection.Check(NativeBinding.BindText(_native, parameter, slot, length, NativeBinding.Static));
        }
        else
        {
            _connection.Check(raw.sqlite3_bind_text(_handle, parameter, Encoding.UTF8.GetBytes(value))); // SQLite makes its own copy.
        }
        bound = new Bound(BoundKind.Text, 0, value);
    }

    /// <summary>Binds bytes.</summary>
    public void Bind(int parameter, ReadOnlySpan<byte> bytes)
    {
        _connection.Check(bytes.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_handle, parameter, 0)
            : raw.sqlite3_bind_blob(_handle, parameter, bytes));
        _bound[parameter] = default;
    }

    private void BindNull(int parameter)
    {
        ref var bound = ref _bound[parameter];
        if (bound.Kind == BoundKind.Null) return;
        _connection.Check(NativeBinding.BindNull(_native, parameter));
        bound = new Bound(BoundKind.Null, 0, null);
    }

    /// <summary>Runs a statement that gives no rows, and makes it ready for the next run.</summary>
    public void Run()
    {
        var code = NativeBinding.Step(_native);
        // The reset repeats the error of the step; the message must be read before anything else happens on the connection.
        if (code is not raw.SQLITE_DONE and not raw.SQLITE_ROW) _connection.Fail(code, _handle);
        _connection.Check(NativeBinding.Reset(_native));
    }

    /// <summary>Moves to the next row; at the end the statement is ready for the next run.</summary>
    public bool Next()
    {
        var code = NativeBinding.Step(_native);
        if (code == raw.SQLITE_ROW) return true;
        if (code != raw.SQLITE_DONE) _connection.Fail(code, _handle);
        _connection.Check(NativeBinding.Reset(_native));
        return false;
    }

    /// <summary>Gives up the rows that were not read.</summary>
    public void Reset() => _ = NativeBinding.Reset(_native);

    /// <summary>Whether a column of the current row is NULL; columns count from 0.</summary>
    public bool IsNull(int column) => NativeBinding.ColumnType(_native, column) == raw.SQLITE_NULL;

    /// <summary>An integer; NULL gives 0.</summary>
    public long Integer(int column) => NativeBinding.ColumnInteger(_native, column);

    /// <summary>An integer or null.</summary>
    public long? IntegerOrNull(int column) => IsNull(column) ? null : Integer(column);

    /// <summary>A real number.</summary>
    public double Real(int column) => raw.sqlite3_column_double(_handle, column);

    /// <summary>A real number or null.</summary>
    public double? RealOrNull(int column) => IsNull(column) ? null : Real(column);

    /// <summary>The UTF-8 bytes of a text, or a blob, until the next step; NULL gives no bytes.</summary>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        var start = NativeBinding.ColumnBlob(_native, column); // Before the length: it decides the form that is measured. Null when empty.
        return new ReadOnlySpan<byte>(start, NativeBinding.ColumnBytes(_native, column));
    }

    /// <summary>A text. Read by its length, so that a NUL inside survives.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    /// <summary>A text or null.</summary>
    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public void Dispose()
    {
        _handle.Dispose();
        NativeMemory.Free(_slots);
        _slots = null;
    }

    private enum BoundKind : byte { Unknown, Null, Integer, Real, Text }

    private readonly record struct Bound(BoundKind Kind, long Bits, string? Text);
}
