using System.Net.Sockets;
using System.Text;

namespace Rung.Gateway.Tests.Support;

/// <summary>A client that writes its own bytes: headers that no well-behaved client sends.</summary>
internal static class RawClient
{
    /// <summary>Posts a body to the chat path and gives back the whole reply.</summary>
    public static Task<string> PostAsync(string url, string body, string headers) =>
        SendAsync(url, $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}");

    /// <summary>Sends a whole request as it stands and gives back the whole reply.</summary>
    public static async Task<string> SendAsync(string url, string request)
    {
        var address = new Uri(url);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }
}
