using System.Text;

namespace Rung.Storage.Tests;

/// <summary>The bytes of every file of a directory, as somebody with a copy of the disk would see them.</summary>
internal static class RawFiles
{
    /// <summary>The names of the files that contain a text, in UTF-8 or UTF-16.</summary>
    public static string[] Containing(string directory, string text) => Directory.GetFiles(directory, "*", SearchOption.AllDirectories)
        .Where(file => Contains(file, text)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ToArray();

    private static bool Contains(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0;
    }
}
