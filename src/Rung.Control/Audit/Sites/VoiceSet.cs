using System.Numerics;

namespace Rung.Control.Audit.Sites;

/// <summary>A set of numbers from 0 to 255.</summary>
internal readonly record struct VoiceSet(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>Numbers in it.</summary>
    public int Count => BitOperations.PopCount(A) + BitOperations.PopCount(B) + BitOperations.PopCount(C) + BitOperations.PopCount(D);

    /// <summary>The numbers from 0 to below a count.</summary>
    public static VoiceSet First(int count)
    {
        var set = default(VoiceSet);
        for (var i = 0; i < count; i++) set = set.With(i);
        return set;
    }

    /// <summary>With one more number.</summary>
    public VoiceSet With(int number)
    {
        var bit = 1UL << (number & 63);
        return (number >> 6) switch
        {
            0 => this with { A = A | bit },
            1 => this with { B = B | bit },
            2 => this with { C = C | bit },
            _ => this with { D = D | bit },
        };
    }

    /// <summary>Whether a number is in it.</summary>
    public bool Contains(int number) => ((((number >> 6) switch { 0 => A, 1 => B, 2 => C, _ => D }) >> (number & 63)) & 1) != 0;

    /// <summary>What is in both.</summary>
    public static VoiceSet operator &(VoiceSet left, VoiceSet right) => new(left.A & right.A, left.B & right.B, left.C & right.C, left.D & right.D);

    /// <summary>What is in either.</summary>
    public static VoiceSet operator |(VoiceSet left, VoiceSet right) => new(left.A | right.A, left.B | right.B, left.C | right.C, left.D | right.D);

    /// <summary>What is in the first only.</summary>
    public static VoiceSet operator -(VoiceSet left, VoiceSet right) => new(left.A & ~right.A, left.B & ~right.B, left.C & ~right.C, left.D & ~right.D);
}
