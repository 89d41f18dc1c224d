using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Rung.Control.Audit.Traits;

/// <summary>The pieces of a prompt that could be a template, as hashes, in their order.</summary>
/// <remarks>
/// Of each part (system prompt, first message) the first pieces and the last ones count, because instructions stand before or after a document, never
/// in the middle of one: 24 and 8 of the system prompt, 20 and 10 of the first message, and the opening words of both.
/// Of a part longer than 16,000 characters the first 12,000 and the last 3,000 are read.
/// </remarks>
internal static class TemplateReader
{
    /// <summary>Most pieces.</summary>
    public const int MostPieces = 64;

    private const int MostRead = 16_000, ReadFirst = 12_000, ReadLast = 3_000;
    private const int SystemFirst = 24, SystemLast = 8, MessageFirst = 20, MessageLast = 10;

    /// <summary>Reads the pieces.</summary>
    /// <param name="system">The system prompt; null when there is none.</param>
    /// <param name="message">The first message; null when there is none.</param>
    /// <param name="systemPieces">How many of the pieces are of the system prompt.</param>
    public static ImmutableArray<ulong> Read(string? system, string? message, out int systemPieces)
    {
        Span<ulong> pieces = stackalloc ulong[MostPieces];
        systemPieces = string.IsNullOrEmpty(system) ? 0 : ReadPart(system, pieces, SystemFirst, SystemLast);
        var count = systemPieces;
        if (!string.IsNullOrEmpty(message)) count += ReadPart(message, pieces[count..], MessageFirst, MessageLast);
        return ImmutableCollectionsMarshal.AsImmutableArray(pieces[..count].ToArray());
    }

    /// <summary>The masked pieces as lines: what the hashes are made of. For tests and for explaining.</summary>
    public static string Mask(string text)
    {
        var lines = new StringBuilder();
        var reader = new PieceReader(text);
        Span<char> buffer = stackalloc char[PieceReader.Longest];
        while (reader.Next(buffer, out var length)) lines.Append(buffer[..length]).Append('\n');
        return lines.ToString();
    }

    private static int ReadPart(ReadOnlySpan<char> text, Span<ulong> pieces, int first, int last)
    {
        var count = 0;
        if (text.Length <= MostRead) return ReadText(text, pieces, ref count, first, last, withOpening: true);
        ReadText(text[..ReadFirst], pieces, ref count, first, last: 0, withOpening: true);
        return ReadText(text[^ReadLast..], pieces, ref count, first: 0, last, withOpening: false);
    }

    private static int ReadText(ReadOnlySpan<char> text, Span<ulong> pieces, ref int count, int first, int last, bool withOpening)
    {
        Span<char> buffer = stackalloc char[PieceReader.Longest];
        Span<ulong> ring = stackalloc ulong[MessageLast];
        var reader = new PieceReader(text);
        var after = 0;
        for (var read = 0; reader.Next(buffer, out var length); read++)
        {
            if (withOpening && read == 0) pieces[count++] = TemplatePiece.OpeningOf(buffer[..reader.OpeningEnd]);
            var piece = TemplatePiece.Of(buffer[..length], reader.Words, reader.HeadEnd, reader.TailStart);
            if (read < first) pieces[count++] = piece;
            else if (last > 0) ring[after++ % last] = piece;
            else break;
        }
        for (var i = Math.Max(0, after - last); i < after; i++) pieces[count++] = ring[i % last];
        return count;
    }
}
