namespace Rung.Commands.Review.Terminal;

/// <summary>Keys that a person presses. The edge to the terminal: what stands behind it is a keyboard or a script.</summary>
internal interface IConsoleKeys
{
    /// <summary>Waits for the next key; null when there will be none: the input ended, or it was cancelled.</summary>
    ValueTask<ConsoleKeyInfo?> ReadAsync(CancellationToken cancellationToken);
}
