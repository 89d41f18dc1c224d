using System.Buffers;
using System.Text;

namespace Rung.Gateway.Inquiries;

/// <summary>What a program says, on both of its outputs together: kept up to a limit, read and dropped beyond, so that it never waits for a reader.</summary>
/// <param name="limit">Most bytes that are kept.</param>
internal sealed class CommandOutput(int limit)
{
    private const int LineLength = 200;

    private readonly Lock adding = new();
    private readonly ArrayBufferWriter<byte> kept = new();

    /// <summary>The last line that says something, cut short: where compilers and interpreters name the fault; null when it said nothing.</summary>
    public string? LastLine
    {
        get
        {
            lock (adding)
            {
                var text = Encoding.UTF8.GetString(kept.WrittenSpan);
                foreach (var line in text.Split('\n').Reverse())
                {
                    var plain = string.Concat(line.Where(character => !char.IsControl(character))).Trim();
                    if (plain.Length > 0) return plain[..Math.Min(plain.Length, LineLength)];
                }
                return null;
            }
        }
    }

    /// <summary>Reads to the end.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(8 * 1024);
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read) Keep(buffer.AsSpan(0, read));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // What came until now is what it said.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (adding) kept.Write(bytes[..(int)Math.Min(bytes.Length, limit - kept.WrittenCount)]);
    }
}
