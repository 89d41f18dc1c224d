namespace Rung.Core.Policies;

/// <summary>A set of models by <see cref="Model.Index"/>, at most 128: a value, so that deciding allocates nothing.</summary>
public readonly record struct ModelSet(UInt128 Bits)
{
    /// <summary>Most models a policy may have.</summary>
    public const int Capacity = 128;

    /// <summary>No model.</summary>
    public static ModelSet Empty => default;

    /// <summary>Every model.</summary>
    public static ModelSet All => new(UInt128.MaxValue);

    /// <summary>Whether it holds no model.</summary>
    public bool IsEmpty => Bits == UInt128.Zero;

    /// <summary>How many models it holds.</summary>
    public int Count => (int)UInt128.PopCount(Bits);

    /// <summary>The lowest index in it, or -1.</summary>
    public int First => IsEmpty ? -1 : (int)UInt128.TrailingZeroCount(Bits);

    /// <summary>Whether it holds the model with this index.</summary>
    public bool Contains(int index) => (Bits >> index & UInt128.One) != UInt128.Zero;

    /// <summary>With one more model.</summary>
    public ModelSet With(int index) => new(Bits | UInt128.One << Checked(index));

    /// <summary>Without one model.</summary>
    public ModelSet Without(int index) => new(Bits & ~(UInt128.One << Checked(index)));

    /// <summary>Models in both.</summary>
    public static ModelSet operator &(ModelSet left, ModelSet right) => new(left.Bits & right.Bits);

    /// <summary>Models in either.</summary>
    public static ModelSet operator |(ModelSet left, ModelSet right) => new(left.Bits | right.Bits);

    /// <summary>Models in both; for languages without operators.</summary>
    public static ModelSet BitwiseAnd(ModelSet left, ModelSet right) => left & right;

    /// <summary>Models in either; for languages without operators.</summary>
    public static ModelSet BitwiseOr(ModelSet left, ModelSet right) => left | right;

    /// <summary>Walks the indices, lowest first, without allocating.</summary>
    public Enumerator GetEnumerator() => new(Bits);

    private static int Checked(int index) =>
        (uint)index < Capacity ? index : throw new ArgumentOutOfRangeException(nameof(index), index, "A policy has at most 128 models.");

    /// <summary>Walks a <see cref="ModelSet"/>.</summary>
    public struct Enumerator
    {
        private UInt128 left;

        internal Enumerator(UInt128 bits)
        {
            left = bits;
            Current = -1;
        }

        /// <summary>The index at hand.</summary>
        public int Current { get; private set; }

        /// <summary>Goes to the next index.</summary>
        public bool MoveNext()
        {
            if (left == UInt128.Zero) return false;
            Current = (int)UInt128.TrailingZeroCount(left);
            left &= left - UInt128.One;
            return true;
        }
    }
}
