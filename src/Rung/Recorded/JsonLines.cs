using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Rung.Recorded;

/// <summary>One line of a JSON Lines file.</summary>
/// <param name="Number">Number of the line, from 1.</param>
/// <param name="Bytes">Its bytes without the line end. Valid until the next line is asked for.</param>
internal readonly record struct JsonLine(int Number, ReadOnlySequence<byte> Bytes);

/// <summary>Reads JSON Lines, plain or gzipped, one line at a time and never a whole file.</summary>
internal static class JsonLines
{
    /// <summary>Longest line that is read, in bytes: a longer one is no recorded outcome but a broken file.</summary>
    public const int MaxLineBytes = 64 * 1024 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Opens a file and unpacks it when it is gzipped: by its first bytes, or by its name where the first bytes cannot be read twice.</summary>
    /// <exception cref="IOException">There is no such file, or it is a folder.</exception>
    public static Stream Open(string path)
    {
        if (Directory.Exists(path)) throw new IOException($"{path} is a folder. Name the files in it, such as {Path.Combine(path, "outcomes.jsonl.gz")}.");
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}. Check the path.", path);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 64 * 1024, FileOptions.SequentialScan);
        return IsGzip(file, path) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Every line that is not blank.</summary>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="MaxLineBytes"/>, or the packed data is broken.</exception>
    public static async IAsyncEnumerable<JsonLine> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        try
        {
            var number = 0;
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var rest = read.Buffer;
                while (TryTakeLine(ref rest, read.IsCompleted, out var line))
                {
                    number++;
                    if (number == 1) line = WithoutByteOrderMark(line);
                    if (!IsBlank(line)) yield return new JsonLine(number, line);
                }
                if (rest.Length > MaxLineBytes) throw new InvalidDataException($"line {number + 1} is longer than {MaxLineBytes} bytes");

                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted) yield break;
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }
        line = rest;
        if (!isLast || rest.IsEmpty) return false;
        rest = rest.Slice(rest.End);
        return true;
    }

    private static bool IsBlank(in ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r"u8)) return false;
        }
        return true;
    }

    private static ReadOnlySequence<byte> WithoutByteOrderMark(ReadOnlySequence<byte> line)
    {
        if (line.Length < ByteOrderMark.Length) return line;
        Span<byte> start = stackalloc byte[ByteOrderMark.Length];
        line.Slice(0, ByteOrderMark.Length).CopyTo(start);
        return start.SequenceEqual(ByteOrderMark) ? line.Slice(ByteOrderMark.Length) : line;
    }

    private static bool IsGzip(FileStream file, string path)
    {
        if (!file.CanSeek) return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        Span<byte> magic = stackalloc byte[2];
        var read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
    }
}
