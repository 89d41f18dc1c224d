namespace Rung.Core.Checks.Arithmetic;

/// <summary>One side of an equation.</summary>
internal sealed record MathSide
{
    /// <summary>Its value as it stands.</summary>
    public required Rational Value { get; init; }
    /// <summary>First piece and the piece behind it, among those between two equals signs.</summary>
    public required (int From, int To) Range { get; init; }
    /// <summary>Whether it computes anything; a side that is a number alone does not.</summary>
    public required bool Computes { get; init; }
    /// <summary>Decimals that a number alone shows; -1 for anything else.</summary>
    public int Decimals { get; init; } = -1;
    /// <summary>Other values that the same text may be meant to have: prose and arithmetic share the dash.</summary>
    public IReadOnlyList<Rational> Others { get; init; } = [];
    /// <summary>Whether it may mean something else: then it is only counted when it holds.</summary>
    public bool IsDoubtful { get; init; }
    public bool HasPercent { get; init; }
    /// <summary>Whether percentages are added to something: 80 - 20% is 64 to some and 79.8 to others.</summary>
    public bool AddsPercent { get; init; }
    public bool HasUnit { get; init; }
}
