using System.Collections.Immutable;

namespace Rung.Core.Policies.Reading;

/// <summary>A node of a YAML text, with its place.</summary>
internal abstract class YamlValue(Place place, int size)
{
    /// <summary>Where it begins.</summary>
    public Place Place { get; } = place;

    /// <summary>Nodes in it, itself included and aliases expanded: what a reader has to walk.</summary>
    public int Size { get; } = size;

    /// <summary>What it is, in words for a fault.</summary>
    public abstract string Kind { get; }
}

/// <summary>A single value. A plain one (without quotes) may stand for a number, true, false or nothing.</summary>
internal sealed class YamlScalar(Place place, string text, bool plain) : YamlValue(place, 1)
{
    public string Text { get; } = text;

    public bool IsPlain { get; } = plain;

    public bool IsNothing => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Kind => IsNothing ? "nothing" : "a single value";
}

/// <summary>A list.</summary>
internal sealed class YamlList(Place place, ImmutableArray<YamlValue> items) : YamlValue(place, 1 + items.Sum(item => item.Size))
{
    public ImmutableArray<YamlValue> Items { get; } = items;

    public override string Kind => "a list";
}

/// <summary>A key of a map and what it holds.</summary>
internal sealed record YamlEntry(string Key, Place KeyPlace, YamlValue Value);

/// <summary>A map, in the order of the text.</summary>
internal sealed class YamlMap(Place place, ImmutableArray<YamlEntry> entries) : YamlValue(place, 1 + entries.Sum(entry => 1 + entry.Value.Size))
{
    public ImmutableArray<YamlEntry> Entries { get; } = entries;

    public override string Kind => "a map";

    public YamlValue? this[string key]
    {
        get
        {
            foreach (var entry in Entries)
            {
                if (entry.Key == key) return entry.Value;
            }
            return null;
        }
    }
}
