using System.Text;

namespace Rung.Core.Checks.Schema;

/// <summary>Character classes: <c>[a-z\d]</c>, <c>[^"]</c>.</summary>
internal sealed partial class EcmaPattern
{
    /// <summary>A class; its opening bracket has been read.</summary>
    private string Class()
    {
        var negated = at < source.Length && source[at] == '^';
        if (negated) at++;
        if (at < source.Length && source[at] == ']') return Refuse("has an empty class, which .NET cannot express");

        var body = new StringBuilder();
        var pairs = new List<string>(); // Characters beyond U+FFFF, which are two units in .NET and so fit into no class.
        var hasAllPairs = false;
        while (at < source.Length && source[at] != ']') ClassItem(body, pairs, ref hasAllPairs);
        if (at >= source.Length) return Refuse("has a class without an end");
        at++;

        if (!negated)
        {
            if (hasAllPairs) return $"(?:{Pair}|[{body}])";
            if (pairs.Count == 0) return $"[{body}]";
            return $"(?:{string.Join('|', pairs)}{(body.Length == 0 ? "" : $"|[{body}]")})";
        }
        if (hasAllPairs) return $"[^{body}{Halves}]";
        var exclusion = pairs.Count == 0 ? "" : $"(?!{string.Join('|', pairs)})";
        return $"(?:{exclusion}{Pair}|[^{body}{Halves}])";
    }

    private void ClassItem(StringBuilder body, List<string> pairs, ref bool hasAllPairs)
    {
        if (TryClassSet(body, ref hasAllPairs))
        {
            if (at < source.Length && source[at] == '-') at = AppendHyphen(body); // Behind a set a hyphen is itself.
            return;
        }
        var first = ClassCharacter();
        var isRange = at + 1 < source.Length && source[at] == '-' && source[at + 1] != ']' && !IsSetAt(at + 1);
        if (isRange) at++;
        var last = isRange ? ClassCharacter() : first;
        if (fault is not null) return;

        if (isRange && !last.IsBmp) Refuse("has a range beyond U+FFFF, which .NET cannot express");
        else if (last.Value < first.Value) Refuse("has a range in reverse order");
        else if (!first.IsBmp) pairs.Add(first.ToString());
        else body.Append(Unit(first.Value)).Append(isRange ? "-" + Unit(last.Value) : "");
    }

    private bool IsSetAt(int place) => place + 1 < source.Length && source[place] == '\\' && "dDwWsSpP".Contains(source[place + 1]);

    private bool TryClassSet(StringBuilder body, ref bool hasAllPairs)
    {
        if (!IsSetAt(at)) return false;
        var letter = source[at + 1];
        at += 2;
        hasAllPairs |= char.IsAsciiLetterUpper(letter);
        body.Append(letter switch
        {
            'd' => "0-9",
            'w' => Word,
            's' => Space,
            'D' => NotDigit,
            'W' => NotWord,
            'S' => NotSpace,
            _ => Property(letter),
        });
        return true;
    }

    private int AppendHyphen(StringBuilder body)
    {
        body.Append(@"\-");
        return at + 1;
    }

    private Rune ClassCharacter()
    {
        Rune.DecodeFromUtf16(source.AsSpan(at), out var character, out var used);
        at += used;
        if (character.Value != '\\') return character;
        if (at >= source.Length)
        {
            Refuse("ends with a backslash");
            return Rune.ReplacementChar;
        }
        var letter = source[at++];
        return letter == 'b' ? new Rune('\b') : CharacterEscape(letter);
    }
}
