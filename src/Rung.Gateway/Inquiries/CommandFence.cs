using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Rung.Core.Checks;

namespace Rung.Gateway.Inquiries;

/// <summary>How far a program is shut off from the machine.</summary>
internal enum FenceStrength : byte
{
    /// <summary>Nothing that limits it is there: it is not run.</summary>
    None,
    /// <summary>Limits of time, memory, files and processors, and nothing more: it has the gateway's network and sees its processes.</summary>
    Limits,
    /// <summary>Also no network, and processes of its own that all end with it; but <c>/proc</c> still shows the machine's.</summary>
    NoNetwork,
    /// <summary>Also a <c>/proc</c> of its own: it sees no process but its own.</summary>
    Alone,
}

/// <summary>
/// What stands in front of a program that checks an answer: util-linux's <c>prlimit</c> for the limits and <c>unshare</c> for namespaces, as far as the
/// machine permits them to an ordinary user. Tried once, from the strongest to the weakest.
/// </summary>
/// <param name="strongest">No stronger one is tried.</param>
internal sealed class CommandFence(FenceStrength strongest)
{
    private const string Limiter = "/usr/bin/prlimit";
    private const string Separator = "/usr/bin/unshare";
    private const int MostProcesses = 64;
    // Root would stay root in the namespace, with the power to take its own /proc away from the machine's below it: there it becomes nobody.
    private static readonly string[] Namespaces =
        ["--user", .. Environment.IsPrivilegedProcess ? (string[])["--map-user=65534", "--map-group=65534"] : ["--map-current-user"], "--net", "--ipc", "--pid", "--fork", "--kill-child=KILL"];

    private readonly Lazy<Task<FenceStrength>> strength = new(() => FindAsync(strongest));

    /// <summary>How strong it is on this machine.</summary>
    public Task<FenceStrength> StrengthAsync() => strength.Value;

    /// <summary>The program and its arguments, behind the fence.</summary>
    public static List<string> Wrap(FenceStrength strength, AllowedCommand command, IEnumerable<string> arguments)
    {
        var line = Prefix(strength);
        line.Add(Limiter);
        line.Add($"--as={Number(command.MemoryBytes)}");
        line.Add($"--fsize={Number(command.OutputBytes)}");
        line.Add($"--cpu={Number((long)Math.Ceiling(command.TimeLimit.TotalSeconds) + 1)}");
        line.Add("--core=0");
        line.Add("--nofile=256");
        // Outside a namespace of its own the number would count every process of the gateway's user.
        if (strength > FenceStrength.Limits) line.Add($"--nproc={Number(MostProcesses)}");
        line.Add("--");
        line.Add(command.Program);
        line.AddRange(arguments);
        return line;
    }

    private static List<string> Prefix(FenceStrength strength) => strength switch
    {
        FenceStrength.Alone => [Separator, .. Namespaces, "--mount-proc", "--"],
        FenceStrength.NoNetwork => [Separator, .. Namespaces, "--"],
        _ => [],
    };

    private static async Task<FenceStrength> FindAsync(FenceStrength strongest)
    {
        if (strongest == FenceStrength.None || !OperatingSystem.IsLinux() || !File.Exists(Limiter)) return FenceStrength.None;
        if (!File.Exists(Separator)) return FenceStrength.Limits;
        foreach (var strength in (FenceStrength[])[FenceStrength.Alone, FenceStrength.NoNetwork])
        {
            if (strength <= strongest && await WorksAsync(strength)) return strength;
        }
        return FenceStrength.Limits;
    }

    private static async Task<bool> WorksAsync(FenceStrength strength)
    {
        var line = Prefix(strength);
        var start = new ProcessStartInfo(line[0], [.. line[1..], Limiter, "--core=0", "--", "/bin/true"]) 
        {
            UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        start.Environment.Clear();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                await process.WaitForExitAsync(patience.Token);
                return process.ExitCode == 0;
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or OperationCanceledException)
        {
            return false;
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
