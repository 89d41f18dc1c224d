using System.Text;

namespace Rung.Control.Imports.Otlp;

/// <summary>Gives equal texts the same string: names come again and again, and a million copies of them would fill the memory. Bounded: a newer text takes the place of an older one.</summary>
internal sealed class Utf8Names(int places)
{
    // Longer ones are seldom the same, and looking at them costs as much as copying them.
    private const int LongestKept = 16 * 1024;

    private readonly (byte[] Bytes, string Text)[] _table = new (byte[] Bytes, string Text)[places];

    /// <summary>The text of these bytes; what is no UTF-8 becomes replacement characters.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return "";
        if (utf8.Length > LongestKept) return Encoding.UTF8.GetString(utf8);
        var hash = new HashCode();
        hash.AddBytes(utf8);
        ref var place = ref _table[(uint)hash.ToHashCode() % (uint)_table.Length];
        if (place.Bytes is not null && utf8.SequenceEqual(place.Bytes)) return place.Text;
        place = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return place.Text;
    }

    /// <summary>A name: trimmed and cut; null for nothing.</summary>
    public string? Name(ReadOnlySpan<byte> utf8)
    {
        utf8 = utf8.Trim(" \t\r\n"u8);
        if (utf8.IsEmpty) return null;
        return utf8.Length <= LogText.LongestName ? Get(utf8) : LogText.Name(Encoding.UTF8.GetString(utf8));
    }
}
