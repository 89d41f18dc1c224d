namespace Rung.Core.Checks.Arithmetic;

/// <summary>
/// Reads the longest expression that begins at a piece, with the usual precedence. Units (<c>3 apples</c>, <c>$2/hour</c>) are passed over. Never
/// fails halfway: it stops where it no longer understands, and its caller looks at what stands there.
/// </summary>
internal ref struct MathParser
{
    private const int DeepestParentheses = 16;
    private const int MostUnitWords = 4;

    private readonly ReadOnlySpan<MathToken> tokens;
    private int at;
    private int depth;

    private MathParser(ReadOnlySpan<MathToken> tokens, int at)
    {
        this.tokens = tokens;
        this.at = at;
    }

    /// <summary>Reads from a piece on.</summary>
    /// <param name="tokens">The pieces between two equals signs.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="end">The piece behind the expression.</param>
    /// <returns>Null when no expression begins there.</returns>
    public static Rational? Read(ReadOnlySpan<MathToken> tokens, int start, out int end)
    {
        var parser = new MathParser(tokens, start);
        var value = parser.Sum();
        end = parser.at;
        return value;
    }

    private readonly MathKind? Kind => at < tokens.Length ? tokens[at].Kind : null;

    private Rational? Sum()
    {
        var value = Product();
        while (value is { } left && Kind is MathKind.Plus or MathKind.Minus)
        {
            var sign = at++;
            if (Product() is not { } right || Rational.Add(left, tokens[sign].Kind == MathKind.Minus ? right.Negated : right) is not { } sum)
            {
                at = sign;
                break;
            }
            value = sum;
        }
        return value;
    }

    private Rational? Product()
    {
        var value = Signed();
        while (value is { } left)
        {
            var before = at;
            if (!TakeFactorSign(out var divides)) break;
            if (Signed() is not { } right || (divides ? Rational.Divide(left, right) : Rational.Multiply(left, right)) is not { } product)
            {
                at = before;
                break;
            }
            value = product;
        }
        return value;
    }

    /// <summary>A sign between two factors: written, "of" after a share, or none before an attached parenthesis.</summary>
    private bool TakeFactorSign(out bool divides)
    {
        divides = Kind == MathKind.Divide;
        if (Kind is MathKind.Times or MathKind.Divide)
        {
            at++;
            return true;
        }
        if (Kind == MathKind.Word && tokens[at].Text == "of" && at > 0 && IsShare(at))
        {
            at++;
            return true;
        }
        return Kind == MathKind.Open && at > 0 && tokens[at].IsAttached && tokens[at - 1].Kind is MathKind.Number or MathKind.Close;
    }

    private readonly bool IsShare(int of) =>
        tokens[of - 1].Kind == MathKind.Percent || (of >= 3 && tokens[of - 1].Kind == MathKind.Number && tokens[of - 2].Kind == MathKind.Divide) || tokens[of - 1].Kind == MathKind.Close;

    private Rational? Signed()
    {
        if (Kind is not (MathKind.Minus or MathKind.Plus)) return Raised();
        var sign = tokens[at++].Kind;
        var value = Kind is MathKind.Minus or MathKind.Plus ? null : Raised();
        return sign == MathKind.Minus ? value?.Negated : value;
    }

    private Rational? Raised()
    {
        if (Single() is not { } value) return null;
        if (Kind != MathKind.Power) return value;
        var sign = at++;
        if (Signed() is { } exponent && Rational.Power(value, exponent) is { } raised) return raised;
        at = sign;
        return value;
    }

    private Rational? Single()
    {
        switch (Kind)
        {
            case MathKind.Number:
                var value = tokens[at++].Value;
                return AfterValue(value);
            case MathKind.Open:
                return Group() is { } inner ? AfterValue(inner) : null;
            case MathKind.Fraction:
                at++;
                return Group() is { } over && Group() is { } under ? Rational.Divide(over, under) : null;
            default:
                return null;
        }
    }

    private Rational? AfterValue(Rational value)
    {
        if (Kind == MathKind.Percent)
        {
            at++;
            return Rational.Multiply(value, Rational.Percent);
        }
        SkipUnit();
        return value;
    }

    private Rational? Group()
    {
        if (Kind != MathKind.Open || depth >= DeepestParentheses) return null;
        depth++;
        at++;
        var value = Sum();
        depth--;
        if (value is null || Kind != MathKind.Close) return null;
        at++;
        return value;
    }

    /// <summary>Words of a unit, also as <c>/hour</c>, <c>m^2</c> and <c>(apples)</c>. What follows them decides whether they were one.</summary>
    private void SkipUnit()
    {
        for (var words = 0; words < MostUnitWords; words++)
        {
            var next = at + 1 < tokens.Length ? tokens[at + 1].Kind : (MathKind?)null;
            if (Kind == MathKind.Word && !(tokens[at].Text == "of" && IsShare(at))) at++;
            else if (Kind == MathKind.Divide && next == MathKind.Word && tokens[at + 1].IsAttached) at += 2; // "240 / total" divides by something unknown.
            else if (Kind == MathKind.Power && tokens[at].IsAttached && tokens[at - 1].Kind == MathKind.Word && next == MathKind.Number) at += 2;
            else if (Kind == MathKind.Open && next == MathKind.Word && ClosingAfterWords() is { } close) at = close + 1;
            else return;
        }
    }

    private readonly int? ClosingAfterWords()
    {
        var end = at + 1;
        while (end < tokens.Length && end - at <= 6 && tokens[end].Kind == MathKind.Word) end++;
        return end < tokens.Length && tokens[end].Kind == MathKind.Close ? end : null;
    }
}
