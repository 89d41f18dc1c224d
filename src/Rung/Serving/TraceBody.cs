using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace Rung.Serving;

/// <summary>The body of an export, in memory that is lent: read as it comes, and unpacked, each within a limit.</summary>
internal sealed class TraceBody : IDisposable
{
    private byte[] bytes = [];
    private int length;

    /// <summary>The bytes. Valid until this object is disposed.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes.AsMemory(0, length);

    /// <summary>Reads a body to its end; null when it is longer than the limit. Copies only: this may run on a socket's thread.</summary>
    public static async Task<TraceBody?> ReadAsync(PipeReader reader, long? announced, int limit, CancellationToken cancellationToken)
    {
        if (announced > limit) return null;
        var body = new TraceBody();
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken);
                if (body.length + result.Buffer.Length > limit)
                {
                    reader.AdvanceTo(result.Buffer.End);
                    body.Dispose();
                    return null;
                }
                foreach (var piece in result.Buffer) piece.Span.CopyTo(body.Room(piece.Length, limit));
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) return body;
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Unpacks gzip; null when what comes out is longer than the limit.</summary>
    /// <exception cref="InvalidDataException">It is no gzip, or broken.</exception>
    public TraceBody? Unpack(int limit)
    {
        var unpacked = new TraceBody();
        try
        {
            using var gzip = new GZipStream(new MemoryStream(bytes, 0, length, writable: false), CompressionMode.Decompress);
            var chunk = ArrayPool<byte>.Shared.Rent(64 * 1024);
            try
            {
                int read;
                while ((read = gzip.Read(chunk)) > 0)
                {
                    if (unpacked.length + read > limit)
                    {
                        unpacked.Dispose();
                        return null;
                    }
                    chunk.AsSpan(0, read).CopyTo(unpacked.Room(read, limit));
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(chunk);
            }
            return unpacked;
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (bytes.Length > 0) ArrayPool<byte>.Shared.Return(bytes);
        (bytes, length) = ([], 0);
    }

    private Span<byte> Room(int more, int limit)
    {
        if (bytes.Length - length < more)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(limit, Math.Max((long)(length + more), bytes.Length * 2L)));
            Bytes.Span.CopyTo(larger);
            if (bytes.Length > 0) ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }
        var room = bytes.AsSpan(length, more);
        length += more;
        return room;
    }
}
