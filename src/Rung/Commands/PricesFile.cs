using Rung.Core.Prices;

namespace Rung.Commands;

/// <summary>The user's own price book on disk.</summary>
internal static class PricesFile
{
    /// <summary>Its name in a data directory.</summary>
    public const string FileName = "prices.json";

    // A whole public list is 2 MB; a file beyond this is no price book.
    private const long MostBytes = 64 * 1024 * 1024;

    /// <summary>Where a data directory has it.</summary>
    public static string In(string data) => Path.Combine(data, FileName);

    /// <summary>The user's book that counts: the one that was named, else that of the data directory; null when that has none.</summary>
    public static string? Find(string? named, string data) => named ?? (File.Exists(In(data)) ? In(data) : null);

    /// <summary>The book that ships with the user's own laid over it.</summary>
    /// <param name="named">The user's book; null for that of the data directory, which need not exist.</param>
    /// <param name="data">The data directory.</param>
    /// <exception cref="PriceBookException">The file is no price book; its message begins with the file.</exception>
    /// <exception cref="IOException">The file cannot be read, or was named and is not there.</exception>
    public static PriceBook ReadEffective(string? named, string data) => Find(named, data) is { } path ? PriceBook.Embedded.OverlaidBy(Read(path)) : PriceBook.Embedded;

    /// <summary>A user's own book alone.</summary>
    /// <inheritdoc cref="ReadEffective" path="/exception"/>
    public static PriceBook Read(string path) => Named(path, () => PriceBookFile.Read(ReadBytes(path)));

    /// <summary>Reads something of a file; what is wrong with it begins with the file's name.</summary>
    /// <exception cref="PriceBookException">As <paramref name="read"/> says.</exception>
    public static T Named<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (PriceBookException e)
        {
            throw new PriceBookException(path, e.Message);
        }
    }

    /// <summary>Reads a file of a believable size.</summary>
    public static byte[] ReadBytes(string path)
    {
        var length = new FileInfo(path).Length;
        if (length > MostBytes) throw new IOException($"{path} has {length:#,0} bytes; a price list has at most {MostBytes:#,0}.");
        return File.ReadAllBytes(path);
    }

    /// <summary>Writes the whole file or nothing: a reader, or a crash, never sees half of it.</summary>
    public static void Write(string path, PriceBook book)
    {
        var whole = Path.GetFullPath(path);
        // It may be the first thing in a data directory, which is private.
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        else Directory.CreateDirectory(Path.GetDirectoryName(whole)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var half = $"{whole}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllBytes(half, PriceBookFile.Write(book));
            File.Move(half, whole, overwrite: true);
        }
        finally
        {
            File.Delete(half);
        }
    }

    /// <summary>Runs a command's work; a file that cannot be used becomes a message and <see cref="ExitCode.Usage"/>.</summary>
    public static int Guard(TextWriter error, string path, Func<int> work)
    {
        try
        {
            return work();
        }
        catch (PriceBookException e)
        {
            return Output.Fail(error, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Output.Fail(error, $"{path}: {e.Message}");
        }
    }
}
