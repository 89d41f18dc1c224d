namespace Rung.Core.Learning.Features;

/// <summary>A calculation found in an answer, recomputed.</summary>
/// <param name="Left">Value of what stands left of the equals sign, as computed here.</param>
/// <param name="Right">The result as the answer states it; NaN when the answer broke off.</param>
/// <param name="IsAnnotation">Whether it stood in a calculator annotation, <c>&lt;&lt;3*60=180&gt;&gt;</c>.</param>
/// <param name="IsRight">Whether the stated result is the computed one, rounded or not.</param>
/// <param name="IsRounded">Whether it is right only by rounding.</param>
/// <param name="Operands">The numbers of the left side.</param>
/// <param name="Operators">The operators of the left side: <c>+ - * /</c>.</param>
/// <param name="HasPercent">Whether a percentage is among the operands.</param>
internal sealed record Equation(
    double Left, double Right, bool IsAnnotation, bool IsRight, bool IsRounded, double[] Operands, string Operators, bool HasPercent)
{
    /// <summary>The result to go on with: the stated one, else the computed one.</summary>
    public double Result => double.IsNaN(Right) ? Left : Right;

    /// <summary>Whether another one has the same operands and operators.</summary>
    public bool IsSameCalculation(Equation other) => Left.Equals(other.Left) && Operators == other.Operators && Operands.AsSpan().SequenceEqual(other.Operands);
}
