namespace Rung.Core.Checks.Arithmetic;

/// <summary>Finds the sides of an equation in the pieces between two equals signs, and what speaks against taking them at their word.</summary>
internal static class SideReader
{
    /// <summary>Most pieces next to an equals sign that are looked at.</summary>
    private const int Reach = 96;

    // A word before an expression that makes it a part of something larger.
    private static readonly string[] Leading = ["twice", "thrice", "double", "triple", "half", "by", "over", "than", "every", "per", "another", "third", "quarter", "sin", "cos", "tan", "log", "ln", "exp", "sqrt", "abs", "root"];
    private static readonly string[] Scales = ["thousand", "million", "billion", "trillion", "hundred", "dozen", "k", "m", "bn"];

    // Units of one kind: 1 hour + 30 minutes is not 31.
    private static readonly string[] Measures = ["second", "minute", "hour", "day", "week", "month", "year", "inch", "inche", "foot", "feet", "yard", "mile", "mm", "cm", "meter", "km", "gram", "kg", "ounce", "pound", "cent", "dollar", "quarter", "dime", "ft", "in", "yd", "lb", "oz", "sec", "min", "hr"];

    /// <summary>The expression that ends at an equals sign: the longest that can be understood.</summary>
    public static MathSide? Left(ReadOnlySpan<MathToken> tokens)
    {
        if (tokens.Length > Reach) tokens = tokens[^Reach..];
        for (var start = 0; start < tokens.Length; start++)
        {
            if (!Begins(tokens, start) || MathParser.Read(tokens, start, out var end) is not { } value || end != tokens.Length) continue;
            if (IsCutOff(tokens, start, out var isDoubtful)) return null;
            var side = Side(tokens, start, end, value);
            var isLabelled = !side.Computes && start > 0 && tokens[start - 1].Kind == MathKind.Word; // "Day 5 = …" is no claim about 5.
            return side with { Others = AfterDashes(tokens, start), IsDoubtful = side.IsDoubtful || isDoubtful || isLabelled };
        }
        return null;
    }

    /// <summary>The expression that begins behind an equals sign.</summary>
    public static MathSide? Right(ReadOnlySpan<MathToken> tokens)
    {
        if (tokens.Length > Reach) tokens = tokens[..Reach];
        var start = 0;
        while (start < tokens.Length && tokens[start] is { Kind: MathKind.Word, Text: "about" or "approximately" or "roughly" or "around" or "nearly" or "almost" or "approx" }) start++;
        if (MathParser.Read(tokens, start, out var end) is not { } value || GoesOn(tokens, end, out var isDoubtful)) return null;
        var side = Side(tokens, start, end, value);
        return side with { Others = BeforeOperators(tokens, start, end), IsDoubtful = side.IsDoubtful || isDoubtful };
    }

    /// <summary>Whether the words in front of a right side make it an approximation.</summary>
    public static bool IsApproximate(ReadOnlySpan<MathToken> tokens) => !tokens.IsEmpty && tokens[0].Kind == MathKind.Word;

    private static bool Begins(ReadOnlySpan<MathToken> tokens, int start)
    {
        var kind = tokens[start].Kind;
        if (kind is MathKind.Number or MathKind.Open or MathKind.Fraction) return true;
        // A minus sign, not a dash: it touches what follows and stands behind no value.
        return kind == MathKind.Minus && start + 1 < tokens.Length && tokens[start + 1].IsAttached
            && (start == 0 || tokens[start - 1].Kind is not (MathKind.Number or MathKind.Close or MathKind.Percent)) && !(start > 0 && tokens[start].IsAttached);
    }

    /// <summary>Whether what stands before an expression makes it a piece of a larger one.</summary>
    private static bool IsCutOff(ReadOnlySpan<MathToken> tokens, int start, out bool isDoubtful)
    {
        isDoubtful = false;
        if (start == 0) return false;
        var before = tokens[start - 1];
        if (before.IsOperator) return IsOperatorCutOff(tokens, start - 1, out isDoubtful);
        switch (before.Kind)
        {
            case MathKind.Opaque or MathKind.Fraction or MathKind.Equal: return true;
            case MathKind.Number or MathKind.Close or MathKind.Percent: isDoubtful = true; return false;
            case MathKind.Open: return start >= 2 && (tokens[start - 2].IsOperator || (tokens[start - 1].IsAttached && tokens[start - 2].Kind is MathKind.Word or MathKind.Number or MathKind.Opaque));
            case MathKind.Word: return IsWordCutOff(tokens, start, out isDoubtful);
            default: return false;
        }
    }

