using Rung.Core.Prices;

namespace Rung.Commands;

/// <summary>The user's own price book on disk.</summary>
internal static class PricesFile
{
    /// <summary>Where it is unless a command says otherwise.</summary>
    public static readonly string DefaultPath = Path.Combine(".rung", "prices.json");

    // A whole public list is 2 MB; a file beyond this is no price book.
    private const long MostBytes = 64 * 1024 * 1024;

    /// <summary>The book that ships with the user's own laid over it.</summary>
    /// <param name="path">The user's book; null for <see cref="DefaultPath"/>, which need not exist.</param>
    /// <exception cref="PriceBookException">The file is no price book.</exception>
    /// <exception cref="IOException">The file cannot be read, or was named and is not there.</exception>
    public static PriceBook ReadEffective(string? path) => PriceBook.Embedded.OverlaidBy(ReadOwn(path));

    /// <summary>The user's own book alone; empty when it was not named and is not there.</summary>
    /// <inheritdoc cref="ReadEffective" path="/exception"/>
    public static PriceBook ReadOwn(string? path)
    {
        if (path is null && !File.Exists(DefaultPath)) return PriceBook.Empty;
        return PriceBookFile.Read(ReadBytes(path ?? DefaultPath));
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
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
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
            return Output.Fail(error, $"{path}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Output.Fail(error, $"{path}: {e.Message}");
        }
    }
}
