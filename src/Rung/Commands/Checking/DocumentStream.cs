using System.IO.Compression;
using System.IO.Pipelines;
using Rung.Recorded;

namespace Rung.Commands.Checking;

/// <summary>Opens what documents are read from.</summary>
internal static class DocumentStream
{
    /// <summary>A file, unpacked when it is gzipped.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static Stream Open(string path)
    {
        if (Directory.Exists(path)) throw new InvalidDataException($"{path} is a folder; --data takes a file, or - for standard input.");
        return File.Exists(path) ? JsonLines.Open(path) : throw new FileNotFoundException($"There is no file {path}.");
    }

    /// <summary>A stream that cannot be read twice, unpacked when its first bytes are those of gzip.</summary>
    public static async Task<Stream> UnpackAsync(Stream stream, CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(stream);
        var read = await pipe.ReadAtLeastAsync(2, cancellationToken);
        var isGzip = IsGzip(read);
        pipe.AdvanceTo(read.Buffer.Start); // Nothing is taken: the bytes are read again from here.
        var whole = pipe.AsStream();
        return isGzip ? new GZipStream(whole, CompressionMode.Decompress) : whole;
    }

    private static bool IsGzip(ReadResult read)
    {
        if (read.Buffer.Length < 2) return false;
        Span<byte> magic = stackalloc byte[2];
        var at = 0;
        foreach (var part in read.Buffer.Slice(0, 2))
        {
            part.Span.CopyTo(magic[at..]);
            at += part.Length;
        }
        return magic is [0x1F, 0x8B];
    }
}
