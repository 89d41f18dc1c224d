using System.Runtime.InteropServices;

namespace Rung.Storage.Sqlite;

/// <summary>
/// The functions of SQLite that run dozens of times per call written or reported, without the wrapper's safe handles. Those that only store or read a
/// value (some 20 ns, never waiting) also go without a transition of the garbage collector; <see cref="Step"/> and <see cref="Reset"/> touch
/// files and do not. Measured: 25 ns instead of 65 ns to bind an integer, 36 ns instead of 140 ns for a text. Everything else goes
/// through SQLitePCL.
/// </summary>
internal static unsafe partial class NativeBinding
{
    // The native library that SQLitePCLRaw.bundle_e_sqlite3 brings and has loaded by the time a statement exists.
    private const string Library = "e_sqlite3";

    /// <summary>The memory stays as it is until the parameter is bound anew (SQLITE_STATIC).</summary>
    public const nint Static = 0;

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static partial int BindInteger(nint statement, int parameter, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text"), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static partial int BindText(nint statement, int parameter, byte* utf8, int length, nint lifetime);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static partial int BindNull(nint statement, int parameter);

    [LibraryImport(Library, EntryPoint = "sqlite3_changes"), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static partial int Changes(nint connection);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type"), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static partial int ColumnType(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64"), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static partial long ColumnInteger(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob"), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static partial byte* ColumnBlob(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes"), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static partial int ColumnBytes(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_file_control")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static partial int FileControl(nint connection, nint database, int operation, out int answer);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    public static partial int Reset(nint statement);
}
