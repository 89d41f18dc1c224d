using System.Text;

namespace Rung.Storage.Sqlite;

/// <summary>Gives equal texts as one string, so that the names of a million rows take the memory of a few. Bounded; not thread-safe.</summary>
internal sealed class TextPool
{
    // Longer texts are hardly names, and a pool that is full of them helps nobody.
    private const int MostBytes = 200;
    private const int MostTexts = 16_384;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _byCharacters;

    public TextPool() => _byCharacters = _texts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The text of these bytes.</summary>
    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MostBytes) return Encoding.UTF8.GetString(utf8);
        Span<char> room = stackalloc char[MostBytes];
        var characters = room[..Encoding.UTF8.GetChars(utf8, room)];
        if (_byCharacters.TryGetValue(characters, out var known)) return known;
        var text = characters.ToString();
        if (_texts.Count < MostTexts) _texts.Add(text);
        return text;
    }
}
