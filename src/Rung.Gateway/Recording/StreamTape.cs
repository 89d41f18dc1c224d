using System.Buffers;

namespace Rung.Gateway.Recording;

/// <summary>The events of a live stream as they passed, for its content to be kept. One stream, one thread.</summary>
/// <param name="limit">Most bytes that are kept: beyond them nothing is.</param>
internal sealed class StreamTape(int limit)
{
    private ArrayBufferWriter<byte>? written = new(4096);

    /// <summary>Takes whole events.</summary>
    public void Append(ReadOnlySpan<byte> events)
    {
        if (written is null) return;
        if (written.WrittenCount + events.Length > limit) written = null;
        else written.Write(events);
    }

    /// <summary>What passed; null when it was more than the limit.</summary>
    public ReadOnlyMemory<byte>? Bytes => written?.WrittenMemory;
}
