using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rung.Gateway.Tests.Support;

/// <summary>How a raw reply ends.</summary>
public enum RawEnd
{
    /// <summary>The connection is closed in order.</summary>
    Close,
    /// <summary>The connection is reset.</summary>
    Reset,
    /// <summary>The connection stays open, and silent.</summary>
    Hang,
}

/// <summary>A server that sends exactly the bytes that a test wants, in exactly these writes: what no web framework lets through.</summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<IEnumerable<byte[]>> writes;
    private readonly RawEnd end;
    private readonly Task accepting;
    private int requests;

    public RawUpstream(Func<IEnumerable<byte[]>> writes, RawEnd end)
    {
        (this.writes, this.end) = (writes, end);
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/v1";

    public int Requests => Volatile.Read(ref requests);

    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>A whole reply as one write; without a length, so that it ends with the connection.</summary>
    public static RawUpstream Saying(string status, string headers, string body, RawEnd end = RawEnd.Close) =>
        new(() => [Encoding.Latin1.GetBytes($"HTTP/1.1 {status}\r\n{headers}\r\n"), Encoding.UTF8.GetBytes(body)], end);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptSocketAsync(stopping.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owned = socket;
        try
        {
            socket.NoDelay = true;
            Seen.Enqueue(await ReadRequestAsync(socket));
            Interlocked.Increment(ref requests);
            foreach (var bytes in writes()) await socket.SendAsync(bytes, SocketFlags.None, stopping.Token);
            if (end == RawEnd.Hang) await Task.Delay(Timeout.Infinite, stopping.Token);
            if (end == RawEnd.Reset) socket.LingerState = new LingerOption(enable: true, 0);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The gateway left, or the test is over.
        }
    }

    private async Task<string> ReadRequestAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, SocketFlags.None, stopping.Token);
            if (read == 0) return text.ToString();
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            var all = text.ToString();
            var head = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0) continue;
            var length = all[..head].Split("\r\n").First(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            if (all.Length >= head + 4 + int.Parse(length.Split(':')[1])) return all;
        }
    }
}
