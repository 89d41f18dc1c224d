namespace Rung.Core.Checks.Arithmetic;

/// <summary>What a piece of a line is to arithmetic.</summary>
internal enum MathKind : byte
{
    /// <summary>Punctuation: ends an expression, and says nothing against it.</summary>
    Other = 0,
    /// <summary>Something with a value that is not known (a date, a root, a subscript): an expression next to it is not understood.</summary>
    Opaque,
    Number,
    Word,
    Plus,
    Minus,
    Times,
    Divide,
    Power,
    Percent,
    Fraction,
    Open,
    Close,
    Equal,
    Approximately,
}

/// <summary>A piece of a line.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins in the line.</param>
/// <param name="End">Where it ends.</param>
/// <param name="IsAttached">Whether nothing stands between it and the piece before.</param>
internal readonly record struct MathToken(MathKind Kind, int Start, int End, bool IsAttached)
{
    /// <summary>Value of a number.</summary>
    public Rational Value { get; init; }
    /// <summary>Decimals that a number shows.</summary>
    public int Decimals { get; init; }
    /// <summary>A word, in lower case.</summary>
    public string Text { get; init; } = "";

    public bool IsOperator => Kind is MathKind.Plus or MathKind.Minus or MathKind.Times or MathKind.Divide or MathKind.Power;
}
