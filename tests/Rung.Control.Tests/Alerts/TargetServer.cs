using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Rung.Control.Tests.Alerts;

/// <summary>A request that arrived.</summary>
internal sealed record Arrived(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A target of alerts on loopback that answers as it is told: a status, other bytes, or nothing at all.</summary>
internal sealed class TargetServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Channel<Arrived> arrived = Channel.CreateUnbounded<Arrived>();
    private readonly Func<int, string?> answer;
    private readonly Task work;
    private int requests;

    /// <summary>Listens.</summary>
    /// <param name="answer">The answer to the first, second… request (from 0): raw HTTP; null: none, ever; empty: the connection is closed.</param>
    public TargetServer(Func<int, string?> answer)
    {
        this.answer = answer;
        listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/hook/s3cret-path";
        work = AcceptAsync();
    }

    public string Url { get; }

    public int Requests => Volatile.Read(ref requests);

    public static string Answer(int status, string body = "", string headers = "") =>
        $"HTTP/1.1 {status} Any\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}";

    public async Task<Arrived> NextAsync() => await arrived.Reader.ReadAsync(new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await work;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true) open.Add(ServeAsync(await listener.AcceptTcpClientAsync(stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            var stream = client.GetStream();
            if (await ReadAsync(stream) is not { } request) return;
            var reply = answer(Interlocked.Increment(ref requests) - 1);
            arrived.Writer.TryWrite(request);
            if (reply is null) await Task.Delay(Timeout.Infinite, stopping.Token);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(reply!), stopping.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The other side has gone, or the test is over.
        }
    }

    private async Task<Arrived?> ReadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!(head.Count >= 4 && head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray())))
        {
            if (await stream.ReadAsync(one, stopping.Token) == 0) return null;
            head.Add(one[0]);
        }
        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1], StringComparer.Ordinal);
        var body = new byte[int.Parse(headers["content-length"], System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, stopping.Token);
        return new Arrived(lines[0].Split(' ')[1], headers, body);
    }
}
