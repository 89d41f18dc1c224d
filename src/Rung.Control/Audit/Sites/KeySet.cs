namespace Rung.Control.Audit.Sites;

/// <summary>A set of at most 64 keys on the stack, for asking often. Key 0 is not kept.</summary>
internal readonly ref struct KeySet
{
    /// <summary>Places that its memory needs.</summary>
    public const int Places = 128;

    private readonly Span<ulong> places;

    /// <summary>The keys of a call's template.</summary>
    public KeySet(CallTraits traits, Span<ulong> memory)
    {
        places = memory[..Places];
        places.Clear();
        for (var i = 0; i < traits.Template.Length && i < Places / 2; i++)
        {
            Add(new TemplateItem(i < traits.SystemPieces ? ItemKind.System : ItemKind.Message, traits.Template[i]).Key);
        }
    }

    /// <summary>Whether a key is in it.</summary>
    public bool Contains(ulong key)
    {
        for (var at = Place(key); ; at = (at + 1) % Places)
        {
            if (places[at] == key) return true;
            if (places[at] == 0) return false;
        }
    }

    private void Add(ulong key)
    {
        var at = Place(key);
        while (places[at] != 0 && places[at] != key) at = (at + 1) % Places;
        places[at] = key;
    }

    private static int Place(ulong key) => (int)(TextHash.Mix(key) % Places);
}
