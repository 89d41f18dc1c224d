namespace Rung.Control.Audit.Sites;

/// <summary>Remembers the last prompt of each session (or run) and source, to tell a call that is made again. The 65,536 places seen last are known.</summary>
internal sealed class RepeatMemory
{
    private const int Sets = 1 << 14, Ways = 4;
    private readonly (ulong Place, ulong Prompt)[] memory = new (ulong, ulong)[Sets * Ways];

    /// <summary>Whether the prompt is that of the call before in the same place; remembers it.</summary>
    /// <param name="place">Hash of session and source; not 0.</param>
    /// <param name="prompt">Hash of the prompt; not 0.</param>
    /// <param name="wasAnswered">Whether this call got an answer: what follows a failure is a retry by a client, not someone who asks again.</param>
    public bool Repeats(ulong place, ulong prompt, bool wasAnswered)
    {
        var set = memory.AsSpan((int)(TextHash.Mix(place) % Sets) * Ways, Ways);
        var way = 0;
        while (way < Ways - 1 && set[way].Place != place) way++;
        var isAgain = set[way].Place == place && set[way].Prompt == prompt;
        // The newest place moves to the front; the one that was not seen for longest falls out.
        set[..way].CopyTo(set[1..]);
        set[0] = (place, wasAnswered ? prompt : ~prompt);
        return isAgain;
    }
}
