using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Rung.Gateway.Intake;

/// <summary>A request body in one pooled array of the known length. Belongs to one call, which returns it.</summary>
internal struct RequestBody : IDisposable
{
    private byte[]? array;

    public int Length { get; private set; }

    public readonly ReadOnlyMemory<byte> Memory => array.AsMemory(0, Length);

    public readonly ReadOnlySpan<byte> Span => array.AsSpan(0, Length);

    /// <summary>A body that the product itself made.</summary>
    public static RequestBody Of(ReadOnlySpan<byte> bytes)
    {
        var array = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(array);
        return new RequestBody { array = array, Length = bytes.Length };
    }

    /// <summary>Reads the whole body.</summary>
    /// <returns>Null when it is larger than the limit.</returns>
    public static async ValueTask<RequestBody?> ReadAsync(HttpRequest request, long limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit) return null;
        var known = request.ContentLength;
        var bytes = ArrayPool<byte>.Shared.Rent((int)(known ?? 16 * 1024));
        var length = 0;
        try
        {
            while (known is null || length < known)
            {
                if (length == bytes.Length) bytes = Grow(bytes, length);
                var read = await request.Body.ReadAsync(bytes.AsMemory(length), cancellationToken);
                if (read == 0) break;
                length += read;
                if (length > limit) return null;
            }
            var body = new RequestBody { array = bytes, Length = length };
            bytes = null;
            return body;
        }
        finally
        {
            if (bytes is not null) ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public void Dispose()
    {
        if (array is null) return;
        ArrayPool<byte>.Shared.Return(array);
        array = null;
    }

    private static byte[] Grow(byte[] full, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }
}