    private static bool IsOperatorCutOff(ReadOnlySpan<MathToken> tokens, int at, out bool isDoubtful)
    {
        // A star or a dash at the very beginning is layout; a dash behind words may be one.
        isDoubtful = tokens[at].Kind == MathKind.Minus && at > 0;
        return at > 0 && tokens[at].Kind != MathKind.Minus;
    }

    private static bool IsWordCutOff(ReadOnlySpan<MathToken> tokens, int start, out bool isDoubtful)
    {
        isDoubtful = Leading.Contains(tokens[start - 1].Text);
        if (tokens[start].Kind == MathKind.Open && tokens[start].IsAttached) return true; // f(3)
        var first = start - 1;
        while (first > 0 && start - first <= 8 && tokens[first].Kind == MathKind.Word) first--;
        if (tokens[start - 1].Text == "of" && start >= 2) isDoubtful |= tokens[start - 2].Kind is MathKind.Percent or MathKind.Number || Leading.Contains(tokens[start - 2].Text) || tokens[start - 2].Text.EndsWith("ths", StringComparison.Ordinal) || tokens[start - 2].Text.EndsWith("rds", StringComparison.Ordinal);
        if (tokens[first].Kind == MathKind.Minus) isDoubtful = true;
        return tokens[first].Kind is MathKind.Plus or MathKind.Times or MathKind.Divide or MathKind.Power or MathKind.Opaque;
    }

    /// <summary>Whether what stands behind an expression belongs to it and is not understood.</summary>
    private static bool GoesOn(ReadOnlySpan<MathToken> tokens, int end, out bool isDoubtful)
    {
        isDoubtful = false;
        if (end >= tokens.Length) return false;
        var next = tokens[end];
        if (next.Kind == MathKind.Opaque) return true;
        if (next.Kind == MathKind.Open) return next.IsAttached && tokens[end - 1].Kind != MathKind.Word;
        if (next.Kind == MathKind.Minus) isDoubtful = end + 1 < tokens.Length;
        return next.Kind is MathKind.Plus or MathKind.Times or MathKind.Divide or MathKind.Power && end + 1 < tokens.Length;
    }

    private static MathSide Side(ReadOnlySpan<MathToken> tokens, int from, int to, Rational value)
    {
        var (computes, isDoubtful, percent, adds, unit) = (false, false, false, false, false);
        MathToken? only = null;
        string? measure = null;
        var mixes = false;
        var (numbers, measured) = (0, 0);
        for (var i = from; i < to; i++)
        {
            var token = tokens[i];
            var isSign = token.IsOperator && (i > from || token.Kind is not (MathKind.Minus or MathKind.Plus)) && !IsOfUnit(tokens, i);
            computes |= isSign || token.Kind == MathKind.Fraction || (token.Kind == MathKind.Open && i > from && token.IsAttached && tokens[i - 1].Kind is MathKind.Number or MathKind.Close);
            adds |= isSign && token.Kind is MathKind.Plus or MathKind.Minus;
            percent |= token.Kind == MathKind.Percent;
            if (token.Kind == MathKind.Number)
            {
                only = token;
                numbers++;
            }
            if (token.Kind != MathKind.Word) continue;
            computes |= token.Text == "of" && i > from && i + 1 < to && tokens[i - 1].Kind is MathKind.Percent or MathKind.Number && tokens[i + 1].Kind is MathKind.Number or MathKind.Open;
            unit = true;
            var singular = token.Text.Length > 2 ? token.Text.TrimEnd('s') : token.Text;
            isDoubtful |= Scales.Contains(singular) || (token.Text.Length == 1 && (token.IsAttached || token.Text is not "a")); // 2x + 3 may be algebra.
            isDoubtful |= IsRemainder(token.Text);
            if (!Measures.Contains(singular)) continue;
            measured++;
            mixes |= measure is not null && measure != singular;
            measure = singular;
        }
        mixes |= measure == "cent" && measured < numbers; // $2 - 50 cents is not 48 below zero.
        isDoubtful |= (mixes && adds) || DividesByFraction(tokens[from..to]);
        if (numbers == 2 && IsRange(tokens[from..to])) isDoubtful = true;
        return new MathSide
        {
            Value = value, Range = (from, to), Computes = computes, IsDoubtful = isDoubtful, HasPercent = percent, AddsPercent = percent && adds, HasUnit = unit,
            Decimals = !computes && numbers == 1 && only is { } number ? number.Decimals : -1,
        };
    }

