using System.Collections.Immutable;

namespace Rung.Control.Audit.Traits;

/// <summary>Hash of a set of names, whatever their order and however often each is named.</summary>
internal static class ToolSetHash
{
    /// <summary>The hash; 0 for no names.</summary>
    public static ulong Of(ImmutableArray<string> names)
    {
        if (names.IsDefaultOrEmpty) return 0;
        Span<ulong> hashes = names.Length <= 64 ? stackalloc ulong[names.Length] : new ulong[names.Length];
        for (var i = 0; i < names.Length; i++) hashes[i] = TextHash.Of(names[i]);
        hashes.Sort();
        var hash = 7UL;
        for (var i = 0; i < hashes.Length; i++)
        {
            if (i == 0 || hashes[i] != hashes[i - 1]) hash = TextHash.Join(hash, hashes[i]);
        }
        return TextHash.NotZero(hash);
    }
}
