namespace Rung.Control.Audit.Traits;

/// <summary>
/// One piece of a template as a number, and what can be read from it without the text: how long the piece was, how it began and how it ended.
/// From the top: 14 bits of its first three words, 14 of its last two, 32 of the whole, 4 for the number of words (15: fifteen or more; 0: this is no
/// piece but the first four words of a prompt).
/// </summary>
/// <remarks>That is why "… is on the gold plan." and "… is on the silver plan." are known as two values of one slot, though only hashes are kept.</remarks>
internal readonly record struct TemplatePiece(ulong Value)
{
    private const int MostWords = 15;

    /// <summary>Words of it, at most 15; 0 for the opening of a prompt.</summary>
    public int Words => (int)(Value & 0xF);

    /// <summary>Whether it is the first four words of a prompt and no piece.</summary>
    public bool IsOpening => Words == 0;

    /// <summary>A piece by its masked text.</summary>
    /// <param name="text">The masked piece.</param>
    /// <param name="words">Its words, at least 1.</param>
    /// <param name="headEnd">Where its first three words end.</param>
    /// <param name="tailStart">Where its last two words begin.</param>
    public static ulong Of(ReadOnlySpan<char> text, int words, int headEnd, int tailStart) =>
        ((TextHash.Of(text[..headEnd]) & 0x3FFF) << 50) | ((TextHash.Of(text[tailStart..]) & 0x3FFF) << 36) | (Fold(TextHash.Of(text)) << 4) | (uint)Math.Min(words, MostWords);

    /// <summary>The first words of a prompt.</summary>
    public static ulong OpeningOf(ReadOnlySpan<char> text) => TextHash.Of(text) & ~0xFUL;

    /// <summary>Whether two pieces begin and end with the same words and differ between: two values of one slot.</summary>
    public bool IsVariantOf(TemplatePiece other) => Value != other.Value && !IsOpening && !other.IsOpening && Words >= 4 && Value >> 36 == other.Value >> 36;

    private static ulong Fold(ulong hash) => (hash ^ (hash >> 32)) & 0xFFFFFFFF;
}
