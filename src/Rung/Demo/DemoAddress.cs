using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Rung.Demo;

/// <summary>Where a demo's gateway, and the dashboard with it, listens on this machine: known before anything is started, so that it can be said first.</summary>
internal static class DemoAddress
{
    /// <summary>The port that is taken when it is free: that of <c>rung serve</c>.</summary>
    public const int Usual = 7070;

    /// <summary>Least and greatest port that can be asked for; 0 for any free one.</summary>
    public const int Least = 0, Most = 65_535;

    /// <summary>Chooses.</summary>
    /// <param name="port">The port that was asked for, taken or not; 0: any free one; null: the usual one when it is free, else any.</param>
    /// <returns>The address, without a slash behind it.</returns>
    /// <exception cref="IOException">Loopback cannot be listened on.</exception>
    public static string Choose(int? port) => Of(port switch
    {
        > 0 => port.Value,
        null when IsFree(Usual) => Usual,
        _ => AnyFree(),
    });

    private static string Of(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Free a moment ago: should somebody take it before the gateway does, the demo says so and ends.
    private static int AnyFree()
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException e)
        {
            throw new IOException($"127.0.0.1 cannot be listened on: {e.Message}", e);
        }
    }
}
