namespace Rung.Commands.Review.Terminal;

/// <summary>The keyboard of the terminal that the process runs in. Ctrl-C comes as a key, so that the screen is left in order.</summary>
internal sealed class TerminalKeys : IConsoleKeys
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(15);

    /// <inheritdoc/>
    public async ValueTask<ConsoleKeyInfo?> ReadAsync(CancellationToken cancellationToken)
    {
        Console.TreatControlCAsInput = true;
        try
        {
            // Asked again and again, because a blocking read could not be cancelled by a signal.
            while (!Console.KeyAvailable) await Task.Delay(s_pause, cancellationToken);
            return Console.ReadKey(intercept: true);
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or IOException)
        {
            return null; // Stopped, or the terminal has gone.
        }
    }
}