    /// <summary><c>7 / 2 = 3 remainder 1</c>, <c>3 r1</c>: whole numbers, divided as in school.</summary>
    private static bool IsRemainder(string word) => word is "remainder" or "rem" || (word.Length > 1 && word[0] == 'r' && NumberText.Digits(word.AsSpan(1)) == word.Length - 1);

    /// <summary>Whether a line says that its numbers are others than they look: <c>3 + 5 = 1 (mod 7)</c>, <c>11 + 1 = 100 in binary</c>.</summary>
    public static bool IsOtherArithmetic(ReadOnlySpan<MathToken> line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i].Kind != MathKind.Word) continue;
            if (line[i].Text is "mod" or "modulo" or "modulus" or "binary" or "octal" or "hex" or "hexadecimal") return true;
            if (line[i].Text == "base" && i + 1 < line.Length && line[i + 1].Kind == MathKind.Number) return true;
        }
        return false;
    }

    /// <summary><c>4 / 1/6</c>: the blanks may mean what the rules of precedence do not.</summary>
    private static bool DividesByFraction(ReadOnlySpan<MathToken> tokens)
    {
        for (var i = 1; i + 3 < tokens.Length; i++)
        {
            if (tokens[i].Kind == MathKind.Divide && !tokens[i + 1].IsAttached && tokens[i + 2] is { Kind: MathKind.Divide, IsAttached: true } && tokens[i + 3] is { Kind: MathKind.Number, IsAttached: true }) return true;
        }
        return false;
    }

    private static bool IsOfUnit(ReadOnlySpan<MathToken> tokens, int at) =>
        (tokens[at].Kind == MathKind.Divide && at + 1 < tokens.Length && tokens[at + 1].Kind == MathKind.Word)
        || (tokens[at].Kind == MathKind.Power && at > 0 && tokens[at - 1].Kind == MathKind.Word);

    /// <summary><c>3-5</c> without blanks and rising: pages three to five, until it is right as a difference.</summary>
    private static bool IsRange(ReadOnlySpan<MathToken> tokens) =>
        tokens.Length >= 3 && tokens[0].Kind == MathKind.Number && tokens[1] is { Kind: MathKind.Minus, IsAttached: true } && tokens[2] is { Kind: MathKind.Number, IsAttached: true }
        && tokens[0].Value.IsBelow(tokens[2].Value);

    /// <summary>What the left side is when a dash in it only parts two clauses.</summary>
    private static List<Rational> AfterDashes(ReadOnlySpan<MathToken> tokens, int start)
    {
        var others = new List<Rational>();
        for (var i = start + 1; i + 1 < tokens.Length; i++)
        {
            if (tokens[i] is { Kind: MathKind.Minus, IsAttached: false } && !tokens[i + 1].IsAttached && MathParser.Read(tokens, i + 1, out var end) is { } value && end == tokens.Length) others.Add(value);
        }
        return others;
    }

    /// <summary>What the right side is when the text computes on: <c>3 * 60 = 180 + 20 = 200</c> is careless, and right.</summary>
    private static List<Rational> BeforeOperators(ReadOnlySpan<MathToken> tokens, int start, int end)
    {
        var others = new List<Rational>();
        var depth = 0;
        for (var i = start; i < end; i++)
        {
            depth += tokens[i].Kind switch { MathKind.Open => 1, MathKind.Close => -1, _ => 0 };
            if (depth == 0 && i > start && tokens[i].IsOperator && MathParser.Read(tokens[..i], start, out var stop) is { } value && stop == i) others.Add(value);
        }
        return others;
    }
}
