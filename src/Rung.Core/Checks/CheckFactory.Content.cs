namespace Rung.Core.Checks;

public static partial class CheckFactory
{
    /// <summary>Every equation in the answer holds when it is computed again (<see cref="ArithmeticScan"/>).</summary>
    /// <param name="tolerance">Greatest absolute difference that counts as equal, 0 or more.</param>
    /// <param name="required">Whether there must be at least one equation.</param>
    /// <param name="fault">What is wrong when the result is null.</param>
    public static Check? Arithmetic(decimal tolerance, bool required, out string? fault)
    {
        fault = tolerance < 0 ? "A tolerance is never negative." : null;
        return fault is null ? new ArithmeticCheck(tolerance, required) : null;
    }

    /// <summary>What the answer quotes or names by an id occurs in what was given (<see cref="CallContext.Given"/>), white space, case and the form of quotes aside.</summary>
    /// <param name="quotes">Whether quotations of at least three words or twelve characters are looked up.</param>
    /// <param name="ids">Regular expression of an id, without look-around and back references; its first group, else the whole match, is looked up. Null: no ids.</param>
    /// <param name="atLeast">Least citations in all, 0 or more.</param>
    /// <param name="fault">What is wrong when the result is null.</param>
    public static Check? Cites(bool quotes, string? ids, int atLeast, out string? fault)
    {
        fault = !quotes && ids is null ? "Cites looks at nothing: set quotes: true, or give the pattern of ids."
            : atLeast < 0 ? "The number of citations is never negative."
            : null;
        if (fault is not null) return null;
        if (ids is null) return new CitesCheck(quotes, null, atLeast);
        return BoundedRegex.CompileLinear(ids, out fault) is { } pattern ? new CitesCheck(quotes, pattern, atLeast) : null;
    }
}
