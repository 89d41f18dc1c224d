using System.Runtime.InteropServices;

namespace Rung.Core.Checks.Arithmetic;

/// <summary>Judges the equations of one line after another, and counts. One text, one thread.</summary>
internal sealed class EquationJudge(Rational tolerance)
{
    private const int MostEquations = 10_000;

    // A whole number of three digits or more may be rounded: 100 / 3 * 10 = 333.
    private static readonly Rational RoundedWhole = Rational.Of(100);
    private static readonly Rational Half = new(1, 2);
    private static readonly Rational Hundred = Rational.Of(100);

    // 2 hours * 3 = 360 minutes: between sides with units, these factors are a change of unit.
    private static readonly Rational[] Conversions = [.. new long[] { 3, 7, 10, 12, 16, 24, 30, 52, 60, 100, 365, 1000, 1440, 3600, 5280, 1_000_000 }.Select(Rational.Of)];

    /// <summary>The counts so far.</summary>
    public ArithmeticCounts Counts { get; private set; }

    /// <summary>Judges the equations of one line.</summary>
    public void Judge(ReadOnlySpan<char> line)
    {
        if (line.IndexOfAny('=', '≈') < 0 && line.IndexOf("\\approx") < 0) return;
        var list = new MathLexer(line).Read();
        var tokens = CollectionsMarshal.AsSpan(list);
        var isOther = SideReader.IsOtherArithmetic(tokens);
        var start = 0;
        var sign = Next(tokens, 0);
        while (sign < tokens.Length && Counts.Found < MostEquations)
        {
            var next = Next(tokens, sign + 1);
            Judge(line, tokens[start..sign], tokens[sign], tokens[(sign + 1)..next], isOther);
            (start, sign) = (sign + 1, next);
        }
    }

    private static int Next(ReadOnlySpan<MathToken> tokens, int from)
    {
        while (from < tokens.Length && tokens[from].Kind is not (MathKind.Equal or MathKind.Approximately)) from++;
        return from;
    }

    private void Judge(ReadOnlySpan<char> line, ReadOnlySpan<MathToken> before, MathToken sign, ReadOnlySpan<MathToken> behind, bool isOther)
    {
        if (SideReader.Left(before) is not { } left || SideReader.Right(behind) is not { } right) return;
        if (!left.Computes && !right.Computes) return;

        var isApproximate = sign.Kind == MathKind.Approximately || SideReader.IsApproximate(behind);
        if (Holds(left, right, isApproximate))
        {
            Counts = Counts with { Found = Counts.Found + 1 };
            return;
        }
        if (isOther || left.IsDoubtful || right.IsDoubtful || left.AddsPercent || right.AddsPercent || IsConversion(left, right)) return;

        Counts = Counts with { Found = Counts.Found + 1, Wrong = Counts.Wrong + 1 };
        if (Counts.FirstWrong is not null) return;
        var reach = before.Length > left.Range.To - left.Range.From ? before[^(left.Range.To - left.Range.From)].Start : before[0].Start;
        Counts = Counts with { FirstWrong = line[reach..behind[right.Range.To - 1].End].Trim().ToString(), LeftValue = left.Value.Shown };
    }

    private bool Holds(MathSide left, MathSide right, bool isApproximate)
    {
        var hasPercent = left.HasPercent || right.HasPercent;
        if (AreEqual(left.Value, right.Value, left, right, isApproximate, hasPercent)) return true;
        foreach (var other in left.Others)
        {
            if (AreEqual(other, right.Value, left, right, isApproximate, hasPercent)) return true;
        }
        foreach (var other in left.Computes ? right.Others : [])
        {
            if (AreEqual(left.Value, other, left, right, isApproximate, hasPercent)) return true;
        }
        return false;
    }

    private bool AreEqual(Rational left, Rational right, MathSide leftSide, MathSide rightSide, bool isApproximate, bool hasPercent)
    {
        if (IsClose(left, right, rightSide.Decimals, isApproximate) || (leftSide.Decimals >= 0 && IsClose(right, left, leftSide.Decimals, isApproximate))) return true;
        if (!hasPercent) return false;
        // 12 / 50 * 100 = 24% and 100 - 30 = 70%: the sign names the unit of a number that is a percentage already.
        return (Rational.Multiply(right, Hundred) is { } more && IsClose(left, more, rightSide.Decimals, isApproximate))
            || (Rational.Multiply(left, Hundred) is { } most && IsClose(most, right, rightSide.Decimals, isApproximate));
    }

    /// <summary>Whether a value is another one, within the tolerance or rounded to the decimals that the other shows.</summary>
    private bool IsClose(Rational exact, Rational shown, int decimals, bool isApproximate)
    {
        if (exact.IsWithin(tolerance, shown)) return true;
        if (isApproximate && Rational.Divide(exact.Magnitude, Hundred) is { } hundredth && exact.IsWithin(hundredth, shown)) return true;
        if (decimals < 0) return false;
        if (decimals == 0) return (isApproximate || !shown.Magnitude.IsBelow(RoundedWhole)) && exact.IsWithin(Half, shown);
        return Rational.Power(Rational.Of(10), Rational.Of(-Math.Min(decimals, 30))) is { } unit && Rational.Multiply(unit, Half) is { } half && exact.IsWithin(half, shown);
    }

    private bool IsConversion(MathSide left, MathSide right)
    {
        if (!left.HasUnit && !right.HasUnit) return false;
        foreach (var factor in Conversions)
        {
            if (Rational.Multiply(left.Value, factor) is { } more && more.IsWithin(tolerance, right.Value)) return true;
            if (Rational.Multiply(right.Value, factor) is { } most && most.IsWithin(tolerance, left.Value)) return true;
        }
        return false;
    }
}
