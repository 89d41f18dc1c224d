using System.Numerics;

namespace Rung.Control.Audit.Sites;

/// <summary>How many different hashes were seen: exactly up to 10,000, then an estimate in 4 KiB with a standard error of 1.6 %. Two counts can be added.</summary>
/// <remarks>P. Flajolet, É. Fusy, O. Gandouet, F. Meunier: HyperLogLog, AofA 2007, with linear counting below 2.5 m.</remarks>
internal sealed class DistinctCount
{
    /// <summary>Most that are counted exactly.</summary>
    public const int Exact = 10_000;

    private const int Bits = 12, Registers = 1 << Bits;
    private HashSet<ulong>? seen = [];
    private byte[]? registers;

    /// <summary>The number.</summary>
    public long Value => seen?.Count ?? Estimate();

    /// <summary>Adds a hash.</summary>
    public void Add(ulong hash)
    {
        if (seen is null)
        {
            Register(hash);
            return;
        }
        seen.Add(hash);
        if (seen.Count > Exact) ToRegisters();
    }

    /// <summary>Adds all hashes of another count.</summary>
    public void Add(DistinctCount other)
    {
        if (other.seen is { } hashes)
        {
            foreach (var hash in hashes) Add(hash);
            return;
        }
        if (seen is not null) ToRegisters();
        for (var i = 0; i < Registers; i++) registers![i] = Math.Max(registers[i], other.registers![i]);
    }

    private void ToRegisters()
    {
        registers = new byte[Registers];
        foreach (var hash in seen!) Register(hash);
        seen = null;
    }

    private void Register(ulong hash)
    {
        hash = TextHash.Mix(hash);
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << Bits) | (1UL << (Bits - 1))) + 1);
        ref var register = ref registers![hash >> (64 - Bits)];
        if (rank > register) register = rank;
    }

    private long Estimate()
    {
        var (sum, empty) = (0.0, 0);
        foreach (var register in registers!)
        {
            sum += Math.ScaleB(1, -register);
            if (register == 0) empty++;
        }
        var raw = 0.7213 / (1 + (1.079 / Registers)) * Registers * Registers / sum;
        return (long)Math.Round(raw <= 2.5 * Registers && empty > 0 ? Registers * Math.Log((double)Registers / empty) : raw);
    }
}
