using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Rung.Core.Checks;

namespace Rung.Gateway.Inquiries;

/// <summary>
/// Runs a program of the policy's list on an answer: without a shell, in an empty folder of its own, with a bare environment, behind the
/// <see cref="CommandFence"/>. Exit code 0 is a pass. When its time is up everything it started ends with it, and the folder goes in any case.
/// </summary>
internal sealed partial class CommandRunner(CommandFence fence, TimeProvider clock, ILogger<CommandRunner> logger) : IDisposable
{
    /// <summary>Most programs that run at once.</summary>
    public const int MostAtOnce = 4;

    /// <summary>Most calls that wait for one to end; for calls beyond, commands are unavailable.</summary>
    public const int MostWaiting = 16;

    /// <summary>How long its last words may take to arrive after it has ended.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim places = new(MostAtOnce);
    private int waiting;
    private int told; // 1 once the log has said how strong the fence is.

    /// <inheritdoc/>
    public void Dispose() => places.Dispose();

    /// <summary>Runs it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="answer">What it is run on.</param>
    /// <param name="remaining">What is left of the call's time.</param>
    /// <param name="clientGone">Ends it.</param>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public async Task<Finding> RunAsync(AllowedCommand command, Answer answer, TimeSpan remaining, CancellationToken clientGone)
    {
        var strength = await fence.StrengthAsync();
        if (strength == FenceStrength.None) return Findings.None("commands run only where prlimit (util-linux) can limit them");
        if (Interlocked.Exchange(ref told, 1) == 0 && strength != FenceStrength.Alone) Log.WeakFence(logger, strength);
        if (!File.Exists(command.Program)) return Findings.None($"there is no program {command.Program}");

        var limit = command.TimeLimit < remaining ? command.TimeLimit : remaining;
        using var ends = new CancellationTokenSource(remaining, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ends.Token, clientGone);
        if (!await HasPlaceAsync(either.Token, clientGone)) return Findings.None("too many commands run already");
        try
        {
            // Starting a process blocks: not on a socket's thread.
            return await Task.Run(() => InFolderAsync(strength, command, answer, limit, clientGone), clientGone);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            Log.NotRun(logger, command.Name, e);
            return Findings.None("the command could not be started");
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<bool> HasPlaceAsync(CancellationToken either, CancellationToken clientGone)
    {
        if (places.Wait(0, CancellationToken.None)) return true;
        try
        {
            if (Interlocked.Increment(ref waiting) > MostWaiting) return false;
            await places.WaitAsync(either);
            return true;
        }
        catch (OperationCanceledException) when (!clientGone.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private async Task<Finding> InFolderAsync(FenceStrength strength, AllowedCommand command, Answer answer, TimeSpan limit, CancellationToken clientGone)
    {
        var folder = Directory.CreateTempSubdirectory("rung-command-").FullName; // Its user's alone.
        try
        {
            var file = Path.Combine(folder, Path.GetFileName(command.FileName));
            var text = AnswerText.Of(answer);
            await File.WriteAllBytesAsync(file, text, clientGone);
            using var process = Process.Start(Start(strength, command, folder, file))!;
            return await FollowAsync(process, command, text, limit, clientGone);
        }
        finally
        {
            await RemoveAsync(folder);
        }
    }

    private static ProcessStartInfo Start(FenceStrength strength, AllowedCommand command, string folder, string file)
    {
        var line = CommandFence.Wrap(strength, command, command.Arguments.Select(argument => argument.Replace("{file}", file, StringComparison.Ordinal)));
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["HOME"] = folder;
        start.Environment["TMPDIR"] = folder;
        start.Environment["LANG"] = "C.UTF-8";
        return start;
    }

    private async Task<Finding> FollowAsync(Process process, AllowedCommand command, ReadOnlyMemory<byte> text, TimeSpan limit, CancellationToken clientGone)
    {
        using var late = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, clientGone);
        using var deaf = new CancellationTokenSource();
        var output = new CommandOutput(command.OutputBytes);
        Task[] talk =
        [
            output.ReadAsync(process.StandardOutput.BaseStream, deaf.Token), output.ReadAsync(process.StandardError.BaseStream, deaf.Token),
            FeedAsync(process, command.Stdin ? text : default, deaf.Token),
        ];
        var ended = true;
        try
        {
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            ended = false;
        }
        finally
        {
            await EndAsync(process, talk, deaf);
        }
        clientGone.ThrowIfCancellationRequested();
        if (!ended)
        {
            return limit < command.TimeLimit
                ? Findings.None("the call has no time left")
                : new Finding { Score = 0, Detail = $"It ran longer than {command.TimeLimit.TotalSeconds:0.#} s." };
        }
        return process.ExitCode == 0
            ? new Finding { Score = 1 }
            : new Finding { Score = 0, Detail = $"It ended with exit code {process.ExitCode}{(output.LastLine is { } said ? $": {said}" : "")}" };
    }

    /// <summary>Ends what still runs. In a namespace of its own everything that it started ends with it; elsewhere its descendants are looked for.</summary>
    private async Task EndAsync(Process process, Task[] talk, CancellationTokenSource deaf)
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None); // A killed process is gone at once; waiting takes it off the table.
        // Something that it left behind may hold its pipes open: nobody listens to that.
        deaf.CancelAfter(LastWords);
        await Task.WhenAll(talk);
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = process.StandardInput;
            if (!text.IsEmpty) await input.BaseStream.WriteAsync(text, cancellationToken);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It does not want to read: its exit code says what it thinks.
        }
    }

    /// <summary>Removes its folder, whatever it did there. A verdict never fails because of what was left.</summary>
    private async Task RemoveAsync(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // It removed the folder itself.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Folders that nobody may enter, or deeper than a path can be long (the third exception): the system's own tools get there.
            try
            {
                await ToolAsync("/bin/chmod", "-R", "u+rwx", folder);
                await ToolAsync("/bin/rm", "-rf", folder);
            }
            catch (Exception tool) when (tool is Win32Exception or OperationCanceledException)
            {
                // Told below: the folder is still there.
            }
            if (Directory.Exists(folder)) Log.FolderStays(logger, folder, e);
        }
    }

    private static async Task ToolAsync(string program, params string[] arguments)
    {
        using var patience = new CancellationTokenSource(LastWords * 10);
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        try
        {
            // What it says names files of the program's: nobody needs that.
            await process.StandardError.BaseStream.CopyToAsync(Stream.Null, patience.Token);
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6001, LogLevel.Warning, "Commands of checks run behind a weaker fence ({Strength}): this machine does not let its users make all of user, process, network and mount namespaces")]
        public static partial void WeakFence(ILogger logger, FenceStrength strength);

        [LoggerMessage(6002, LogLevel.Error, "Command {Command} could not be started")]
        public static partial void NotRun(ILogger logger, string command, Exception exception);

        [LoggerMessage(6003, LogLevel.Error, "The folder {Folder} of a command could not be removed")]
        public static partial void FolderStays(ILogger logger, string folder, Exception exception);
    }
}
