using System.Collections.Immutable;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema;

/// <summary>What a schema knows of one name.</summary>
/// <param name="Name">The name.</param>
internal sealed record KnownName(string Name)
{
    /// <summary>The name as it is compared.</summary>
    public byte[] Utf8 { get; } = JsonText.Encode(Name);

    /// <summary>Schema of the property; null when <c>properties</c> does not have it.</summary>
    public SchemaNode? Property { get; init; }

    /// <summary>Number by which it is noted that the property was there; negative when nobody asks.</summary>
    public int Index { get; init; } = -1;
}

/// <summary>The names that a schema knows, found by their bytes without making text of them. Looked up once for every member of an answer.</summary>
internal sealed class NameTable
{
    private readonly KnownName?[] slots;

    public NameTable(ImmutableArray<KnownName> names)
    {
        Names = names;
        slots = new KnownName?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(names.Length * 2) + 1)];
        foreach (var name in names)
        {
            var slot = Hash(name.Utf8) & (slots.Length - 1);
            while (slots[slot] is not null) slot = (slot + 1) & (slots.Length - 1);
            slots[slot] = name;
        }
    }

    public ImmutableArray<KnownName> Names { get; }

    public KnownName? Find(ReadOnlySpan<byte> name)
    {
        for (var slot = Hash(name) & (slots.Length - 1); slots[slot] is { } known; slot = (slot + 1) & (slots.Length - 1))
        {
            if (name.SequenceEqual(known.Utf8)) return known;
        }
        return null;
    }

    /// <summary>Whether some property begins like this.</summary>
    public bool HasPropertyFrom(ReadOnlySpan<byte> beginning)
    {
        foreach (var known in Names)
        {
            if (known.Property is not null && known.Utf8.AsSpan().StartsWith(beginning)) return true;
        }
        return false;
    }

    // The names are the schema's: an answer cannot make them collide.
    private static int Hash(ReadOnlySpan<byte> name) =>
        name.IsEmpty ? 0 : (name.Length * 31) + (name[0] * 7) + (name[^1] * 131) + (name[name.Length / 2] * 17);
}
