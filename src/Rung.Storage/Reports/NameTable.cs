using System.Text;

namespace Rung.Storage.Reports;

/// <summary>Numbers names from 0, found by their UTF-8 bytes without making a string each time.</summary>
internal sealed class NameTable
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _byCharacters;
    private char[] _characters = new char[256];

    public NameTable() => _byCharacters = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _names.Count;
    public string this[int number] => _names[number];

    /// <summary>The number of a name; the next one when it is new.</summary>
    public int Of(ReadOnlySpan<byte> utf8)
    {
        if (_characters.Length < utf8.Length) _characters = new char[utf8.Length];
        var characters = _characters.AsSpan(0, Encoding.UTF8.GetChars(utf8, _characters));
        return _byCharacters.TryGetValue(characters, out var number) ? number : Add(characters.ToString());
    }

    private int Add(string name)
    {
        _numbers.Add(name, _names.Count);
        _names.Add(name);
        return _names.Count - 1;
    }
}
