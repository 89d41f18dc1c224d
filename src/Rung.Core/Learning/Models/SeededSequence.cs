using Rung.Core.Learning.Features;

namespace Rung.Core.Learning.Models;

/// <summary>Numbers that look like chance and depend on the seed alone (SplitMix64: G. L. Steele et al., OOPSLA 2014), the same in every release.</summary>
internal struct SeededSequence(ulong seed)
{
    private ulong _state = TextHash.Mix(seed + 0x9E3779B97F4A7C15);

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return TextHash.Mix(_state);
    }

    /// <summary>A number from 0 to <paramref name="count"/> − 1. The bias is below 2⁻³².</summary>
    public int Below(int count) => (int)((Next() >> 32) * (ulong)count >> 32);

    /// <summary>A number in [0, 1).</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Puts a list into another order.</summary>
    public void Shuffle<T>(IList<T> list)
    {
        for (var i = list.Count - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
    }
}
