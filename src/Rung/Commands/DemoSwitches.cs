using System.CommandLine;
using System.Globalization;
using Rung.Demo;

namespace Rung.Commands;

/// <summary>What the demos with a dashboard have in common: where it is, and whether it stays up for looking.</summary>
internal sealed class DemoSwitches
{
    private readonly Option<int?> _port = new("--port")
    {
        Description = $"Port of the gateway and its dashboard on 127.0.0.1 (default: {DemoAddress.Usual.ToString(CultureInfo.InvariantCulture)} when it is free, else any; 0: any).", HelpName = "N",
    };

    private readonly Option<bool> _stay = new("--stay") { Description = "Stay up for looking at the end, until Ctrl-C. On a terminal that is so without it." };

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_port);
        command.Options.Add(_stay);
    }

    /// <summary>Where the dashboard will be; null when the port is none, which has been said.</summary>
    /// <exception cref="IOException">Loopback cannot be listened on.</exception>
    public string? Address(ParseResult parsed, TextWriter error)
    {
        if (parsed.GetValue(_port) is not { } port) return DemoAddress.Choose(null);
        if (port is >= DemoAddress.Least and <= DemoAddress.Most) return DemoAddress.Choose(port);
        Output.Fail(error, string.Create(CultureInfo.InvariantCulture, $"--port {port} is not from {DemoAddress.Least} to {DemoAddress.Most}."));
        return null;
    }

    /// <summary>Whether it stays up at the end: asked for, or a person sits there.</summary>
    public bool Stays(ParseResult parsed) =>
        parsed.GetValue(_stay) || (parsed.InvocationConfiguration.Output == Console.Out && !Console.IsOutputRedirected && !Console.IsInputRedirected);

    /// <summary>The dashboard's first page from an instant on, in minutes: the usual day would show a demo as one point.</summary>
    /// <param name="address">Where the dashboard is, without a slash behind it.</param>
    /// <param name="began">When the demo began, UTC.</param>
    public static string PageSince(string address, DateTimeOffset began) => string.Create(CultureInfo.InvariantCulture, $"{address}/?from={began:yyyy-MM-ddTHH:mm}Z&compare=none");

    /// <summary>Says where to look, before anything else.</summary>
    public static void Announce(TextWriter talk, string page)
    {
        talk.WriteLine($"Look at it: {page}");
        talk.WriteLine();
        talk.Flush();
    }

    /// <summary>Says at the end that it is still there.</summary>
    public static void SayStaying(TextWriter talk, string page)
    {
        talk.WriteLine();
        talk.WriteLine($"Still up for looking: {page}   Ctrl-C ends it.");
        talk.Flush();
    }
}
